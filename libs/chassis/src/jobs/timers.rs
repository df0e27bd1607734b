//! Things that happen because time passed. Those that decide over what others said wait while the service is behind.

use std::collections::BTreeMap;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::db::Db;
use crate::events::tx::Tx;
use crate::problem::Problem;

mod running;
use running::Late;

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
