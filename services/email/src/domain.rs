//! The rules: what mail there is, what it shows, and when it may be sent. Pure.

pub mod back;
pub mod barred;
pub mod credit;
pub mod delivered;
pub mod disputed;
pub mod held;
pub mod india;
pub mod kind;
pub mod letter;
pub mod link;
pub mod message;
pub mod notice;
pub mod owed;
pub mod rate_ending;
pub mod receipt;
pub mod ruled;
pub mod sent_back;
pub mod shipped;
pub mod text;
