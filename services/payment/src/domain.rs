//! The rules: pure, without I/O and without a clock.

pub mod bank_reference;
pub mod calendar;
pub mod cod;
pub mod debt;
pub mod dispute;
pub mod earning;
pub mod hands;
pub mod ledger;
pub mod month;
pub mod payment;
pub mod payout;
pub mod period;
pub mod progress;
pub mod proposal;
pub mod refund;
pub mod refund_account;
mod refused;
pub mod remittance;
pub mod review;
pub mod settlement;
pub mod share;
pub mod statement;
#[expect(missing_docs, reason = "of what strum derives for a state that apps/mall looks at")]
pub mod status;
mod stop;
pub mod tax;
pub mod tax_period;

pub use payment::Payment;
pub use payout::{Payout, PayoutStatus};
pub use refund::{Refund, RefundStatus};
pub use refused::Refused;
pub use share::Share;
pub use status::{Answer, AttemptStatus, Method, PaymentProgress};
