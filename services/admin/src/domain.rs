//! The rules of administration: pure.

pub mod audit;
pub mod decide;
pub mod part;
pub mod queue;
