//! The analytics service, through its doors.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on stops")]

mod exactness;
mod live;
mod reports;
mod scene;
mod sums;
