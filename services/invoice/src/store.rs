//! The SQL.

pub mod counters;
pub mod invoices;
pub mod links;
pub mod recipients;
pub mod sellers;

use std::error::Error;

/// A value in `column` that nobody wrote there on purpose.
fn unreadable(column: &str, source: impl Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(source) }
}
