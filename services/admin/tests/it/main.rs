//! The admin service, through its doors.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod after_sales;
mod attacks;
mod audit_trail;
mod decisions;
mod look;
mod walls;
