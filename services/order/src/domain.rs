//! The rules: what an order is, how it moves, how its money is split. No I/O and no clock.

pub mod number;
pub mod order;
pub mod placing;
pub mod saga;
pub mod seller_order;
pub mod shipment;
pub mod split;
pub mod trouble;
