//! Work that touches the world outside: done at least once under a lease, recorded exactly once.

use std::collections::BTreeMap;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;
use rand::Rng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;
use uuid::Uuid;

use crate::db::office::{Leased, Open};
use crate::db::{Db, UNIT};
use crate::events::tx::Tx;
use crate::problem::Problem;
use crate::telemetry;

mod attempt;

use attempt::{Attempt, ErasedJob, TypedJob};

/// The longest sleep: another process may have died with a job that is ours now.
const NET: Duration = Duration::from_secs(10);
/// The longest sleep while there may be more to do than there are places.
const FULL: Duration = Duration::from_secs(1);
/// After so long without a sign of life another process does the work again. By the database's clock: those of two
/// processes differ.
pub(crate) const LEASE_S: i32 = 10;

/// One kind of outside work. The value says what to do; it is kept as JSON and must carry no secrets in clear.
pub trait Job: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Its name.
    const KIND: &'static str;
    /// After so many attempts it is given up.
    const MAX_ATTEMPTS: i32 = 12;
    /// How many run at once in one process.
    const AT_ONCE: usize = 4;
    /// An attempt that takes longer is broken off and tried again later.
    const TIMEOUT: Duration = Duration::from_mins(1);
}

/// Does one kind of outside work.
pub trait JobHandler<J: Job>: Send + Sync + 'static {
    /// What the world outside answered.
    type Output: Send;

    /// Touches the world outside, with an idempotency key: it may happen more than once. No transaction is open.
    fn run(
        &self,
        job: &J,
    ) -> impl Future<Output = Result<Self::Output, impl Into<Problem> + Send>> + Send;

    /// Writes down what came of it, in the transaction that forgets the job.
    fn complete(
        &self,
        job: J,
        made: Self::Output,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), impl Into<Problem> + Send>> + Send;

    /// Writes down that it will not be tried again, in the transaction that marks the job as failed.
    fn fail(
        &self,
        job: J,
        problem: &Problem,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), impl Into<Problem> + Send>> + Send {
        let _ = (job, problem, tx);
        async { Ok::<(), Problem>(()) }
    }
}

#[derive(Clone)]
struct JobSlot {
    job: Arc<dyn ErasedJob>,
    at_once: Arc<Semaphore>,
}

/// Every kind of outside work a service does.
#[derive(Clone, Default)]
pub struct Jobs {
    slots: BTreeMap<&'static str, JobSlot>,
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.slots.keys()).finish()
    }
}

