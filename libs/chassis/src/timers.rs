//! Things that happen because time passed. They wait until the service has caught up with what it should have heard.

use std::collections::BTreeMap;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::db::Db;
use crate::problem::{Explain, Problem, said_at_panic};
use crate::tx::Tx;

/// One kind of thing that falls due.
pub trait Timer: Send + Sync + 'static {
    /// Its name, for example `order.expire_unpaid`.
    const NAME: &'static str;
    /// How often to look.
    const EVERY: Duration = Duration::from_secs(1);
}

/// Does what fell due.
pub trait Tick<T: Timer>: Send + Sync + 'static {
    /// The service's error.
    type Error: Explain;

    /// Takes up to a hundred due things in one transaction (`for update skip locked`), by the clock of `tx`.
    /// Returns how many there were; it is called again until there are none.
    fn tick(&self, tx: &mut Tx) -> impl Future<Output = Result<usize, Self::Error>> + Send;
}

type Ticking<'a> = Pin<Box<dyn Future<Output = Result<usize, Problem>> + Send + 'a>>;

trait Hand: Send + Sync {
    fn tick<'a>(&'a self, tx: &'a mut Tx) -> Ticking<'a>;
}

struct Bound<A, T>(Arc<A>, PhantomData<fn() -> T>);

impl<A: Tick<T>, T: Timer> Hand for Bound<A, T> {
    fn tick<'a>(&'a self, tx: &'a mut Tx) -> Ticking<'a> {
        Box::pin(async move { self.0.tick(tx).await.map_err(|e| Problem::of(&e)) })
    }
}

/// Everything that falls due in a service.
#[derive(Clone, Default)]
pub struct Timers {
    hands: BTreeMap<&'static str, (Duration, Arc<dyn Hand>)>,
}

impl std::fmt::Debug for Timers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.hands.keys()).finish()
    }
}

impl Timers {
    /// Watches `T`.
    #[must_use]
    pub fn on<T: Timer, A: Tick<T> + Clone>(mut self, app: &A) -> Self {
        let hand: Arc<dyn Hand> = Arc::new(Bound::<A, T>(Arc::new(app.clone()), PhantomData));
        self.hands.insert(T::NAME, (T::EVERY, hand));
        self
    }

    /// Runs every timer until `stop`, from the moment the service has caught up.
    pub(crate) async fn run(
        self,
        db: Db,
        mut caught_up: watch::Receiver<bool>,
        stop: CancellationToken,
    ) {
        let ready = tokio::select! {
            ready = caught_up.wait_for(|up| *up) => ready.is_ok(),
            () = stop.cancelled() => false,
        };
        if !ready {
            return;
        }
        let hands = self.hands.into_iter().map(|(name, (every, hand))| {
            let (db, stop) = (db.clone(), stop.clone());
            async move {
                let mut tick = tokio::time::interval(every);
                let mut failed = 0_u32;
                loop {
                    tokio::select! {
                        _ = tick.tick() => {}
                        () = stop.cancelled() => return,
                    }
                    let Err(problem) = exhaust(&db, &*hand, &stop).await else {
                        failed = 0;
                        continue;
                    };
                    failed += 1;
                    if failed.is_power_of_two() {
                        tracing::warn!(
                            timer = name,
                            problem = problem.slug,
                            cause = problem.cause,
                            failed,
                            "a timer failed"
                        );
                    }
                }
            }
        });
        futures::future::join_all(hands).await;
        stop.cancelled().await;
    }

    /// Does everything that is due now and returns how much that was. For tests.
    pub async fn run_due(&self, db: &Db) -> Result<usize, Problem> {
        let mut done = 0;
        for (_, hand) in self.hands.values() {
            done += exhaust(db, &**hand, &CancellationToken::new()).await?;
        }
        Ok(done)
    }
}

async fn exhaust(db: &Db, hand: &dyn Hand, stop: &CancellationToken) -> Result<usize, Problem> {
    let mut done = 0;
    while !stop.is_cancelled() {
        let mut tx = db.begin().await.map_err(|e| Problem::of_db(&e))?;
        let ticked = AssertUnwindSafe(hand.tick(&mut tx)).catch_unwind().await;
        let taken =
            ticked.unwrap_or_else(|panic| Err(Problem::internal(said_at_panic(&*panic))))?;
        if taken == 0 {
            break;
        }
        tx.commit().await.map_err(|e| Problem::of_db(&e))?;
        done += taken;
    }
    Ok(done)
}
