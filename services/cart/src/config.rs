//! What only the cart service needs to be told.

use secrecy::SecretString;
use serde::Deserialize;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Redis with append-only persistence, for the lines of the carts. While it is away, requests are answered 503.
    pub redis_url: SecretString,
    /// Put before every key, so that several malls can share a Redis.
    #[serde(default)]
    pub redis_prefix: String,
    /// Days after which Redis forgets a cart that nobody changed.
    #[serde(default = "ninety")]
    pub keep_days: i64,
    /// How often a buyer may check out in a quarter of an hour, which is how long unpaid stock is held. One more is refused
    /// (429), so that nobody holds the shelf without paying.
    #[serde(default = "thirty")]
    pub checkouts_per_window: u32,
    /// The most that can be paid by UPI at once, in paise: a lakh of rupees, the limit of most merchants. A larger cart is
    /// refused at the till (409).
    #[serde(default = "one_lakh")]
    pub upi_max_paise: i64,
    /// The most that can be paid in cash at the door, in paise. Not more than `PAYMENT__COD_MAX_PAISE`, which refuses the
    /// order after the cart is gone.
    #[serde(default = "fifty_thousand")]
    pub cod_max_paise: i64,
    /// How many unpaid orders a buyer may have at once; stock is held for each. One more is refused (409).
    #[serde(default = "three")]
    pub unpaid_orders: u32,
    /// How many orders of a buyer may be on their way that are paid for in cash at the door. One more is refused (409).
    #[serde(default = "three")]
    pub cash_orders: u32,
    /// After how many parcels that a buyer did not take and pay for at the door cash is not offered any more, for ninety days.
    #[serde(default = "two")]
    pub cash_turned_away: u32,
}

fn three() -> u32 {
    3
}

fn two() -> u32 {
    2
}

fn ninety() -> i64 {
    90
}

fn thirty() -> u32 {
    30
}

fn one_lakh() -> i64 {
    10_000_000
}

fn fifty_thousand() -> i64 {
    5_000_000
}
