//! Handing records to their handlers, in order.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use tracing::Instrument;

use super::consumer::Consumer;
use super::inbox::Inbox;
use super::record::{Delivery, Meta, Record, unreadable};
use super::subscriptions::Kind;
use super::tx::{Cause, Tx};
use crate::problem::{Problem, said_at_panic};
use crate::telemetry;

impl Consumer {
    /// Hands the records to their handlers, in order; returns how many were new. On failure: which record, and why.
    pub(crate) async fn handle_all(
        &self,
        records: &[(usize, &Record)],
        inbox: &mut Inbox,
        tx: &mut Tx,
    ) -> Result<usize, (usize, Problem)> {
        let heard = self.admit_all(records, inbox)?;
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

    fn admit_all<'r>(
        &self,
        records: &[(usize, &'r Record)],
        inbox: &mut Inbox,
    ) -> Result<Vec<(usize, Delivery<'r>)>, (usize, Problem)> {
        let mut heard = Vec::with_capacity(records.len());
        for (index, record) in records {
            match self.admit(record, inbox) {
                Ok(Some(meta)) => heard.push((*index, Delivery { record, meta })),
                Ok(None) => {}
                Err(problem) => return Err((*index, problem)),
            }
        }
        Ok(heard)
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

/// What an event's handling comes from.
pub(crate) fn cause_of(meta: &Meta, traceparent: String) -> Cause {
    Cause {
        event: Some(meta.id),
        correlation: Some(meta.correlation.clone()).filter(|c| !c.is_empty()),
        traceparent,
    }
}

fn unknown(record: &Record) -> Problem {
    Problem::new(422, "event/unknown", "Nobody knows this event")
        .with_detail(format!("ce_type is {:?}", record.name()))
}

fn panicked(panic: &(dyn Any + Send)) -> Problem {
    let mut problem = Problem::new(422, "event/panicked", "The handler broke");
    problem.cause = said_at_panic(panic);
    problem
}
