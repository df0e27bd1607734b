//! Who to wake when a transaction committed: the relay's lanes and the job runner.

use std::sync::Arc;

use tokio::sync::Notify;

/// Number of outbox lanes. Events of one key always share a lane.
pub const LANES: u16 = 4;

/// In-process notifications; a slow poll is the net below them.
#[derive(Debug, Clone)]
pub struct Wakers {
    lanes: Arc<[Notify]>,
    jobs: Arc<Notify>,
}

impl Default for Wakers {
    fn default() -> Self {
        Self { lanes: (0..LANES).map(|_| Notify::new()).collect(), jobs: Arc::new(Notify::new()) }
    }
}

impl Wakers {
    pub(crate) fn lane(&self, lane: u16) -> &Notify {
        &self.lanes[usize::from(lane % LANES)]
    }

    pub(crate) fn jobs(&self) -> &Notify {
        &self.jobs
    }
}
