//! kill -9 of any one part of the mall at a random moment of the journey: it comes back, the journey completes without
//! help, and the data proves that nothing was lost and nothing doubled. `MALL_CRASH_SEED` repeats the moments of a run.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod kill_point;
mod kill_test;
mod targets;
