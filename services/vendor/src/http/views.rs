//! Shapes that more than one route reads or shows.

use kernel::{Line, Pincode, StateCode, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::address::Address;
use crate::domain::standing::Status;
use crate::domain::vendor::Vendor;

/// A place of business.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressRequest {
    /// House and street.
    line1: Line<200>,
    /// Area or landmark.
    line2: Option<Line<200>>,
    /// Town.
    city: Line<100>,
    /// GST state code; that of the GSTIN where there is one.
    state: StateCode,
    /// Must lie in the state.
    pincode: Pincode,
}

impl From<AddressRequest> for Address {
    fn from(body: AddressRequest) -> Self {
        Self {
            line1: body.line1,
            line2: body.line2,
            city: body.city,
            state: body.state.current(),
            pincode: body.pincode,
        }
    }
}

/// A place of business.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressView {
    line1: String,
    line2: Option<String>,
    city: String,
    state: StateCode,
    /// The state's name.
    state_name: &'static str,
    pincode: Pincode,
}

impl From<Address> for AddressView {
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
    #[schema(value_type = Status)]
    status: &'static str,
}

impl From<&Vendor> for StandingView {
    fn from(vendor: &Vendor) -> Self {
        Self { vendor_id: vendor.id, status: vendor.standing.status.word() }
    }
}
