//! Where an order goes.

use contracts::user::ContactAddress;
use kernel::{Phone, Pincode, StateCode};
use serde::Serialize;
use utoipa::ToSchema;

/// Where it goes; a seller uses it to send the parcel and for nothing else: `line1` is house and street, `line2` area or landmark.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    pub recipient: String,
    /// For the courier to call.
    pub phone: Phone,
    pub line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    pub city: String,
    pub state: StateCode,
    pub pincode: Pincode,
}

impl DeliveryView {
    pub fn of(address: ContactAddress) -> Self {
        Self {
            recipient: address.recipient,
            phone: address.phone,
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            state: address.state,
            pincode: address.pincode,
        }
    }
}
