//! The rules of reviews: pure.

pub mod review;
pub mod summary;
