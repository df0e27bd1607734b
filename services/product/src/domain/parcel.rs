//! A parcel, by its name.

use kernel::{ParcelId, SellerOrderId};

/// Which parcel of which seller order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParcelRef {
    pub id: ParcelId,
    pub seller_order_id: SellerOrderId,
}

impl ParcelRef {
    /// Before a seller order could have several parcels its only one had no id of its own, and bears its.
    pub fn of(seller_order_id: SellerOrderId, id: Option<ParcelId>) -> Self {
        let id = id.unwrap_or_else(|| ParcelId::from_uuid(seller_order_id.as_uuid()));
        Self { id, seller_order_id }
    }
}
