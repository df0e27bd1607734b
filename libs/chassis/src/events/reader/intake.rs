//! One partition's worker: takes in whatever is there as one batch, and gets past what cannot be taken in.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use rand::Rng;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::LOOK;
use super::progress::{Place, Progress, WentBack};
use crate::events::apply::{ApplyError, Batch};
use crate::events::consumer::Consumer;
use crate::events::dead_letters;
use crate::events::record::Record;
use crate::problem::{Problem, chain};

/// After so many attempts a fault of ours counts as one that will not pass.
const GIVE_UP_AFTER: u32 = 8;
/// After so many, what may pass is not the fault of the whole batch.
const SPLIT_AFTER: u32 = 2;
/// What has to be heard first comes within milliseconds. A batch waits so long for it, then the rest goes on.
const PATIENCE: Duration = Duration::from_secs(5);
/// A batch that takes longer is broken off: the database may have vanished. It comes again in smaller parts.
pub(super) const LIMIT: Duration = Duration::from_secs(25);
/// So many letters for faults of ours within a minute, and it is the release that is wrong, not the events.
const FAULTS: usize = 20;
const MINUTE: Duration = Duration::from_mins(1);

/// When letters were written lately for faults of ours. Shared by the workers of a consumer.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(Arc<Mutex<Vec<Instant>>>);

impl Faults {
    /// Whether one more may be put aside; counts it.
    fn allow(&self) -> bool {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lately.retain(|at| at.elapsed() < MINUTE);
        let allowed = lately.len() < FAULTS;
        if allowed {
            lately.push(Instant::now());
        }
        allowed
    }
}

/// What a worker needs besides its queue.
#[derive(Clone)]
pub(super) struct Intake {
    pub consumer: Consumer,
    pub progress: Progress,
    pub faults: Faults,
    pub batch: usize,
}

/// Why a worker goes no further with a batch.
enum Broken {
    Asked,
    WentBack,
}

impl Intake {
    /// Takes in what arrives in `queue` until `stop`.
    pub(super) async fn work(
        self,
        place: Place,
        mut queue: mpsc::Receiver<Record>,
        stop: CancellationToken,
    ) -> Result<(), WentBack> {
        let mut records = Vec::with_capacity(self.batch);
        loop {
            records.clear();
            tokio::select! {
                got = queue.recv_many(&mut records, self.batch) => if got == 0 { return Ok(()) },
                () = stop.cancelled() => return Ok(()),
            }
            let mut rest = &records[..];
            while !rest.is_empty() {
                let (batch, later) = rest.split_at(self.consumer.handlers.end_of_batch(rest));
                rest = later;
                let size = u32::try_from(batch.len()).unwrap_or(u32::MAX);
                metrics::histogram!("mall_consumer_batch_size", "service" => self.consumer.service)
                    .record(size);
                self.progress.busy(&place, batch.first().map(|r| r.timestamp_ms));
                let deadline = Instant::now() + PATIENCE;
                match Box::pin(self.take_in(&place, batch, deadline, &stop)).await {
                    Ok(()) => self.progress.busy(&place, None),
                    Err(Broken::Asked) => return Ok(()),
                    Err(Broken::WentBack) => return Err(WentBack),
                }
            }
        }
    }

    /// Takes records in until they are in, smaller and smaller batches around a culprit.
    async fn take_in(
        &self,
        place: &Place,
        records: &[Record],
        deadline: Instant,
        stop: &CancellationToken,
    ) -> Result<(), Broken> {
        let Some(last) = records.last() else { return Ok(()) };
        if !records.iter().any(|record| self.consumer.concerns(record)) {
            self.progress.advance(place, last.offset + 1);
            return Ok(());
        }
        let mut tries = 0;
        loop {
            let believed = Some(self.progress.stored(place));
            let turn = self.consumer.db.turn().await;
            let taken = Box::pin(self.consumer.take(Batch { records, believed }));
            let taken = self.consumer.db.within(LIMIT, taken).await;
            drop(turn);
            let error = match taken {
                Ok(Ok(done)) => {
                    self.progress.kept(place, done.next_offset);
                    return Ok(());
                }
                Ok(Err(error)) => error,
                Err(silent) => silent.into(),
            };
            if let ApplyError::WentBack { .. } = error {
                tracing::error!(consumer = self.consumer.name, %error, "the lost part is heard again");
                return Err(Broken::WentBack);
            }
            tries += 1;
            if records.len() > 1
                && let Some(at) = cut(&error, records.len(), tries)
            {
                let (one, other) = records.split_at(at);
                Box::pin(self.take_in(place, one, deadline, stop)).await?;
                return Box::pin(self.take_in(place, other, deadline, stop)).await;
            }
            if records.len() == 1
                && let Some(problem) = self.is_over(&error, tries, deadline)
            {
                match self.consumer.give_up(&records[0], &problem).await {
                    Ok(done) => {
                        self.progress.kept(place, done.next_offset);
                        return Ok(());
                    }
                    Err(error) => tracing::warn!(%error, "a dead letter cannot be written yet"),
                }
            }
            complain(&self.consumer, &error, tries);
            tokio::select! {
                () = tokio::time::sleep(pause(tries)) => {}
                () = stop.cancelled() => return Err(Broken::Asked),
            }
        }
    }

