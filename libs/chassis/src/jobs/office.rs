//! Jobs that belong to a process from the start: a place is taken before the commit and the work begins with it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use uuid::Uuid;

use super::attempt::Leased;
use super::{Job, Jobs};

/// A job that was just committed, and its place.
pub(super) type Born = (&'static str, Leased, OwnedSemaphorePermit);

/// A place at a slot, taken for a job that is not committed yet.
pub(crate) struct Seat {
    permit: OwnedSemaphorePermit,
    born: mpsc::UnboundedSender<Born>,
    /// Whose the job is until then.
    pub lease: Uuid,
}

impl Seat {
    /// The job is there: it begins.
    pub(crate) fn begin<J: Job>(self, id: Uuid, payload: serde_json::Value, traceparent: String) {
        let leased = Leased { id, payload, attempts: 1, lease: self.lease, traceparent };
        // Without a runner its lease runs out and another process does it.
        drop(self.born.send((J::KIND, leased, self.permit)));
    }
}

/// Where this process does jobs, while it does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Office(Arc<Mutex<Option<Open>>>);

/// What is known of the runner.
#[derive(Debug)]
pub(super) struct Open {
    pub jobs: Jobs,
    pub born: mpsc::UnboundedSender<Born>,
}

impl Office {
    pub(super) fn set(&self, open: Option<Open>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = open;
    }

    /// A place for a job of this kind, if one is free.
    pub(crate) fn seat(&self, kind: &str) -> Option<Seat> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Open { jobs, born } = open.as_ref()?;
        let permit = jobs.slots.get(kind)?.at_once.clone().try_acquire_owned().ok()?;
        Some(Seat { permit, born: born.clone(), lease: Uuid::now_v7() })
    }
}
