//! Something is away for a while, starts alone, or has a wrong clock or a full disk: the mall says so or waits, and goes
//! on.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops")]

mod absent;
mod alone;
mod clock;
mod doors;
mod full_disk;
