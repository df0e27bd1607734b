//! The SQL: one statement each, over an open connection.

pub mod history;
pub mod inserts;
pub mod lines;
pub mod orders;
pub mod parts;
pub mod projections;
mod texts;
