//! The rules: what an order is, how it moves, how its money is split. No I/O and no clock.

pub mod credit;
pub mod next_step;
pub mod number;
#[expect(missing_docs, reason = "of what strum derives for a state that apps/mall looks at")]
pub mod order;
pub mod parcels;
pub mod placing;
pub mod reduction;
pub mod refund;
pub mod returns;
#[expect(missing_docs, reason = "of what strum derives for a state that apps/mall looks at")]
pub mod saga;
pub mod scheme;
pub mod seller_order;
pub mod shipment;
pub mod split;
pub mod standing;
pub mod story;
pub mod trouble;
