//! Taking a batch of records in: one transaction for the offset, the inbox, the handlers and what they say.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::http::StatusCode;
use futures::FutureExt;
use tracing::Instrument;

use crate::db::Db;
use crate::dead_letters;
use crate::fail;
use crate::inbox::Inbox;
use crate::problem::Problem;
use crate::record::{Meta, Record};
use crate::subscriptions::{Handlers, Kind};
use crate::telemetry;
use crate::tx::{Cause, Tx};

mod place;

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
    pub handlers: Handlers,
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
    /// Records known already (below the offset, or a producer's duplicate), or heard by others only.
    pub known: usize,
    /// Records put aside.
    pub parked: usize,
}

/// Why a batch was not taken in. Nothing of it happened.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The database failed.
    #[error("the batch could not be written")]
    Db(#[from] sqlx::Error),
    /// A handler failed; the index of the record and its problem.
    #[error("record {index} could not be handled: {}", problem.slug)]
    Handler {
        /// Which record of the batch.
        index: usize,
        /// Why.
        problem: Box<Problem>,
    },
    /// The database knows less than it did: it was restored, or it failed over to a copy that lacks commits.
    #[error(
        "the database went back: it had taken in everything below {believed}, now below {stored}"
    )]
    WentBack {
        /// Where it stood when this process last saw it.
        believed: i64,
        /// Where it stands.
        stored: i64,
    },
    /// A test stopped the process here.
    #[error(transparent)]
    Crash(#[from] fail::Crash),
}

/// Records of one partition that are taken in together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Batch<'r> {
    /// In the order of their offsets.
    pub records: &'r [Record],
    /// Where the database stood when this process last saw it; nothing when it never looked.
    pub believed: Option<i64>,
}

impl Batch<'_> {
    /// Where to go on behind the batch.
    fn end(&self) -> i64 {
        self.records.last().map_or(0, |last| last.offset + 1)
    }
}

/// A batch, or where another process has come to meanwhile.
enum Taken {
    In(Applied),
    Overtaken(i64),
}

impl Consumer {
    /// Takes in records of one partition, in order, in one transaction.
    pub async fn apply(&self, records: &[Record]) -> Result<Applied, ApplyError> {
        self.take(Batch { records, believed: None }).await
    }

    /// Whether the record is for this consumer: it hears it, or nobody knows it.
    #[must_use]
    pub fn concerns(&self, record: &Record) -> bool {
        self.handlers.hears(record.name()) || !contracts::knows(record.name())
    }

    /// Takes a batch in. What others hear only is passed over, without a transaction when there is nothing else.
    pub(crate) async fn take(&self, batch: Batch<'_>) -> Result<Applied, ApplyError> {
        let all = batch.records.iter().enumerate();
        let ours: Vec<(usize, &Record)> = all.filter(|(_, r)| self.concerns(r)).collect();
        let Some((_, first)) = ours.first() else {
            let known = batch.records.len();
            return Ok(Applied { next_offset: batch.end(), known, ..Applied::default() });
        };
        let mut believed = match batch.believed {
            Some(believed) => believed,
            None => self.stored_at(first).await?,
        };
        loop {
            match self.try_take(batch, &ours, believed).await? {
                Taken::In(applied) => return Ok(applied),
                Taken::Overtaken(stored) => believed = stored,
            }
        }
    }

    async fn try_take(
        &self,
        batch: Batch<'_>,
        ours: &[(usize, &Record)],
        believed: i64,
    ) -> Result<Taken, ApplyError> {
        let records = batch.records;
        let mut tx = self.db.begin().await?;
        let mut inbox = Inbox::of(self, ours.iter().map(|(_, r)| *r));
        let opened = self.open(&mut tx, batch, ours, &inbox).await?;
        let stored = opened.stored;
        if stored < believed {
            return Err(ApplyError::WentBack { believed, stored });
        }
        if stored > believed {
            // What the statement saw may be older than the lock it waited for.
            return Ok(Taken::Overtaken(stored));
        }
        inbox.opened(&mut tx, self, opened.new).await?;
        let fresh: Vec<_> = ours.iter().copied().filter(|(_, r)| r.offset >= stored).collect();
        let mut done = Applied {
            next_offset: stored.max(batch.end()),
            known: records.len(),
            ..Applied::default()
        };
        let fresh = if opened.waiting {
            let (waiting, fresh) = dead_letters::behind(&mut tx, self, fresh).await?;
            inbox.unread(&mut tx, self, &waiting).await?;
            for record in &waiting {
                dead_letters::park(&mut tx, self, record).await?;
            }
            done.parked = waiting.len();
            fresh
        } else {
            fresh
        };
        match self.handle_all(&fresh, &mut inbox, &mut tx).await {
            Ok(applied) => done.applied = applied,
            Err((_, problem)) if !problem.may_pass() && records.len() == 1 => {
                // The handler may have left half its work behind: begin again, with the letter only.
                drop(tx);
                return self.give_up(&records[0], &problem).await.map(Taken::In);
            }
            Err((index, problem)) => {
                return Err(ApplyError::Handler { index, problem: Box::new(problem) });
            }
        }
        done.known -= done.applied + done.parked;
        fail::point(&self.db, "consumer.before_commit")?;
        tx.commit().await?;
        fail::point(&self.db, "consumer.after_commit")?;
        Ok(Taken::In(done))
    }

