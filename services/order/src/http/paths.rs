//! What paths name.

use kernel::{OrderId, ParcelId, ReductionId, ReturnId, SellerOrderId, VendorId};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OrderPath {
    pub vendor_id: VendorId,
    pub seller_order_id: SellerOrderId,
}

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(clippy::struct_field_names, reason = "the path calls them so")]
pub struct ParcelPath {
    pub vendor_id: VendorId,
    pub seller_order_id: SellerOrderId,
    pub parcel_id: ParcelId,
}

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ReturnPath {
    pub vendor_id: VendorId,
    pub return_id: ReturnId,
}

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MyReturnPath {
    /// The order.
    pub id: OrderId,
    pub return_id: ReturnId,
}

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MyPartPath {
    /// The order.
    pub id: OrderId,
    pub seller_order_id: SellerOrderId,
}

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PartPath {
    pub seller_order_id: SellerOrderId,
}

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ReductionPath {
    /// The reduction.
    pub id: ReductionId,
}

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MyOrderPath {
    /// The order.
    pub id: OrderId,
}
