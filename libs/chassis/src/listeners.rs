//! What a service hears: one `impl Hear<SomeFact> for App` per fact, listed in one place.

use std::collections::BTreeMap;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use contracts::{Event, Topic};

use crate::apply::{Heard, unreadable};
use crate::problem::{Explain, Problem};
use crate::record::{Meta, Record};
use crate::tx::Tx;

/// Hears one kind of fact, inside the transaction that remembers having heard it.
///
/// A fact cannot be refused. An error of status 5xx is tried again with backoff; any other puts the event into
/// `dead_letter` with its problem, and later events of the same key wait behind it.
pub trait Hear<E: Event>: Send + Sync + 'static {
    /// The service's error.
    type Error: Explain;

    /// Takes the fact in. Nothing slow or outside happens here: schedule a job instead.
    fn hear(
        &self,
        event: E,
        meta: &Meta,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The thing of a state topic is gone for good. Most state is never taken back.
    fn forget(
        &self,
        meta: &Meta,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send {
        let _ = (meta, tx);
        async { Ok(()) }
    }
}

/// Locks what many facts will want, before the first of them is heard.
///
/// A handler that locks several rows does so in one order, so that two events never wait for each other. A batch holds
/// the locks of all its events: they have to be taken in one order too. A batch of such facts ends where another kind
/// of fact begins.
pub trait Lock<E: Event>: Hear<E> {
    /// Locks the rows that `events` want, in the order in which a single event locks its own.
    fn lock(
        &self,
        events: &[E],
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Hears many facts of one kind at once, for hot paths: one statement can take them all in.
///
/// Order within the run is order of the partition. When it fails, the facts come again one by one.
pub trait HearMany<E: Event>: Send + Sync + 'static {
    /// The service's error.
    type Error: Explain;

    /// Takes the facts in; `None` means that the thing of this key is gone for good.
    fn hear_many(
        &self,
        events: Vec<(Option<E>, Meta)>,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Overhears one kind of state, in memory: every replica reads the topic from the start, each time it starts.
pub trait Overhear<E: Event>: Send + Sync + 'static {
    /// Takes the state in; nothing means that the thing of this key is gone. Older versions must be ignored.
    fn overhear(&self, state: Option<E>, meta: &Meta);
}

/// Whether a consumer may start over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Does something for each event, once for ever. Never replayed.
    Effect,
    /// Keeps a copy, guarded by version: may be dropped and rebuilt from offset 0.
    Projection,
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'a>>;

trait Door: Send + Sync {
    fn takes_many(&self) -> bool {
        false
    }
    fn locks(&self) -> bool {
        false
    }
    fn lock<'a>(&'a self, _run: &'a [(usize, Heard<'a>)], _tx: &'a mut Tx) -> Answer<'a> {
        Box::pin(async { Ok(()) })
    }
    fn pass<'a>(&'a self, run: &'a [&'a Heard<'a>], tx: &'a mut Tx) -> Answer<'a>;
}

struct Ear<A, E>(Arc<A>, PhantomData<fn() -> E>);
struct WideEar<A, E>(Arc<A>, PhantomData<fn() -> E>);
struct LockingEar<A, E>(Ear<A, E>);

/// Reads an event that stands under `key`.
pub(crate) fn read<E: Event>(payload: &[u8], key: &str) -> Result<E, Problem> {
    let event: E = serde_json::from_slice(payload).map_err(|e| Problem::unreadable_event(&e))?;
    if event.key() == key { Ok(event) } else { Err(Problem::misaddressed_event()) }
}

impl<A: Hear<E>, E: Event> Door for Ear<A, E> {
    fn pass<'a>(&'a self, run: &'a [&'a Heard<'a>], tx: &'a mut Tx) -> Answer<'a> {
        Box::pin(async move {
            for Heard { record, meta } in run {
                let heard = match &record.payload {
                    Some(payload) => self.0.hear(read(payload, &meta.key)?, meta, tx).await,
                    None => self.0.forget(meta, tx).await,
                };
                heard.map_err(|error| Problem::of(&error))?;
            }
            Ok(())
        })
    }
}

