//! The SQL: facts, names, roll-ups over the facts, and reports over the roll-ups.

pub mod facts;
pub mod names;
pub mod orders;
pub mod reports;
pub mod revisions;
pub mod rollups;