impl Jobs {
    /// Does `J`.
    #[must_use]
    pub fn handle<J: Job, A: JobHandler<J> + Clone>(mut self, app: &A) -> Self {
        let job = Arc::new(TypedJob::<A, J>(Arc::new(app.clone()), PhantomData));
        let slot = JobSlot { job, at_once: Arc::new(Semaphore::new(J::AT_ONCE)) };
        self.slots.insert(J::KIND, slot);
        self
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

/// Runs jobs.
#[derive(Debug, Clone)]
pub struct Runner {
    db: Db,
    jobs: Jobs,
    service: &'static str,
    /// Whether there may be jobs that are due and found no place.
    more: Arc<AtomicBool>,
}

impl Runner {
    /// A runner over the service's own database.
    #[must_use]
    pub fn new(db: Db, jobs: Jobs, service: &'static str) -> Self {
        Self { db, jobs, service, more: Arc::default() }
    }

    /// Runs jobs until `stop`, then finishes those that were begun.
    pub async fn run(self, stop: CancellationToken) {
        if self.jobs.is_empty() {
            return stop.cancelled().await;
        }
        let tracker = TaskTracker::new();
        let (born, mut births) = mpsc::unbounded_channel();
        let slots = self.jobs.slots.iter();
        let places = slots.map(|(kind, slot)| (*kind, slot.at_once.clone())).collect();
        self.db.office().set(Some(Open { places, born }));
        let mut next = Instant::now();
        loop {
            tokio::select! {
                () = self.db.wakers().jobs().notified() => {}
                () = tokio::time::sleep_until(next) => {}
                Some((kind, leased, permit)) = births.recv() => {
                    self.start(&tracker, kind, leased, permit);
                    continue;
                }
                () = stop.cancelled() => break,
            }
            next = Instant::now() + self.start_due(&tracker).await;
        }
        self.db.office().set(None);
        while let Ok((kind, leased, permit)) = births.try_recv() {
            self.start(&tracker, kind, leased, permit);
        }
        tracker.close();
        drop(tokio::time::timeout(Duration::from_secs(5), tracker.wait()).await);
    }

    /// Starts what is due and has a place. Returns how long there is nothing else to do.
    async fn start_due(&self, tracker: &TaskTracker) -> Duration {
        // Before the places are counted: whoever leaves one later looks at it.
        self.more.store(true, Ordering::SeqCst);
        let mut places: BTreeMap<&'static str, OwnedSemaphorePermit> = BTreeMap::new();
        for (kind, slot) in &self.jobs.slots {
            let free = u32::try_from(slot.at_once.available_permits()).unwrap_or(u32::MAX);
            if let Ok(permits) = slot.at_once.clone().try_acquire_many_owned(free) {
                places.insert(kind, permits);
            }
        }
        let free = places.iter().map(|(kind, permits)| (*kind, permits.num_permits())).collect();
        let (due, next) = match self.lease(free).await {
            Ok(leased) => leased,
            Err(error) => {
                tracing::warn!(error = %crate::problem::chain(&error), "jobs wait");
                return FULL;
            }
        };
        for (kind, leased) in due {
            let Some((kind, permits)) = self
                .jobs
                .slots
                .get_key_value(&*kind)
                .and_then(|(kind, _)| Some((*kind, places.get_mut(kind)?.split(1)?)))
            else {
                continue;
            };
            self.start(tracker, kind, leased, permits);
        }
        let room = places.values().filter(|left| left.num_permits() > 0).count();
        if room < self.jobs.slots.len() {
            // Whoever leaves a place says so, unless it was kept for a transaction that came to nothing.
            return next.min(FULL);
        }
        self.more.store(false, Ordering::SeqCst);
        next.min(NET)
    }

    fn start(
        &self,
        tracker: &TaskTracker,
        kind: &'static str,
        leased: Leased,
        permit: OwnedSemaphorePermit,
    ) {
        let Some(slot) = self.jobs.slots.get(kind) else { return };
        let (runner, slot) = (self.clone(), slot.clone());
        tracker.spawn(async move {
            let later = runner.attempt(kind, &slot, leased).await;
            drop(permit);
            if later || runner.more.swap(false, Ordering::SeqCst) {
                runner.db.wakers().jobs().notify_one();
            }
        });
    }

    /// Does everything that is due now, one after the other, and returns how many were done. For tests.
    pub async fn run_due(&self) -> sqlx::Result<usize> {
        let mut done = 0;
        for (kind, slot) in &self.jobs.slots {
            loop {
                let (leased, _) = self.lease(vec![(*kind, 1)]).await?;
                let Some((_, job)) = leased.into_iter().next() else { break };
                self.attempt(kind, slot, job).await;
                done += 1;
            }
        }
        Ok(done)
    }

    /// Takes so many jobs of each kind, and says when the next one falls due.
    async fn lease(
        &self,
        free: Vec<(&str, usize)>,
    ) -> sqlx::Result<(Vec<(String, Leased)>, Duration)> {
        let lease_id = Uuid::now_v7();
        let (kinds, places): (Vec<&str>, Vec<i64>) =
            free.into_iter().map(|(kind, free)| (kind, i64::try_from(free).unwrap_or(1))).unzip();
        // The arrays in selects of their own: as constants they would make a plan for this one question look better than
        // the plan that is kept, and it would be planned again each time.
        let query = sqlx::query(
            "with slot as (
                 select * from unnest((select $1::text[]), (select $2::bigint[])) as slot (kind, free)
             ), due as materialized (
                 select j.id from slot cross join lateral (
                     select id from chassis.job
                      where kind = slot.kind and due_at <= $3 and failed_at is null
                        and (lease_until is null or lease_until < now())
                      order by due_at limit slot.free
                        for update skip locked) j
             ), leased as (
                 update chassis.job j
                    set attempts = j.attempts + 1, lease = $4, lease_until = now() + $5::integer * interval '1 s'
                   from due where j.id = due.id
                 returning j.id, j.kind, j.payload, j.attempts, j.traceparent
             ), next as (
                 select min(j.due_at) as at from slot cross join lateral (
                     select due_at from chassis.job
                      where kind = slot.kind and due_at > $3 and failed_at is null
                      order by due_at limit 1) j
             )
             select leased.*, (extract(epoch from next.at - $3) * 1000)::bigint as next_ms
               from next left join leased on true",
        )
        .bind(kinds)
        .bind(places)
        .bind(self.db.clock().now().to_sqlx())
        .bind(lease_id)
        .bind(LEASE_S)
        .fetch_all(self.db.pool());
        let rows = self.db.within(UNIT, query).await??;
        let mut next = NET;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(ms) = row.try_get::<Option<i64>, _>("next_ms")? {
                next = Duration::from_millis(u64::try_from(ms).unwrap_or(0) + 1);
            }
            let Some(id) = row.try_get("id")? else { continue };
            let leased = Leased {
                id,
                payload: row.try_get("payload")?,
                attempts: row.try_get("attempts")?,
                lease: lease_id,
                traceparent: row.try_get("traceparent")?,
            };
            all.push((row.try_get("kind")?, leased));
        }
        Ok((all, next))
    }

