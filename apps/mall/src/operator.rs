//! What the operator does to an installation: make tables and topics, look at dead letters, find what is wrong.

pub mod doctor;
pub mod letters;
pub mod migrate;
pub mod offsets;
pub mod replay;
pub mod restored;
pub mod roster;
pub mod token;
pub mod welcome;
