//! The SQL.

pub mod confirmations;
pub mod contacts;
pub mod ledger;
pub mod messages;
pub mod vendors;

/// A value of ours that is none.
fn unknown(column: &str, value: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: format!("{value:?} is none of ours").into(),
    }
}
