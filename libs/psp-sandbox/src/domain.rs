//! The provider's rules: pure, without network, files or a clock of their own.

pub mod account;
pub mod books;
pub mod disburse;
pub mod dispute;
pub mod fee;
pub mod ids;
pub mod link;
pub mod order;
pub mod payback;
pub mod payment;
pub mod payout;
pub mod plan;
pub mod recon;
pub mod refund;
pub mod refused;
pub mod settlement;
pub mod turn;
pub mod webhook;
pub mod wire;
