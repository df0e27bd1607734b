//! Signs of life: what `/livez` answers from.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A thread that reads from the broker comes round every second; after so long it hangs.
pub const POLLING: Duration = Duration::from_mins(1);
/// While the broker answers, what was said is carried much sooner.
pub const CARRYING: Duration = Duration::from_mins(5);

/// Everything in a process that has to show up now and then.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<Vec<Heart>>>);

/// The sign of life of one part.
#[derive(Debug, Clone)]
pub struct Heart {
    part: Arc<str>,
    patience: Duration,
    last: Arc<Mutex<Instant>>,
}

impl Health {
    /// Expects a sign of life from `part` at least every `patience` from now on.
    pub fn heart(&self, part: &str, patience: Duration) -> Heart {
        let heart =
            Heart { part: part.into(), patience, last: Arc::new(Mutex::new(Instant::now())) };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(heart.clone());
        heart
    }

    /// A part that has been silent for longer than it may.
    pub fn missed(&self) -> Option<Arc<str>> {
        let hearts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hearts.iter().find(|heart| heart.is_silent()).map(|heart| heart.part.clone())
    }
}

impl Heart {
    /// The part is alive.
    pub fn beat(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn is_silent(&self) -> bool {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).elapsed() > self.patience
    }
}
