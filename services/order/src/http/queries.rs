//! What clients may ask for in the query string.

use std::time::Duration;

use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::seller_order::SellerOrderState;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CheckoutQuery {
    /// Hold the answer until the checkout appears or changes, for so many seconds at most. Changes are reckoned from
    /// the version in `If-None-Match`; without one, from the moment of asking.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 30)]
    pub wait: Option<Wait>,
}

/// From 1 to 30 seconds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "u64")]
pub struct Wait(u64);

impl Wait {
    pub const fn duration(self) -> Duration {
        Duration::from_secs(self.0)
    }
}

impl TryFrom<u64> for Wait {
    type Error = &'static str;

    fn try_from(seconds: u64) -> Result<Self, Self::Error> {
        if (1..=30).contains(&seconds) { Ok(Self(seconds)) } else { Err("must be from 1 to 30") }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VendorOrdersQuery {
    /// Only those of this status. `pending` and `cancelled` find nothing: sellers see what is confirmed.
    pub status: Option<SellerOrderState>,
}
