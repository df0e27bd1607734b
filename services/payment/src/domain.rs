//! The rules: pure, without I/O and without a clock.

pub mod cod;
pub mod ledger;
pub mod payment;
pub mod progress;
mod refused;
pub mod share;
pub mod signature;
pub mod status;

pub use payment::Payment;
pub use refused::Refused;
pub use share::Share;
pub use status::{AttemptStatus, Method, PaymentProgress};
