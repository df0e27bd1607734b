//! The rules: pure, without I/O and without a clock.

pub mod bank_reference;
pub mod cod;
pub mod ledger;
pub mod month;
pub mod payment;
pub mod progress;
pub mod refund;
mod refused;
pub mod share;
pub mod signature;
#[expect(missing_docs, reason = "of what strum derives for a state that apps/mall looks at")]
pub mod status;

pub use payment::Payment;
pub use refund::{Refund, RefundStatus};
pub use refused::Refused;
pub use share::Share;
pub use status::{Answer, AttemptStatus, Method, PaymentProgress};