impl<A: Lock<E>, E: Event> Door for LockingEar<A, E> {
    fn locks(&self) -> bool {
        true
    }

    fn lock<'a>(&'a self, run: &'a [(usize, Heard<'a>)], tx: &'a mut Tx) -> Answer<'a> {
        Box::pin(async move {
            // What cannot be read is the fault of its record, and said when its turn comes.
            let events: Vec<E> = run
                .iter()
                .filter_map(|(_, heard)| {
                    read(heard.record.payload.as_deref()?, &heard.meta.key).ok()
                })
                .collect();
            self.0.0.lock(&events, tx).await.map_err(|error| Problem::of(&error))
        })
    }

    fn pass<'a>(&'a self, run: &'a [&'a Heard<'a>], tx: &'a mut Tx) -> Answer<'a> {
        self.0.pass(run, tx)
    }
}

impl<A: HearMany<E>, E: Event> Door for WideEar<A, E> {
    fn takes_many(&self) -> bool {
        true
    }

    fn pass<'a>(&'a self, run: &'a [&'a Heard<'a>], tx: &'a mut Tx) -> Answer<'a> {
        Box::pin(async move {
            let mut events = Vec::with_capacity(run.len());
            for Heard { record, meta } in run {
                let event = record.payload.as_deref().map(|body| read(body, &meta.key));
                events.push((event.transpose()?, meta.clone()));
            }
            self.0.hear_many(events, tx).await.map_err(|error| Problem::of(&error))
        })
    }
}

trait Whisper: Send + Sync {
    fn pass(&self, record: &Record, meta: &Meta) -> Result<(), Problem>;
}

impl<A: Overhear<E>, E: Event> Whisper for Ear<A, E> {
    fn pass(&self, record: &Record, meta: &Meta) -> Result<(), Problem> {
        let state = record.payload.as_deref().map(|body| read::<E>(body, &meta.key)).transpose()?;
        self.0.overhear(state, meta);
        Ok(())
    }
}

/// What one consumer of a service hears.
#[derive(Clone, Default)]
pub struct Doors {
    topics: BTreeMap<&'static str, &'static Topic>,
    by_event: BTreeMap<&'static str, Arc<dyn Door>>,
    unhurried: bool,
}