    /// Whether it will be tried again.
    async fn attempt(&self, kind: &'static str, slot: &JobSlot, leased: Leased) -> bool {
        let span = tracing::info_span!(
            "job", otel.name = %format_args!("{}.{kind}", self.service), otel.kind = "client",
            service = self.service, job.kind = kind, job.id = %leased.id, job.attempt = leased.attempts
        );
        telemetry::adopt(&span, &leased.traceparent);
        async {
            let attempt = slot.job.attempt(&self.db, &leased).await;
            let later = matches!(attempt, Attempt::Later(_));
            match attempt {
                Attempt::Done => {}
                Attempt::TakenOver => {
                    tracing::warn!(
                        "another process took job {} over; its record counts",
                        leased.id
                    );
                }
                Attempt::Died(crash) => tracing::error!(%crash, "the job runner died"),
                Attempt::Never(problem) => {
                    tracing::error!(
                        job.kind = kind,
                        problem = problem.slug,
                        cause = problem.cause,
                        "job {} was given up",
                        leased.id
                    );
                }
                Attempt::Later(problem) => {
                    tracing::warn!(
                        job.kind = kind,
                        problem = problem.slug,
                        cause = problem.cause,
                        attempt = leased.attempts,
                        "job {} will be tried again",
                        leased.id
                    );
                    if let Err(error) = self.postpone(&leased, &problem).await {
                        tracing::warn!(%error, "job {} waits for its lease to end", leased.id);
                    }
                }
            }
            later
        }
        .instrument(span)
        .await
    }

    async fn postpone(&self, leased: &Leased, problem: &Problem) -> sqlx::Result<()> {
        let pause = pause_after(u32::try_from(leased.attempts).unwrap_or(1));
        let due = self.db.clock().now() + pause;
        let put_off = sqlx::query(
            "update chassis.job set due_at = $3, last_error = $4, lease = null, lease_until = null
              where id = $1 and lease = $2",
        )
        .bind(leased.id)
        .bind(leased.lease)
        .bind(due.to_sqlx())
        .bind(problem.slug)
        .execute(self.db.pool());
        self.db.within(UNIT, put_off).await??;
        Ok(())
    }
}

/// Doubles each time something has failed: 1 s, 2 s, 4 s, .. 10 min, with up to a tenth of jitter.
pub(crate) fn pause_after(failures: u32) -> SignedDuration {
    let pause_ms = (1000_i64 << failures.saturating_sub(1).min(10)).min(600_000);
    SignedDuration::from_millis(pause_ms + rand::rng().random_range(0..=pause_ms / 10))
}
