//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod categories;
pub mod credits;
pub mod examinations;
pub mod gst_rates;
pub mod hsn_rates;
pub mod listings;
pub mod movements;
pub mod products;
pub mod projections;
pub mod reservations;
pub mod shipments;
pub mod stock;
pub mod variants;
