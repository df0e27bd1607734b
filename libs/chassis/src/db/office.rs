//! Jobs that belong to a process from the start: a place is taken before the commit and the work begins with it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use uuid::Uuid;

/// A job under our lease.
#[derive(Debug)]
pub struct Leased {
    pub id: Uuid,
    pub payload: serde_json::Value,
    pub attempts: i32,
    pub lease: Uuid,
    pub traceparent: String,
}

/// A job that was just committed, its kind and its place.
pub type Born = (&'static str, Leased, OwnedSemaphorePermit);

/// A place that was taken for a job that is not committed yet.
pub struct Seat {
    kind: &'static str,
    permit: OwnedSemaphorePermit,
    born: mpsc::UnboundedSender<Born>,
    /// Whose the job is until then.
    pub lease: Uuid,
}

impl Seat {
    /// The job is there: it begins.
    pub fn begin(self, id: Uuid, payload: serde_json::Value, traceparent: String) {
        let leased = Leased { id, payload, attempts: 1, lease: self.lease, traceparent };
        // Without a runner its lease runs out and another process does it.
        drop(self.born.send((self.kind, leased, self.permit)));
    }
}

/// Where this process does jobs, while it does.
#[derive(Debug, Clone, Default)]
pub struct Office(Arc<Mutex<Option<Open>>>);

/// What is known of the runner.
#[derive(Debug)]
pub struct Open {
    /// Where each kind of job is done.
    pub places: BTreeMap<&'static str, Arc<Semaphore>>,
    pub born: mpsc::UnboundedSender<Born>,
}

impl Office {
    pub fn set(&self, open: Option<Open>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = open;
    }

    /// A place for a job of this kind, if one is free.
    pub fn seat(&self, kind: &'static str) -> Option<Seat> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Open { places, born } = open.as_ref()?;
        let permit = places.get(kind)?.clone().try_acquire_owned().ok()?;
        Some(Seat { kind, permit, born: born.clone(), lease: Uuid::now_v7() })
    }
}
