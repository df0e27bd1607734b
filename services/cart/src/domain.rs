//! The rules of carts: pure.

pub mod cart;
pub mod owner;
pub mod shelf;
