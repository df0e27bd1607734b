//! The SQL.

pub mod audit;
pub mod orders;
pub mod queues;
pub mod watch;

/// The text of an enum that is written in snake case on the wire.
pub fn wire<T: serde::Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or("unknown").to_owned()
}
