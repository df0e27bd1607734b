//! What a service subscribes to: one `impl EventHandler<SomeFact> for App` per event, listed in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use contracts::Event;

use super::record::{Delivery, Meta, Record, unreadable};
use super::tx::Tx;
use crate::problem::Problem;

mod listed;

pub use listed::Subscriptions;

/// Handles one kind of event, inside the transaction that remembers having handled it.
///
/// An event cannot be refused. An error of status 5xx is tried again with backoff; any other puts the event into
/// `dead_letter` with its problem, and later events of the same key wait behind it.
pub trait EventHandler<E: Event>: Send + Sync + 'static {
    /// Takes the event in. Nothing slow or outside happens here: schedule a job instead.
    fn handle(
        &self,
        event: E,
        meta: &Meta,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), impl Into<Problem> + Send>> + Send;

    /// The thing of a state topic is gone for good. Most state is never taken back.
    fn handle_tombstone(
        &self,
        meta: &Meta,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), impl Into<Problem> + Send>> + Send {
        let _ = (meta, tx);
        async { Ok::<(), Problem>(()) }
    }
}

/// Locks what many events will want, before the first of them is handled.
///
/// A handler that locks several rows does so in one order, so that two events never wait for each other. A batch holds
/// the locks of all its events: they have to be taken in one order too. A batch of such events ends where another kind
/// of event begins.
pub trait LockingHandler<E: Event>: EventHandler<E> {
    /// Locks the rows that `events` want, in the order in which a single event locks its own.
    fn lock(
        &self,
        events: &[E],
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), impl Into<Problem> + Send>> + Send;
}

/// Handles many events of one kind at once, for hot paths: one statement can take them all in.
///
/// Order within the run is order of the partition. When it fails, the events come again one by one.
pub trait BatchHandler<E: Event>: Send + Sync + 'static {
    /// Takes the events in; `None` means that the thing of this key is gone for good.
    fn handle_batch(
        &self,
        events: Vec<(Option<E>, Meta)>,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), impl Into<Problem> + Send>> + Send;
}

/// Keeps one kind of state in memory: every replica reads the topic from the start, each time it starts.
pub trait InMemoryProjection<E: Event>: Send + Sync + 'static {
    /// Takes the state in; nothing means that the thing of this key is gone. Older versions must be ignored.
    fn apply(&self, state: Option<E>, meta: &Meta);
}

/// Whether a consumer may start over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Does something for each event, once for ever. Never replayed.
    Effect,
    /// Keeps what others said, guarded by version: may be dropped and rebuilt from offset 0.
    Projection,
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'a>>;

trait ErasedHandler: Send + Sync {
    fn takes_many(&self) -> bool {
        false
    }
    fn locks(&self) -> bool {
        false
    }
    fn lock<'a>(&'a self, _run: &'a [(usize, Delivery<'a>)], _tx: &'a mut Tx) -> Answer<'a> {
        Box::pin(async { Ok(()) })
    }
    fn pass<'a>(&'a self, run: &'a [&'a Delivery<'a>], tx: &'a mut Tx) -> Answer<'a>;
}

struct TypedHandler<A, E>(Arc<A>, PhantomData<fn() -> E>);
struct TypedBatchHandler<A, E>(Arc<A>, PhantomData<fn() -> E>);
struct TypedLockingHandler<A, E>(TypedHandler<A, E>);

/// Reads an event that stands under `key`.
pub(crate) fn read<E: Event>(payload: &[u8], key: &str) -> Result<E, Problem> {
    let event: E = serde_json::from_slice(payload).map_err(|e| Problem::unreadable_event(&e))?;
    if event.key() == key { Ok(event) } else { Err(Problem::misaddressed_event()) }
}

impl<A: EventHandler<E>, E: Event> ErasedHandler for TypedHandler<A, E> {
    fn pass<'a>(&'a self, run: &'a [&'a Delivery<'a>], tx: &'a mut Tx) -> Answer<'a> {
        Box::pin(async move {
            for Delivery { record, meta } in run {
                match &record.payload {
                    Some(payload) => {
                        let event = read(payload, &meta.key)?;
                        self.0.handle(event, meta, tx).await.map_err(Into::into)?;
                    }
                    None => self.0.handle_tombstone(meta, tx).await.map_err(Into::into)?,
                }
            }
            Ok(())
        })
    }
}

impl<A: LockingHandler<E>, E: Event> ErasedHandler for TypedLockingHandler<A, E> {
    fn locks(&self) -> bool {
        true
    }

    fn lock<'a>(&'a self, run: &'a [(usize, Delivery<'a>)], tx: &'a mut Tx) -> Answer<'a> {
        Box::pin(async move {
            // What cannot be read is the fault of its record, and said when its turn comes.
            let events: Vec<E> = run
                .iter()
                .filter_map(|(_, heard)| {
                    read(heard.record.payload.as_deref()?, &heard.meta.key).ok()
                })
                .collect();
            self.0.0.lock(&events, tx).await.map_err(Into::into)
        })
    }

    fn pass<'a>(&'a self, run: &'a [&'a Delivery<'a>], tx: &'a mut Tx) -> Answer<'a> {
        self.0.pass(run, tx)
    }
}

impl<A: BatchHandler<E>, E: Event> ErasedHandler for TypedBatchHandler<A, E> {
    fn takes_many(&self) -> bool {
        true
    }

