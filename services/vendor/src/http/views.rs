//! Shapes that more than one route reads or shows.

use kernel::{Line, OptionalLine, Pincode, StateCode, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::address::Address;
use crate::domain::standing::SellerStatus;
use crate::domain::vendor::Vendor;

/// A place of business.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BusinessAddressRequest {
    /// House number and street.
    line1: Line<200>,
    /// Area or landmark, if that helps.
    #[serde(default)]
    line2: OptionalLine<200>,
    city: Line<100>,
    /// That of the GSTIN where there is one.
    state: StateCode,
    /// A postal code of that state.
    pincode: Pincode,
}

impl From<BusinessAddressRequest> for Address {
    fn from(body: BusinessAddressRequest) -> Self {
        Self {
            line1: body.line1,
            line2: body.line2.0,
            city: body.city,
            state: body.state.current(),
            pincode: body.pincode,
        }
    }
}

/// A place of business.
#[derive(Debug, Serialize, ToSchema)]
pub struct BusinessAddressView {
    line1: String,
    line2: Option<String>,
    city: String,
    state: StateCode,
    state_name: &'static str,
    pincode: Pincode,
}

impl From<Address> for BusinessAddressView {
    fn from(address: Address) -> Self {
        Self {
            line1: address.line1.as_str().to_owned(),
            line2: address.line2.map(Line::into_string),
            city: address.city.as_str().to_owned(),
            state: address.state,
            state_name: address.state.name(),
            pincode: address.pincode,
        }
    }
}

/// Where a seller stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingView {
    vendor_id: VendorId,
    #[schema(value_type = SellerStatus)]
    status: &'static str,
}

impl From<&Vendor> for StandingView {
    fn from(vendor: &Vendor) -> Self {
        Self { vendor_id: vendor.id, status: vendor.standing.status.into_str() }
    }
}
