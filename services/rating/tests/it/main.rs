//! The rating service, through its doors.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod attacks;
mod live;
mod moderation;
mod scene;
mod writing;
