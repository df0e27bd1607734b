//! Things that happen because time passed. Those that decide over what others said wait while the service is behind.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::runner::pause_after;
use crate::db::{Db, UNIT};
use crate::events::tx::Tx;
use crate::problem::{Problem, said_at_panic};

/// One kind of thing that falls due.
pub trait Timer: Send + Sync + 'static {
    /// Its name, for example `order.expire_unpaid`.
    const NAME: &'static str;
    /// How often to look.
    const EVERY: Duration = Duration::from_secs(1);
    /// Whether it decides over what other services say. Then it rests while there is something that was said and not
    /// heard, or nobody knows whether there is.
    const WAITS_FOR_NEWS: bool = true;
}

/// Does what fell due, all in one transaction.
pub trait TimerHandler<T: Timer>: Send + Sync + 'static {
    /// Does what is due by the clock of `tx`. Returns how much that was; it is called again until there is nothing.
    fn run(
        &self,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<usize, impl Into<Problem> + Send>> + Send;
}

/// Does things that fell due, many at a time. One that fails is put off, and the others go on.
pub trait BatchTimerHandler<T: Timer>: Send + Sync + 'static {
    /// The ids of up to a hundred things that are due by the clock of `tx`, longest first, without `except`. Locks and
    /// decodes nothing.
    fn due(
        &self,
        except: &[Uuid],
        tx: &mut Tx,
    ) -> impl Future<Output = Result<Vec<Uuid>, impl Into<Problem> + Send>> + Send;

    /// Locks those of `ids` that are still due (`for update skip locked`) and does them. Returns how many there were.
    fn run(
        &self,
        ids: &[Uuid],
        tx: &mut Tx,
    ) -> impl Future<Output = Result<usize, impl Into<Problem> + Send>> + Send;
}

type Running<'a, T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + Send + 'a>>;

trait ErasedTimer: Send + Sync {
    fn due<'a>(&'a self, except: &'a [Uuid], tx: &'a mut Tx) -> Running<'a, Vec<Uuid>>;
    fn run<'a>(&'a self, ids: &'a [Uuid], tx: &'a mut Tx) -> Running<'a, usize>;
}

struct TypedTimer<A, T>(A, PhantomData<fn() -> T>);

/// Everything is one thing, which has no id.
impl<A: TimerHandler<T>, T: Timer> ErasedTimer for TypedTimer<A, T> {
    fn due<'a>(&'a self, except: &'a [Uuid], _tx: &'a mut Tx) -> Running<'a, Vec<Uuid>> {
        let due = if except.is_empty() { vec![Uuid::nil()] } else { Vec::new() };
        Box::pin(async { Ok(due) })
    }

    fn run<'a>(&'a self, _ids: &'a [Uuid], tx: &'a mut Tx) -> Running<'a, usize> {
        Box::pin(async move { self.0.run(tx).await.map_err(Into::into) })
    }
}

struct TypedBatchTimer<A, T>(A, PhantomData<fn() -> T>);

impl<A: BatchTimerHandler<T>, T: Timer> ErasedTimer for TypedBatchTimer<A, T> {
    fn due<'a>(&'a self, except: &'a [Uuid], tx: &'a mut Tx) -> Running<'a, Vec<Uuid>> {
        Box::pin(async move { self.0.due(except, tx).await.map_err(Into::into) })
    }

    fn run<'a>(&'a self, ids: &'a [Uuid], tx: &'a mut Tx) -> Running<'a, usize> {
        Box::pin(async move { self.0.run(ids, tx).await.map_err(Into::into) })
    }
}

#[derive(Clone)]
struct Registered {
    name: &'static str,
    every: Duration,
    waits_for_news: bool,
    handler: Arc<dyn ErasedTimer>,
}

