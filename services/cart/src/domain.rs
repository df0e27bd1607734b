//! The rules of carts: pure.

pub mod cart;
pub mod limits;
pub mod owner;
pub mod shelf;
pub mod standing;
