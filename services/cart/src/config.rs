//! What only the cart service needs to be told.

use secrecy::SecretString;
use serde::Deserialize;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Redis with append-only persistence: it holds the lines of the carts.
    pub redis_url: SecretString,
    /// Put before every key, so that several malls can share a Redis.
    #[serde(default)]
    pub redis_prefix: String,
    /// Days after which an untouched cart is forgotten.
    #[serde(default = "ninety")]
    pub keep_days: i64,
    /// How often a buyer may check out in a quarter of an hour, which is how long unpaid stock is held.
    #[serde(default = "thirty")]
    pub checkouts_per_window: u32,
}

fn ninety() -> i64 {
    90
}

fn thirty() -> u32 {
    30
}
