//! Who to wake when a transaction committed: the relay, the job runner, and reads that came too early.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

/// In-process notifications; a slow poll is the net below them.
#[derive(Debug, Clone, Default)]
pub struct Wakers {
    outbox: Arc<Notify>,
    jobs: Arc<Notify>,
    commits: watch::Sender<()>,
    clock: watch::Sender<()>,
}

impl Wakers {
    pub(crate) fn outbox(&self) -> &Notify {
        &self.outbox
    }

    pub(crate) fn jobs(&self) -> &Notify {
        &self.jobs
    }

    /// Told when the clock was moved.
    pub(crate) fn clock(&self) -> &watch::Sender<()> {
        &self.clock
    }

    pub(crate) fn commits(&self) -> &watch::Sender<()> {
        &self.commits
    }
}
