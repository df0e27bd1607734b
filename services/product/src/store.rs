//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod categories;
pub mod listings;
pub mod movements;
pub mod products;
pub mod projections;
pub mod reservations;
pub mod shipments;
pub mod stock;
pub mod variants;

use std::error::Error;

/// A value of `column` that the domain does not know is an error with its place in it.
fn read<T, E: Error + Send + Sync + 'static>(
    column: &str,
    parsed: Result<T, E>,
) -> sqlx::Result<T> {
    parsed.map_err(|error| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: Box::new(error),
    })
}

/// A text that stands for a state, and is none.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} means nothing here")]
struct Unknown(String);
