//! One attempt at one job: act outside, then record and forget it in one transaction, if the lease is still ours.

use std::convert::Infallible;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::{FutureExt, TryFutureExt};
use jiff_sqlx::ToSqlx;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;

use super::{Job, JobHandler, LEASE_S};
use crate::db::office::Leased;
use crate::db::{Db, UNIT};
use crate::events::tx::{Cause, Tx};
use crate::fail;
use crate::problem::{Problem, said_at_panic};

/// Three times in a lease, so that one may fail.
const RENEW: Duration = Duration::from_secs(3);

/// What came of one attempt.
pub(super) enum Attempt {
    Done,
    TakenOver,
    Later(Problem),
    Never(Problem),
    Died(fail::Crash),
}

pub(super) type Running<'a> = Pin<Box<dyn Future<Output = Attempt> + Send + 'a>>;

pub(super) trait ErasedJob: Send + Sync {
    fn attempt<'a>(&'a self, db: &'a Db, job: &'a Leased) -> Running<'a>;
}

pub(super) struct TypedJob<A, J>(pub Arc<A>, pub PhantomData<fn() -> J>);

impl<A: JobHandler<J>, J: Job> ErasedJob for TypedJob<A, J> {
    fn attempt<'a>(&'a self, db: &'a Db, leased: &'a Leased) -> Running<'a> {
        Box::pin(async move {
            let attempt = AssertUnwindSafe(self.try_once(db, leased)).catch_unwind().await;
            match attempt {
                Ok(Ok(attempt)) => attempt,
                Ok(Err(crash)) => Attempt::Died(crash),
                Err(panic) => {
                    self.failed(db, leased, Problem::internal(said_at_panic(&*panic))).await
                }
            }
        })
    }
}

impl<A: JobHandler<J>, J: Job> TypedJob<A, J> {
    async fn try_once(&self, db: &Db, leased: &Leased) -> Result<Attempt, fail::Crash> {
        let job: J = match serde_json::from_value(leased.payload.clone()) {
            Ok(job) => job,
            Err(error) => {
                return Ok(self.failed(db, leased, Problem::unreadable_event(&error)).await);
            }
        };
        if leased.attempts > J::MAX_ATTEMPTS {
            let cause = "the process died in each attempt".to_owned();
            return Ok(self.failed(db, leased, Problem::internal(cause)).await);
        }
        fail::point(db, "job.before_act")?;
        let acted = tokio::select! {
            acted = tokio::time::timeout(J::TIMEOUT, self.0.run(&job).err_into::<Problem>()) => acted,
            never = hold(db, leased) => match never {},
        };
        let problem = match acted {
            Ok(Ok(made)) => {
                fail::point(db, "job.after_act")?;
                let finishing = finish(db, leased, async |tx| {
                    self.0.complete(job, made, tx).await.map_err(Into::into)
                });
                match db.within(UNIT, finishing).await {
                    Ok(Ok(Ok(true))) => return Ok(Attempt::Done),
                    Ok(Ok(Ok(false))) => return Ok(Attempt::TakenOver),
                    Ok(Ok(Err(problem))) => problem,
                    Ok(Err(crash)) => return Err(crash),
                    Err(silent) => silent.into(),
                }
            }
            Ok(Err(problem)) => problem,
            Err(_) => Problem::new(503, "timeout", "It took too long"),
        };
        Ok(self.failed(db, leased, problem).await)
    }

    /// Tries again later, unless that cannot help or was done often enough.
    async fn failed(&self, db: &Db, leased: &Leased, problem: Problem) -> Attempt {
        if problem.may_pass() && leased.attempts < J::MAX_ATTEMPTS {
            return Attempt::Later(problem);
        }
        let job = serde_json::from_value::<J>(leased.payload.clone()).ok();
        let giving_up = give_up(db, leased, &problem, async |tx| match job {
            Some(job) => self.0.fail(job, &problem, tx).await.map_err(Into::into),
            None => Ok(()),
        });
        match db.within(UNIT, giving_up).await {
            Ok(Ok(true)) => Attempt::Never(problem),
            Ok(Ok(false)) => Attempt::TakenOver,
            Ok(Err(trouble)) => Attempt::Later(trouble),
            Err(silent) => Attempt::Later(silent.into()),
        }
    }
}

/// Renews the lease while the work goes on. One that has run out stays so: somebody else may be at it by now, and
/// then what he records counts.
async fn hold(db: &Db, leased: &Leased) -> Infallible {
    loop {
        tokio::time::sleep(RENEW).await;
        let renewing = sqlx::query(
            "update chassis.job set lease_until = now() + $3::integer * interval '1 s'
              where id = $1 and lease = $2 and lease_until >= now()",
        )
        .bind(leased.id)
        .bind(leased.lease)
        .bind(LEASE_S);
        let renewed = db.within(RENEW, async { renewing.execute(&mut *db.lend().await?).await });
        if let Err(error) = renewed.await.flatten() {
            tracing::warn!(%error, "the lease of job {} could not be renewed", leased.id);
        }
    }
}

/// Records and forgets the job in one transaction. False if the lease is not ours any more: nothing was recorded.
async fn finish(
    db: &Db,
    leased: &Leased,
    record: impl AsyncFnOnce(&mut Tx) -> Result<(), Problem>,
) -> Result<Result<bool, Problem>, fail::Crash> {
    let sql = "delete from chassis.job where id = $1 and lease = $2";
    let tx = match settle(db, sqlx::query(sql).bind(leased.id).bind(leased.lease), record).await {
        Ok(Some(tx)) => tx,
        Ok(None) => return Ok(Ok(false)),
        Err(problem) => return Ok(Err(problem)),
    };
    fail::point(db, "job.before_commit")?;
    if let Err(error) = tx.commit().await {
        return Ok(Err(error.into()));
    }
    fail::point(db, "job.after_commit")?;
    Ok(Ok(true))
}

/// Marks the job as failed for good. False if the lease is not ours any more.
async fn give_up(
    db: &Db,
    leased: &Leased,
    problem: &Problem,
    record: impl AsyncFnOnce(&mut Tx) -> Result<(), Problem>,
) -> Result<bool, Problem> {
    let sql =
        "update chassis.job set failed_at = $3, last_error = $4, lease = null, lease_until = null
                where id = $1 and lease = $2";
    let now = db.clock().now().to_sqlx();
    let marked = sqlx::query(sql).bind(leased.id).bind(leased.lease).bind(now).bind(problem.slug);
    let Some(tx) = settle(db, marked, record).await? else { return Ok(false) };
    tx.commit().await?;
    Ok(true)
}

/// Changes the job's row and records what came of it, in one transaction that is not committed yet; nothing if the
/// lease is not ours any more.
async fn settle(
    db: &Db,
    change: Query<'_, Postgres, PgArguments>,
    record: impl AsyncFnOnce(&mut Tx) -> Result<(), Problem>,
) -> Result<Option<Tx>, Problem> {
    let mut tx = db.begin().await?;
    tx.set_cause(Cause::from_here());
    let changed = change.execute(tx.conn()).await?;
    if changed.rows_affected() == 0 {
        return Ok(None);
    }
    record(&mut tx).await?;
    Ok(Some(tx))
}