impl Doors {
    /// The topics to read.
    #[must_use]
    pub fn topics(&self) -> Vec<&'static str> {
        self.topics.keys().copied().collect()
    }

    /// Whether this consumer hears the event `name`.
    #[must_use]
    pub fn hears(&self, name: &str) -> bool {
        self.by_event.contains_key(name)
    }

    /// Whether records may be collected for a moment, so that more of them are taken in at once.
    pub(crate) fn is_unhurried(&self) -> bool {
        self.unhurried
    }

    /// Whether the event's handler wants runs of records rather than one at a time.
    pub(crate) fn takes_many(&self, name: &str) -> bool {
        self.by_event.get(name).is_some_and(|door| door.takes_many())
    }

    /// Where a batch of these records ends: where the name changes, if the handler of either name locks.
    #[must_use]
    pub fn end_of_batch(&self, records: &[Record]) -> usize {
        let mut before: Option<(&str, bool)> = None;
        for (nth, record) in records.iter().enumerate() {
            let Some(door) = self.by_event.get(record.name()) else { continue };
            let here = (record.name(), door.locks());
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
        alike: &[(usize, Heard<'_>)],
        tx: &mut Tx,
    ) -> Result<(), Problem> {
        let [(_, first), _, ..] = alike else { return Ok(()) };
        match self.by_event.get(first.meta.name.as_str()) {
            Some(door) => door.lock(alike, tx).await,
            None => Ok(()),
        }
    }

    /// Hands records of one name to their handler.
    pub(crate) async fn pass(&self, run: &[&Heard<'_>], tx: &mut Tx) -> Result<(), Problem> {
        match run.first().and_then(|first| self.by_event.get(first.meta.name.as_str())) {
            Some(door) => door.pass(run, tx).await,
            None => Ok(()),
        }
    }

    fn add<E: Event>(&mut self, door: Arc<dyn Door>) {
        self.topics.insert(E::TOPIC.name, E::TOPIC);
        self.by_event.insert(E::NAME, door);
    }
}

/// Everything a service hears, by consumer.
#[derive(Clone, Default)]
pub struct Listeners {
    effects: Doors,
    projections: Doors,
    overheard: BTreeMap<&'static str, Vec<Arc<dyn Whisper>>>,
    overheard_topics: BTreeMap<&'static str, &'static Topic>,
}

impl std::fmt::Debug for Listeners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listeners").field("names", &self.names()).finish()
    }
}

impl Listeners {
    /// Hears `E` once for ever.
    #[must_use]
    pub fn on<E: Event, A: Hear<E> + Clone>(mut self, app: &A) -> Self {
        self.effects.add::<E>(Arc::new(Ear::<A, E>(Arc::new(app.clone()), PhantomData)));
        self
    }

    /// Hears `E` once for ever, and locks for a whole batch before.
    #[must_use]
    pub fn on_locked<E: Event, A: Lock<E> + Clone>(mut self, app: &A) -> Self {
        let ear = Ear::<A, E>(Arc::new(app.clone()), PhantomData);
        self.effects.add::<E>(Arc::new(LockingEar(ear)));
        self
    }

    /// Hears `E` once for ever, as many at a time as a batch brings.
    #[must_use]
    pub fn on_many<E: Event, A: HearMany<E> + Clone>(mut self, app: &A) -> Self {
        self.effects.add::<E>(Arc::new(WideEar::<A, E>(Arc::new(app.clone()), PhantomData)));
        self
    }

    /// Keeps a copy of `E`, which may be rebuilt: the handler writes its own tables only and guards by version.
    #[must_use]
    pub fn copy<E: Event, A: Hear<E> + Clone>(mut self, app: &A) -> Self {
        self.projections.add::<E>(Arc::new(Ear::<A, E>(Arc::new(app.clone()), PhantomData)));
        self
    }

    /// Keeps a copy of `E`, as many at a time as a batch brings.
    #[must_use]
    pub fn copy_many<E: Event, A: HearMany<E> + Clone>(mut self, app: &A) -> Self {
        self.projections.add::<E>(Arc::new(WideEar::<A, E>(Arc::new(app.clone()), PhantomData)));
        self
    }

    /// Hears everything up to half a second later, in fewer and larger batches: for a service that nobody waits for.
    #[must_use]
    pub fn unhurried(mut self) -> Self {
        self.effects.unhurried = true;
        self.projections.unhurried = true;
        self
    }

    /// Overhears `E` in memory, beside whoever does it already.
    #[must_use]
    pub fn overhear<E: Event, A: Overhear<E> + Clone>(mut self, app: &A) -> Self {
        let ear = Ear::<A, E>(Arc::new(app.clone()), PhantomData);
        self.overheard.entry(E::NAME).or_default().push(Arc::new(ear));
        self.overheard_topics.insert(E::TOPIC.name, E::TOPIC);
        self
    }

    /// The names of all events heard, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self
            .effects
            .by_event
            .keys()
            .chain(self.projections.by_event.keys())
            .chain(self.overheard.keys())
            .copied()
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What one kind of consumer hears.
    #[must_use]
    pub fn doors(&self, kind: Kind) -> &Doors {
        match kind {
            Kind::Effect => &self.effects,
            Kind::Projection => &self.projections,
        }
    }

    /// The topics that are overheard.
    #[must_use]
    pub fn overheard_topics(&self) -> Vec<&'static str> {
        self.overheard_topics.keys().copied().collect()
    }

    /// Hands an overheard record on. A record that makes no sense is logged and passed over: the copy stays as it was.
    pub fn overheard(&self, record: &Record) {
        let Some(ears) = self.overheard.get(record.name()) else { return };
        let told = record.meta().map_err(unreadable);
        let passed = |meta| ears.iter().try_for_each(|ear| ear.pass(record, &meta));
        if let Err(problem) = told.and_then(passed) {
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
