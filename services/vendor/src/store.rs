//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod documents;
pub mod payout_accounts;
pub mod ratings;
pub mod steps;
pub mod strikes;
pub mod tax_identities;
pub mod twins;
pub mod vendors;
