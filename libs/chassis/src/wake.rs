//! Who to wake when a transaction committed: the relay and the job runner.

use std::sync::Arc;

use tokio::sync::Notify;

/// In-process notifications; a slow poll is the net below them.
#[derive(Debug, Clone, Default)]
pub struct Wakers {
    outbox: Arc<Notify>,
    jobs: Arc<Notify>,
}

impl Wakers {
    pub(crate) fn outbox(&self) -> &Notify {
        &self.outbox
    }

    pub(crate) fn jobs(&self) -> &Notify {
        &self.jobs
    }
}
