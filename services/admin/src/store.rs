//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod after_sales;
pub mod audit;
pub mod orders;
pub mod queues;
pub mod strikes;
pub mod trail;
pub mod watch;

/// The word by which a contract writes `value`.
pub fn word<T: serde::Serialize>(value: &T) -> sqlx::Result<String> {
    let word = serde_json::to_value(value).and_then(serde_json::from_value);
    word.map_err(|error| sqlx::Error::Encode(Box::new(error)))
}
