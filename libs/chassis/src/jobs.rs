//! Work that touches the world outside: done at least once under a lease, recorded exactly once.

use std::collections::BTreeMap;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;
use rand::Rng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;
use uuid::Uuid;

use crate::db::{Db, DbError};
use crate::problem::{Explain, Problem};
use crate::telemetry;
use crate::tx::Tx;

mod attempt;

use attempt::{Attempt, Bench, Bound, Leased};

const NET: Duration = Duration::from_secs(1);
/// After so long without a sign of life another process does the work again.
const LEASE: SignedDuration = SignedDuration::from_secs(10);

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
pub trait Work<J: Job>: Send + Sync + 'static {
    /// What the world outside answered.
    type Made: Send;
    /// The service's error.
    type Error: Explain;

    /// Touches the world outside, with an idempotency key: it may happen more than once. No transaction is open.
    fn act(&self, job: &J) -> impl Future<Output = Result<Self::Made, Self::Error>> + Send;

    /// Writes down what came of it, in the transaction that forgets the job.
    fn record(
        &self,
        job: J,
        made: Self::Made,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Writes down that it will not be tried again, in the transaction that marks the job as failed.
    fn give_up(
        &self,
        job: J,
        problem: &Problem,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send {
        let _ = (job, problem, tx);
        async { Ok(()) }
    }
}

#[derive(Clone)]
struct Desk {
    bench: Arc<dyn Bench>,
    at_once: Arc<Semaphore>,
}

/// Every kind of outside work a service does.
#[derive(Clone, Default)]
pub struct Jobs {
    desks: BTreeMap<&'static str, Desk>,
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.desks.keys()).finish()
    }
}

impl Jobs {
    /// Does `J`.
    #[must_use]
    pub fn on<J: Job, A: Work<J> + Clone>(mut self, app: &A) -> Self {
        let bench = Arc::new(Bound::<A, J>(Arc::new(app.clone()), PhantomData));
        let desk = Desk { bench, at_once: Arc::new(Semaphore::new(J::AT_ONCE)) };
        self.desks.insert(J::KIND, desk);
        self
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.desks.is_empty()
    }
}

/// Runs jobs.
#[derive(Debug, Clone)]
pub struct Runner {
    db: Db,
    jobs: Jobs,
    service: &'static str,
}

impl Runner {
    /// A runner over the service's own database.
    #[must_use]
    pub fn new(db: Db, jobs: Jobs, service: &'static str) -> Self {
        Self { db, jobs, service }
    }

    /// Runs jobs until `stop`, then finishes those that were begun.
    pub async fn run(self, stop: CancellationToken) {
        if self.jobs.is_empty() {
            return stop.cancelled().await;
        }
        let tracker = TaskTracker::new();
        let mut net = tokio::time::interval(NET);
        loop {
            tokio::select! {
                () = self.db.wakers().jobs().notified() => {}
                _ = net.tick() => {}
                () = stop.cancelled() => break,
            }
            for (kind, desk) in &self.jobs.desks {
                if let Err(error) = self.start_due(kind, desk, &tracker).await {
                    tracing::warn!(kind, error = %crate::problem::chain(&error), "jobs wait");
                }
            }
        }
        tracker.close();
        drop(tokio::time::timeout(Duration::from_secs(5), tracker.wait()).await);
    }

    async fn start_due(
        &self,
        kind: &'static str,
        desk: &Desk,
        tracker: &TaskTracker,
    ) -> Result<(), DbError> {
        let free = desk.at_once.available_permits();
        if free == 0 {
            return Ok(());
        }
        for leased in self.lease(kind, i64::try_from(free).unwrap_or(1)).await? {
            let Ok(permit) = desk.at_once.clone().acquire_owned().await else { return Ok(()) };
            let (runner, desk) = (self.clone(), desk.clone());
            tracker.spawn(async move {
                runner.attempt(kind, &desk, leased).await;
                drop(permit);
                runner.db.wakers().jobs().notify_one();
            });
        }
        Ok(())
    }

    /// Does everything that is due now, one after the other, and returns how many were done. For tests.
    pub async fn run_due(&self) -> Result<usize, DbError> {
        let mut done = 0;
        for (kind, desk) in &self.jobs.desks {
            loop {
                let leased = self.lease(kind, 1).await?;
                let Some(job) = leased.into_iter().next() else { break };
                self.attempt(kind, desk, job).await;
                done += 1;
            }
        }
        Ok(done)
    }

    async fn lease(&self, kind: &str, at_most: i64) -> Result<Vec<Leased>, DbError> {
        let now = self.db.clock().now();
        let until = now + LEASE;
        let lease_id = Uuid::now_v7();
        let rows = sqlx::query(
            "with due as materialized (
                 select id from chassis.job
                  where kind = $1 and due_at <= $2 and failed_at is null
                    and (lease_until is null or lease_until < $2)
                  order by due_at limit $5
                    for update skip locked)
             update chassis.job j set attempts = j.attempts + 1, lease = $4, lease_until = $3
               from due where j.id = due.id
             returning j.id, j.payload, j.attempts, j.traceparent",
        )
        .bind(kind)
        .bind(now.to_sqlx())
        .bind(until.to_sqlx())
        .bind(lease_id)
        .bind(at_most)
        .fetch_all(self.db.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Leased {
                    id: row.try_get("id")?,
                    payload: row.try_get("payload")?,
                    attempts: row.try_get("attempts")?,
                    lease: lease_id,
                    traceparent: row.try_get("traceparent")?,
                })
            })
            .collect::<Result<_, sqlx::Error>>()
            .map_err(DbError)
    }

    async fn attempt(&self, kind: &'static str, desk: &Desk, leased: Leased) {
        let span = tracing::info_span!(
            "job", otel.name = %format_args!("{}.{kind}", self.service), otel.kind = "client",
            service = self.service, job.kind = kind, job.id = %leased.id, job.attempt = leased.attempts
        );
        telemetry::adopt(&span, &leased.traceparent);
        async {
            match desk.bench.attempt(&self.db, &leased).await {
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
        }
        .instrument(span)
        .await;
    }

    async fn postpone(&self, leased: &Leased, problem: &Problem) -> Result<(), DbError> {
        let pause = pause_after(u32::try_from(leased.attempts).unwrap_or(1));
        let due = self.db.clock().now() + pause;
        sqlx::query(
            "update chassis.job set due_at = $3, last_error = $4, lease = null, lease_until = null
              where id = $1 and lease = $2",
        )
        .bind(leased.id)
        .bind(leased.lease)
        .bind(due.to_sqlx())
        .bind(problem.slug)
        .execute(self.db.pool())
        .await?;
        Ok(())
    }
}

/// Doubles each time something has failed: 1 s, 2 s, 4 s, .. 10 min, with up to a tenth of jitter.
pub(crate) fn pause_after(failures: u32) -> SignedDuration {
    let pause_ms = (1000_i64 << failures.saturating_sub(1).min(10)).min(600_000);
    SignedDuration::from_millis(pause_ms + rand::rng().random_range(0..=pause_ms / 10))
}
