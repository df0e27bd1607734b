//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod commissions;
pub mod counters;
pub mod credits;
pub mod invoices;
pub mod issued;
pub mod links;
pub mod recipients;
pub mod sellers;