    /// Puts a record aside, unless somebody else took it in meanwhile.
    pub async fn give_up(&self, record: &Record, problem: &Problem) -> Result<Applied, ApplyError> {
        let mut tx = self.db.begin().await?;
        let start = self.lock_offset(&mut tx, record).await?;
        if record.offset < start {
            return Ok(Applied { next_offset: start, known: 1, ..Applied::default() });
        }
        if let Ok(meta) = record.meta() {
            let traceparent = meta.traceparent.clone();
            tx.set_cause(cause_of(&meta, traceparent));
        }
        if problem.is_not_yet() {
            dead_letters::postpone(&mut tx, self, record, problem).await?;
        } else {
            dead_letters::add(&mut tx, self, record, problem).await?;
        }
        self.advance(&mut tx, record).await?;
        fail::point(&self.db, "consumer.before_commit")?;
        tx.commit().await?;
        fail::point(&self.db, "consumer.after_commit")?;
        Ok(Applied { next_offset: record.offset + 1, parked: 1, ..Applied::default() })
    }

    /// Hands the records to their handlers, in order; returns how many were new. On failure: which record, and why.
    pub(crate) async fn handle_all(
        &self,
        records: &[(usize, &Record)],
        inbox: &mut Inbox,
        tx: &mut Tx,
    ) -> Result<usize, (usize, Problem)> {
        let mut heard: Vec<(usize, Delivery<'_>)> = Vec::with_capacity(records.len());
        for (index, record) in records {
            match self.admit(record, inbox) {
                Ok(Some(meta)) => heard.push((*index, Delivery { record, meta })),
                Ok(None) => {}
                Err(problem) => return Err((*index, problem)),
            }
        }
        let whole = |a: &Delivery<'_>, b: &Delivery<'_>| {
            a.meta.name == b.meta.name && self.handlers.takes_many(&a.meta.name)
        };
        let total = heard.len();
        let alike = heard.chunk_by(|(_, a), (_, b)| a.meta.name == b.meta.name).next();
        self.handlers.lock(alike.unwrap_or_default(), tx).await.map_err(|problem| (0, problem))?;
        for run in heard.chunk_by(|(_, a), (_, b)| whole(a, b)) {
            let Some((index, _)) = run.first() else { continue };
            let run: Vec<&Delivery<'_>> = run.iter().map(|(_, heard)| heard).collect();
            self.pass(&run, tx).await.map_err(|problem| (*index, problem))?;
        }
        Ok(total)
    }

    /// What the record says about itself; nothing when it is known or not for us.
    fn admit(&self, record: &Record, inbox: &mut Inbox) -> Result<Option<Meta>, Problem> {
        if !self.handlers.hears(record.name()) {
            let known = contracts::knows(record.name());
            return if known { Ok(None) } else { Err(unknown(record)) };
        }
        let meta = record.meta().map_err(unreadable)?;
        let id = meta.id.as_uuid();
        let new = match self.kind {
            Kind::Effect => inbox.take(id, record)?,
            Kind::Projection => inbox.holds(id),
        };
        Ok(new.then_some(meta))
    }

    /// One record, or a run of records for a handler that takes many.
    async fn pass(&self, run: &[&Delivery<'_>], tx: &mut Tx) -> Result<(), Problem> {
        let Some(Delivery { meta, .. }) = run.first() else { return Ok(()) };
        let span = tracing::info_span!(
            "hear", otel.name = %format_args!("{}.hear {}", self.service, meta.name),
            otel.kind = "consumer", service = self.service, event = %meta.name,
            event.id = %meta.id, checkout.id = %meta.correlation, events = run.len()
        );
        telemetry::adopt(&span, &meta.traceparent);
        let started = std::time::Instant::now();
        let passed = async {
            tx.set_cause(cause_of(meta, telemetry::traceparent()));
            AssertUnwindSafe(self.handlers.pass(run, tx)).catch_unwind().await
        }
        .instrument(span)
        .await;
        metrics::histogram!("mall_handler_seconds", "service" => self.service, "event" => meta.name.clone())
            .record(started.elapsed());
        passed.unwrap_or_else(|panic| Err(panicked(&*panic)))?;
        // Found here and not at the commit, it is the fault of this record alone.
        tx.unsayable().map_or(Ok(()), Err)
    }
}

fn cause_of(meta: &Meta, traceparent: String) -> Cause {
    Cause {
        event: Some(meta.id),
        correlation: Some(meta.correlation.clone()).filter(|c| !c.is_empty()),
        traceparent,
    }
}

/// A record that is to be handled, and what its headers say.
#[derive(Debug)]
pub(crate) struct Delivery<'r> {
    pub record: &'r Record,
    pub meta: Meta,
}

pub(crate) fn unknown(record: &Record) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "event/unknown", "Nobody knows this event")
        .with_detail(format!("ce_type is {:?}", record.name()))
}

pub(crate) fn unreadable(header: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "event/unreadable", "The event is unreadable")
        .with_detail(format!("the header {header} is missing or makes no sense"))
}

pub(crate) fn panicked(panic: &(dyn Any + Send)) -> Problem {
    let mut problem =
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "event/panicked", "The handler broke");
    problem.cause = crate::problem::said_at_panic(panic);
    problem
}