/// Everything that falls due in a service.
#[derive(Clone, Default)]
pub struct Timers(BTreeMap<&'static str, Registered>);

impl std::fmt::Debug for Timers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Timers {
    /// Watches `T`.
    #[must_use]
    pub fn handle<T: Timer, A: TimerHandler<T> + Clone>(self, app: &A) -> Self {
        self.watch::<T>(Arc::new(TypedTimer::<A, T>(app.clone(), PhantomData)))
    }

    /// Watches `T`, whose things are done many at a time.
    #[must_use]
    pub fn handle_each<T: Timer, A: BatchTimerHandler<T> + Clone>(self, app: &A) -> Self {
        self.watch::<T>(Arc::new(TypedBatchTimer::<A, T>(app.clone(), PhantomData)))
    }

    fn watch<T: Timer>(mut self, handler: Arc<dyn ErasedTimer>) -> Self {
        let (every, waits_for_news) = (T::EVERY, T::WAITS_FOR_NEWS);
        self.0.insert(T::NAME, Registered { name: T::NAME, every, waits_for_news, handler });
        self
    }

    /// Runs every timer until `stop`; those that wait for news only while the service is `current`.
    pub async fn run(self, db: Db, current: watch::Receiver<bool>, stop: CancellationToken) {
        let timers = self.0.into_values();
        let all = timers.map(|timer| timer.run(db.clone(), current.clone(), stop.clone()));
        futures::future::join_all(all).await;
        stop.cancelled().await;
    }

    /// Does everything that is due now and returns how much that was. For tests.
    ///
    /// # Errors
    /// What the last thing that failed met; the others were done.
    pub async fn run_due(&self, db: &Db) -> Result<usize, Problem> {
        let mut done = 0;
        for timer in self.0.values() {
            let mut late = Late::default();
            done += timer.exhaust(db, &mut late, &CancellationToken::new()).await?;
            if let Some(problem) = late.problem {
                return Err(problem);
            }
        }
        Ok(done)
    }
}

/// What failed, how often, and until when it is left alone. It is tried at once after a new start, which may have
/// brought the cure.
#[derive(Debug, Default)]
struct Late {
    things: HashMap<Uuid, (u32, Timestamp)>,
    problem: Option<Problem>,
}

impl Late {
    fn left_alone(&mut self, now: Timestamp) -> Vec<Uuid> {
        self.things.retain(|_, (_, until)| *until + SignedDuration::from_hours(1) > now);
        self.things.iter().filter(|(_, (_, until))| *until > now).map(|(id, _)| *id).collect()
    }

    fn put_off(&mut self, timer: &'static str, id: Uuid, problem: Problem, now: Timestamp) {
        let (failed, until) = self.things.entry(id).or_insert((0, now));
        *failed += 1;
        *until = now + pause_after(*failed);
        tracing::error!(
            timer, %id, problem = problem.slug, cause = problem.cause, failed, %until,
            "what fell due could not be done and is put off"
        );
        metrics::counter!("mall_timer_failed_total", "timer" => timer).increment(1);
        self.problem = Some(problem);
    }
}

impl Registered {
    async fn run(self, db: Db, mut current: watch::Receiver<bool>, stop: CancellationToken) {
        let mut tick = tokio::time::interval(self.every);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut late, mut failed) = (Late::default(), 0_u32);
        let mut moved = db.wakers().clock().subscribe();
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                Ok(()) = moved.changed() => {}
                () = stop.cancelled() => return,
            }
            if self.waits_for_news {
                tokio::select! {
                    news = current.wait_for(|current| *current) => if news.is_err() { return },
                    () = stop.cancelled() => return,
                }
            }
            let Err(problem) = self.exhaust(&db, &mut late, &stop).await else {
                failed = 0;
                continue;
            };
            failed += 1;
            if failed.is_power_of_two() {
                tracing::warn!(
                    timer = self.name,
                    problem = problem.slug,
                    cause = problem.cause,
                    failed,
                    "a timer failed"
                );
            }
        }
    }

    /// Does what is due, a hundred things in a transaction, or one in each when there is one among them that fails.
    async fn exhaust(
        &self,
        db: &Db,
        late: &mut Late,
        stop: &CancellationToken,
    ) -> Result<usize, Problem> {
        let mut done = 0;
        while !stop.is_cancelled() {
            let except = late.left_alone(db.clock().now());
            let mut tx = db.begin().await?;
            let due = db.within(UNIT, unbroken(self.handler.due(&except, &mut tx))).await;
            let ids = due??;
            if ids.is_empty() {
                break;
            }
            match self.attempt(db, &ids, tx).await {
                Ok(0) => break,
                Ok(taken) => {
                    late.things.retain(|id, _| !ids.contains(id));
                    done += taken;
                }
                Err(problem) if is_away(&problem) => return Err(problem),
                Err(problem) => done += self.attempt_each(db, late, &ids, problem).await?,
            }
        }
        Ok(done)
    }

    async fn attempt_each(
        &self,
        db: &Db,
        late: &mut Late,
        ids: &[Uuid],
        problem: Problem,
    ) -> Result<usize, Problem> {
        let now = db.clock().now();
        if let [id] = ids {
            late.put_off(self.name, *id, problem, now);
            return Ok(0);
        }
        let mut done = 0;
        for id in ids {
            let tx = db.begin().await?;
            match self.attempt(db, &[*id], tx).await {
                Ok(taken) => done += taken,
                Err(problem) if is_away(&problem) => return Err(problem),
                Err(problem) => late.put_off(self.name, *id, problem, now),
            }
        }
        Ok(done)
    }

    async fn attempt(&self, db: &Db, ids: &[Uuid], mut tx: Tx) -> Result<usize, Problem> {
        let attempted = db.within(UNIT, async {
            let taken = unbroken(self.handler.run(ids, &mut tx)).await?;
            if taken > 0 {
                tx.commit().await?;
            }
            Ok(taken)
        });
        attempted.await?
    }
}

async fn unbroken<T>(doing: Running<'_, T>) -> Result<T, Problem> {
    let done = AssertUnwindSafe(doing).catch_unwind().await;
    done.unwrap_or_else(|panic| Err(Problem::internal(said_at_panic(&*panic))))
}

/// What is away is waited for: it is nobody's fault among those that are due.
fn is_away(problem: &Problem) -> bool {
    problem.status == StatusCode::SERVICE_UNAVAILABLE.as_u16()
}
