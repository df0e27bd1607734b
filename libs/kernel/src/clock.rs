//! Time as a parameter, so that tests can move it.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock the others are asked to use")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock {
    now: Arc<Mutex<Timestamp>>,
}

impl ManualClock {
    /// Makes a clock that shows `at`.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self { now: Arc::new(Mutex::new(at)) }
    }

    /// Puts the clock to `at`, forward or back.
    pub fn set(&self, at: Timestamp) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Moves the clock on by `step`, as far as times can be told.
    pub fn advance(&self, step: SignedDuration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let end = if step.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        *now = now.checked_add(step).unwrap_or(end);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The machine's clock, ahead by so many seconds, which become more when the clock is moved. It never goes back. Clones
/// show the same time.
#[derive(Debug, Clone, Default)]
pub struct ShiftedClock {
    shift_s: Arc<AtomicI64>,
}

/// A clock that was to go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clock is {shift_s} seconds ahead and does not go back")]
pub struct ClockGoesBack {
    /// How far ahead it is.
    pub shift_s: i64,
}

impl ShiftedClock {
    /// A clock that is `shift_s` seconds ahead.
    #[must_use]
    pub fn ahead_by(shift_s: i64) -> Self {
        Self { shift_s: Arc::new(AtomicI64::new(shift_s)) }
    }

    /// By how many seconds it is ahead.
    pub fn shift_s(&self) -> i64 {
        self.shift_s.load(Ordering::SeqCst)
    }

    /// Moves it on until it is `shift_s` seconds ahead of the machine's.
    ///
    /// # Errors
    /// When it is further ahead already.
    pub fn forward_to(&self, shift_s: i64) -> Result<(), ClockGoesBack> {
        let before = self.shift_s.fetch_max(shift_s, Ordering::SeqCst);
        if before > shift_s { Err(ClockGoesBack { shift_s: before }) } else { Ok(()) }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let shift = SignedDuration::from_secs(self.shift_s());
        SystemClock.now().checked_add(shift).unwrap_or(Timestamp::MAX)
    }
}
