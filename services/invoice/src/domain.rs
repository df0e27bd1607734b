//! The rules of a GST document and of the links that open it, without input or output.

pub mod commission;
pub mod credit;
pub mod flaw;
pub mod invoice;
pub mod item;
pub mod line;
pub mod link;
pub mod party;
pub mod platform;
pub mod series;
