//! A timer at work: what is due is done, and what fails is put off.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;

use axum::http::StatusCode;
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Registered, Running};
use crate::db::{Db, UNIT};
use crate::events::tx::Tx;
use crate::jobs::runner::pause_after;
use crate::problem::{Problem, said_at_panic};

/// What failed, how often, and until when it is left alone. It is tried at once after a new start, which may have
/// brought the cure.
#[derive(Debug, Default)]
pub(super) struct Late {
    things: HashMap<Uuid, (u32, Timestamp)>,
    pub(super) problem: Option<Problem>,
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
    pub(super) async fn run(
        self,
        db: Db,
        mut current: watch::Receiver<bool>,
        stop: CancellationToken,
    ) {
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
            if self.waits_for_news && !is_current(&mut current, &stop).await {
                return;
            }
            let Err(problem) = self.exhaust(&db, &mut late, &stop).await else {
                failed = 0;
                continue;
            };
            failed += 1;
            if failed.is_power_of_two() {
                let (timer, slug, cause) = (self.name, problem.slug, &problem.cause);
                tracing::warn!(timer, problem = slug, cause, failed, "a timer failed");
            }
        }
    }

    /// Does what is due, a hundred things in a transaction, or one in each when there is one among them that fails.
    pub(super) async fn exhaust(
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

/// Waits until the service is current; false when it ends instead.
async fn is_current(current: &mut watch::Receiver<bool>, stop: &CancellationToken) -> bool {
    tokio::select! {
        news = current.wait_for(|current| *current) => news.is_ok(),
        () = stop.cancelled() => false,
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
