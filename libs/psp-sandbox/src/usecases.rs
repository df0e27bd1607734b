//! The provider's verbs: each reads the books and decides what to keep and what to tell.

mod create_order;
mod create_payment;
mod pay;
mod refund;

pub use create_order::{NewOrder, create_order};
pub use create_payment::{NewPayment, create_payment};
pub use pay::{Outcome, Pay, pay};
pub use refund::refund;
