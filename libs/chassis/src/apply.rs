//! Taking a batch of records in: one transaction for the offset, the inbox, the handlers and what they say.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;

use axum::http::StatusCode;
use futures::FutureExt;
use jiff_sqlx::ToSqlx;
use sqlx::Row;
use tracing::Instrument;
use uuid::Uuid;

use crate::db::{Db, DbError};
use crate::dead_letters;
use crate::fail;
use crate::listeners::{Doors, Kind};
use crate::problem::Problem;
use crate::record::{Meta, Record};
use crate::telemetry;
use crate::tx::{Cause, Tx};

/// One consumer of a service: its name, what it hears, and whether it may start over.
#[derive(Clone)]
pub struct Consumer {
    /// The consumer's name: `order` for effects, `order.copies` for projections.
    pub name: String,
    /// The service it belongs to.
    pub service: &'static str,
    /// Effect or projection.
    pub kind: Kind,
    /// What it hears.
    pub doors: Doors,
    /// Where it writes.
    pub db: Db,
}

/// What came of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Where to go on.
    pub next_offset: i64,
    /// Events handed to a handler.
    pub applied: usize,
    /// Records known already: below the offset, or a producer's duplicate.
    pub known: usize,
    /// Records put aside.
    pub parked: usize,
}

/// Why a batch was not taken in. Nothing of it happened.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The database failed.
    #[error("the batch could not be written")]
    Db(#[from] DbError),
    /// A handler failed; the index of the record and its problem.
    #[error("record {index} could not be handled: {}", problem.slug)]
    Handler {
        /// Which record of the batch.
        index: usize,
        /// Why.
        problem: Box<Problem>,
    },
    /// A test stopped the process here.
    #[error(transparent)]
    Crash(#[from] fail::Crash),
}

impl From<sqlx::Error> for ApplyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl Consumer {
    /// Takes in records of one partition, in order, in one transaction.
    pub async fn apply(&self, records: &[Record]) -> Result<Applied, ApplyError> {
        let Some(first) = records.first() else { return Ok(Applied::default()) };
        let mut tx = self.db.begin().await?;
        let start = self.lock_offset(&mut tx, first).await?;
        let fresh: Vec<(usize, &Record)> =
            records.iter().enumerate().filter(|(_, r)| r.offset >= start).collect();
        let mut done =
            Applied { next_offset: start, known: records.len() - fresh.len(), ..Applied::default() };
        let Some(&(_, last)) = fresh.last() else { return Ok(done) };

        let mut blocked = dead_letters::blocked(tx.conn(), self, &fresh).await?;
        let mut unheard = self.remember(&mut tx, &fresh).await?;
        for (index, record) in fresh {
            if blocked.contains(record.key.as_str()) {
                dead_letters::park(&mut tx, self, record).await?;
                done.parked += 1;
                continue;
            }
            match self.hear(record, &mut unheard, &mut tx).await {
                Ok(Heard::Applied) => done.applied += 1,
                Ok(Heard::Known) => done.known += 1,
                Err(problem) if !problem.may_pass() && records.len() == 1 => {
                    // The handler may have left half its work behind: begin again, with the letter only.
                    drop(tx);
                    tx = self.db.begin().await?;
                    self.lock_offset(&mut tx, record).await?;
                    dead_letters::bury(&mut tx, self, record, &problem).await?;
                    blocked.insert(record.key.clone());
                    done.parked += 1;
                }
                Err(problem) => {
                    return Err(ApplyError::Handler { index, problem: Box::new(problem) });
                }
            }
        }

        done.next_offset = last.offset + 1;
        self.advance(&mut tx, last).await?;
        fail::point("consumer.before_commit")?;
        tx.commit().await?;
        fail::point("consumer.after_commit")?;
        Ok(done)
    }

    /// Puts a record aside that failed for too long, although trying again might have helped.
    pub async fn give_up(&self, record: &Record, problem: &Problem) -> Result<Applied, ApplyError> {
        let mut tx = self.db.begin().await?;
        let start = self.lock_offset(&mut tx, record).await?;
        if record.offset >= start {
            dead_letters::bury(&mut tx, self, record, problem).await?;
            self.advance(&mut tx, record).await?;
        }
        tx.commit().await?;
        Ok(Applied { next_offset: start.max(record.offset + 1), parked: 1, ..Applied::default() })
    }

    async fn lock_offset(&self, tx: &mut Tx, record: &Record) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(
            "insert into chassis.consumer_offset as o (consumer, topic, partition, next_offset)
             values ($1, $2, $3, 0)
             on conflict (consumer, topic, partition) do update set next_offset = o.next_offset
             returning next_offset",
        )
        .bind(&self.name)
        .bind(&*record.topic)
        .bind(record.partition)
        .fetch_one(tx.conn())
        .await
    }

    async fn advance(&self, tx: &mut Tx, last: &Record) -> Result<(), sqlx::Error> {
        sqlx::query(
            "update chassis.consumer_offset set next_offset = $4
              where consumer = $1 and topic = $2 and partition = $3",
        )
        .bind(&self.name)
        .bind(&*last.topic)
        .bind(last.partition)
        .bind(last.offset + 1)
        .execute(tx.conn())
        .await
        .map(drop)
    }

    /// Remembers the ids of events this consumer hears. Returns those it had not heard before.
    ///
    /// Projections do not: they are guarded by version, so that they can start over.
    async fn remember(
        &self,
        tx: &mut Tx,
        fresh: &[(usize, &Record)],
    ) -> Result<HashSet<Uuid>, sqlx::Error> {
        let ids: Vec<Uuid> = fresh
            .iter()
            .filter(|(_, r)| self.doors.hears(r.name()))
            .filter_map(|(_, r)| r.headers.get("ce_id").and_then(|id| id.parse().ok()))
            .collect();
        if self.kind == Kind::Projection || ids.is_empty() {
            return Ok(ids.into_iter().collect());
        }
        let now = tx.now().to_sqlx();
        let new = sqlx::query(
            "insert into chassis.inbox (consumer, event_id, heard_at)
             select $1, id, $3 from (select distinct unnest($2::uuid[]) as id) ids order by id
             on conflict do nothing
             returning event_id",
        )
        .bind(&self.name)
        .bind(&ids)
        .bind(now)
        .fetch_all(tx.conn())
        .await?;
        new.iter().map(|row| row.try_get("event_id")).collect()
    }

    async fn hear(
        &self,
        record: &Record,
        unheard: &mut HashSet<Uuid>,
        tx: &mut Tx,
    ) -> Result<Heard, Problem> {
        if !self.doors.hears(record.name()) {
            let known = contracts::knows(record.name());
            return if known { Ok(Heard::Known) } else { Err(unknown(record)) };
        }
        let meta = record.meta().map_err(|header| unreadable(header))?;
        if !unheard.contains(&meta.id.as_uuid()) {
            return Ok(Heard::Known);
        }
        if self.kind == Kind::Effect {
            unheard.remove(&meta.id.as_uuid());
        }
        self.pass(record, &meta, tx).await.map(|()| Heard::Applied)
    }

    pub(crate) async fn pass(
        &self,
        record: &Record,
        meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Problem> {
        let span = tracing::info_span!(
            "hear", otel.name = %format_args!("{}.hear {}", self.service, meta.name),
            otel.kind = "consumer", service = self.service, event = %meta.name,
            event.id = %meta.id, checkout.id = %meta.correlation
        );
        telemetry::adopt(&span, &meta.traceparent);
        let started = std::time::Instant::now();
        let passed = async {
            tx.set_cause(Cause {
                event: Some(meta.id),
                correlation: Some(meta.correlation.clone()).filter(|c| !c.is_empty()),
                traceparent: telemetry::traceparent(),
            });
            AssertUnwindSafe(self.doors.pass(record, meta, tx)).catch_unwind().await
        }
        .instrument(span)
        .await;
        metrics::histogram!("mall_handler_seconds", "service" => self.service, "event" => meta.name.clone())
            .record(started.elapsed());
        passed.unwrap_or_else(|_| Err(panicked()))
    }
}

enum Heard {
    Applied,
    Known,
}

fn unknown(record: &Record) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "event/unknown", "Nobody knows this event")
        .with_detail(format!("ce_type is {:?}", record.name()))
}

fn unreadable(header: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "event/unreadable", "The event is unreadable")
        .with_detail(format!("the header {header} is missing or makes no sense"))
}

fn panicked() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "event/panicked", "The handler broke")
}
