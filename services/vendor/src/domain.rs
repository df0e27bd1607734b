//! The rules of sellers: pure.

pub mod address;
pub mod application;
pub mod bank;
pub mod check;
pub mod document;
pub mod file;
pub mod flaw;
pub mod payout_account;
pub mod prefix;
pub mod scheme;
pub mod standing;
pub mod strikes;
pub mod vendor;
