//! What the operator does to an installation: make tables and topics, look at dead letters, find what is wrong.

pub mod dead_letters;
pub mod doctor;
pub mod jobs;
pub mod migrate;
pub mod offsets;
pub mod replay;
pub mod restored;
pub mod summary;
pub mod token;