    /// The problem that a single record is put aside with, once it is not waited for any longer.
    fn is_over(&self, error: &ApplyError, tries: u32, deadline: Instant) -> Option<Problem> {
        let problem = problem_of(error)?;
        if problem.is_not_yet() {
            return (tries >= SPLIT_AFTER && Instant::now() >= deadline).then_some(problem);
        }
        // What is away will be back: it is waited for, however long that takes.
        if problem.status == StatusCode::SERVICE_UNAVAILABLE.as_u16() {
            return None;
        }
        let patient = !problem.is_lasting() && Instant::now() < deadline + PATIENCE;
        let enough = if patient { GIVE_UP_AFTER } else { SPLIT_AFTER };
        (tries >= enough && self.faults.allow()).then_some(problem)
    }
}

/// Looks now and then whether what waits aside can be handled.
pub(super) async fn come_back(consumer: Consumer, stop: CancellationToken) -> Result<(), WentBack> {
    let mut look = tokio::time::interval(LOOK);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = stop.cancelled() => return Ok(()),
        }
        let handled = consumer.db.within(LIMIT, Box::pin(dead_letters::retry(&consumer))).await;
        if let Err(error) = handled.flatten() {
            tracing::debug!(%error, "what waits aside cannot be looked at");
        }
    }
}

/// What went wrong as a problem; nothing when a test stopped the process.
fn problem_of(error: &ApplyError) -> Option<Problem> {
    match error {
        ApplyError::Handler { problem, .. } => Some((**problem).clone()),
        ApplyError::Db(error) => Some(Problem::of(error)),
        ApplyError::WentBack { .. } | ApplyError::Crash(_) => None,
    }
}

/// Where to take a batch of `len` apart: before the culprit if we know it, else in the middle. Not while the whole of
/// it may pass: two batches that met crosswise do not again.
fn cut(error: &ApplyError, len: usize, tries: u32) -> Option<usize> {
    let problem = problem_of(error)?;
    if problem.may_pass() && !problem.is_lasting() && tries <= SPLIT_AFTER {
        return None;
    }
    match error {
        ApplyError::Handler { index, .. } if *index > 0 => Some(*index),
        ApplyError::Handler { .. }
        | ApplyError::Db(_)
        | ApplyError::WentBack { .. }
        | ApplyError::Crash(_) => Some(len / 2),
    }
}

/// Longer and longer, up to three seconds; never the same for two that met.
fn pause(tries: u32) -> Duration {
    let most = 50_u64 << tries.min(6);
    Duration::from_millis(rand::rng().random_range(most / 2..=most))
}

/// Rarer and rarer, so that an hour without a database is a dozen lines.
fn complain(consumer: &Consumer, error: &ApplyError, tries: u32) {
    if !tries.is_power_of_two() {
        return;
    }
    let cause = match error {
        ApplyError::Handler { problem, .. } => problem.cause.clone(),
        ApplyError::Db(_) | ApplyError::WentBack { .. } | ApplyError::Crash(_) => chain(error),
    };
    tracing::warn!(consumer = consumer.name, %error, cause, tries, "records wait to be taken in");
}

#[cfg(test)]
mod tests {
    use super::{Faults, cut};
    use crate::events::apply::ApplyError;
    use crate::problem::Problem;

    fn failed(index: usize, status: u16) -> ApplyError {
        let problem = Box::new(Problem::new(status, "x", "X"));
        ApplyError::Handler { index, problem }
    }

    #[test]
    fn a_batch_is_cut_before_its_culprit_and_kept_whole_while_it_may_pass() {
        assert_eq!(cut(&failed(250, 422), 500, 1), Some(250));
        assert_eq!(cut(&failed(0, 422), 250, 1), Some(125));
        assert_eq!(cut(&failed(250, 503), 500, 1), None);
        assert_eq!(cut(&failed(250, 503), 500, 3), Some(250));
    }

    #[test]
    fn when_everything_fails_it_is_the_release_and_not_the_events() {
        let faults = Faults::default();
        assert!((0..20).all(|_| faults.allow()));
        assert!(!faults.allow());
    }
}