    fn pass<'a>(&'a self, run: &'a [&'a Delivery<'a>], tx: &'a mut Tx) -> Answer<'a> {
        Box::pin(async move {
            let mut events = Vec::with_capacity(run.len());
            for Delivery { record, meta } in run {
                let event = record.payload.as_deref().map(|body| read(body, &meta.key));
                events.push((event.transpose()?, meta.clone()));
            }
            self.0.handle_batch(events, tx).await.map_err(Into::into)
        })
    }
}

trait ErasedProjection: Send + Sync {
    fn pass(&self, record: &Record, meta: &Meta) -> Result<(), Problem>;
}

impl<A: InMemoryProjection<E>, E: Event> ErasedProjection for TypedHandler<A, E> {
    fn pass(&self, record: &Record, meta: &Meta) -> Result<(), Problem> {
        let state = record.payload.as_deref().map(|body| read::<E>(body, &meta.key)).transpose()?;
        self.0.apply(state, meta);
        Ok(())
    }
}

/// The handlers of one consumer of a service.
#[derive(Clone, Default)]
pub struct Handlers {
    topics: BTreeSet<&'static str>,
    by_event: BTreeMap<&'static str, Arc<dyn ErasedHandler>>,
    unhurried: bool,
}

impl Handlers {
    /// The topics to read.
    pub fn topics(&self) -> Vec<&'static str> {
        self.topics.iter().copied().collect()
    }

    /// Whether this consumer handles the event `name`.
    pub fn hears(&self, name: &str) -> bool {
        self.by_event.contains_key(name)
    }

    /// Whether records may be collected for a moment, so that more of them are taken in at once.
    pub(crate) fn is_unhurried(&self) -> bool {
        self.unhurried
    }

    /// Whether the event's handler wants runs of records rather than one at a time.
    pub(crate) fn takes_many(&self, name: &str) -> bool {
        self.by_event.get(name).is_some_and(|handler| handler.takes_many())
    }

    /// Where a batch of these records ends: where the name changes, if the handler of either name locks.
    pub fn end_of_batch(&self, records: &[Record]) -> usize {
        let mut before: Option<(&str, bool)> = None;
        for (nth, record) in records.iter().enumerate() {
            let Some(handler) = self.by_event.get(record.name()) else { continue };
            let here = (record.name(), handler.locks());
            match before {
                Some((name, locks)) if name != here.0 && (locks || here.1) => return nth,
                _ => before = Some(here),
            }
        }
        records.len()
    }

    /// Lets the handler of these records lock for all of them. A single one locks for itself.
    pub(crate) async fn lock(
        &self,
        alike: &[(usize, Delivery<'_>)],
        tx: &mut Tx,
    ) -> Result<(), Problem> {
        let [(_, first), _, ..] = alike else { return Ok(()) };
        match self.by_event.get(first.meta.name.as_str()) {
            Some(handler) => handler.lock(alike, tx).await,
            None => Ok(()),
        }
    }

    /// Hands records of one name to their handler.
    pub(crate) async fn pass(&self, run: &[&Delivery<'_>], tx: &mut Tx) -> Result<(), Problem> {
        match run.first().and_then(|first| self.by_event.get(first.meta.name.as_str())) {
            Some(handler) => handler.pass(run, tx).await,
            None => Ok(()),
        }
    }

    fn add<E: Event>(&mut self, handler: impl ErasedHandler + 'static) {
        self.topics.insert(E::TOPIC.name);
        self.by_event.insert(E::NAME, Arc::new(handler));
    }
}

/// Who handles what, by consumer.
#[derive(Clone, Default)]
pub struct Subscribed {
    effects: Handlers,
    projections: Handlers,
    in_memory: BTreeMap<&'static str, Vec<Arc<dyn ErasedProjection>>>,
    in_memory_topics: BTreeSet<&'static str>,
}

impl Subscribed {
    /// The same, and the subscriptions of `app`.
    #[must_use]
    pub fn and<A: Clone>(mut self, subscriptions: Subscriptions<A>, app: &A) -> Self {
        let app = Arc::new(app.clone());
        for step in subscriptions.steps {
            step(&mut self, app.clone());
        }
        self
    }

    /// The handlers of one kind of consumer.
    pub fn handlers(&self, kind: Kind) -> &Handlers {
        match kind {
            Kind::Effect => &self.effects,
            Kind::Projection => &self.projections,
        }
    }

    /// The topics that are kept in memory.
    pub fn in_memory_topics(&self) -> Vec<&'static str> {
        self.in_memory_topics.iter().copied().collect()
    }

    /// Applies a record to what is kept in memory. One that makes no sense is logged and passed over: the state stays as
    /// it was.
    pub fn apply_in_memory(&self, record: &Record) {
        let Some(projections) = self.in_memory.get(record.name()) else { return };
        let meta = record.meta().map_err(unreadable);
        let passed =
            |meta| projections.iter().try_for_each(|projection| projection.pass(record, &meta));
        if let Err(problem) = meta.and_then(passed) {
            tracing::error!(
                kafka.topic = &*record.topic,
                kafka.partition = record.partition,
                kafka.offset = record.offset,
                problem = problem.slug,
                detail = problem.detail,
                "an overheard record makes no sense"
            );
        }
    }
}
