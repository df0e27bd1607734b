//! The list of what a service subscribes to.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::Arc;

use contracts::Event;

use super::{
    BatchHandler, EventHandler, InMemoryProjection, LockingHandler, Subscribed, TypedBatchHandler,
    TypedHandler, TypedLockingHandler,
};

/// What a service subscribes to. It is known without the service, as its routes are.
pub struct Subscriptions<A> {
    names: BTreeSet<&'static str>,
    pub(super) steps: Vec<fn(&mut Subscribed, Arc<A>)>,
}

impl<A> Default for Subscriptions<A> {
    fn default() -> Self {
        Self { names: BTreeSet::new(), steps: Vec::new() }
    }
}

impl<A: Clone> Subscriptions<A> {
    /// Handles `E` once for ever.
    #[must_use]
    pub fn handle<E: Event>(self) -> Self
    where
        A: EventHandler<E>,
    {
        self.step::<E>(|to, app| to.effects.add::<E>(TypedHandler::<A, E>(app, PhantomData)))
    }

    /// Handles `E` once for ever, and locks for a whole batch before.
    #[must_use]
    pub fn handle_locking<E: Event>(self) -> Self
    where
        A: LockingHandler<E>,
    {
        self.step::<E>(|to, app| {
            let handler = TypedHandler::<A, E>(app, PhantomData);
            to.effects.add::<E>(TypedLockingHandler(handler));
        })
    }

    /// Handles `E` once for ever, as many at a time as a batch brings.
    #[must_use]
    pub fn handle_batch<E: Event>(self) -> Self
    where
        A: BatchHandler<E>,
    {
        self.step::<E>(|to, app| to.effects.add::<E>(TypedBatchHandler::<A, E>(app, PhantomData)))
    }

    /// Projects `E` into tables that may be rebuilt: the handler writes its own tables only and guards by version.
    #[must_use]
    pub fn project<E: Event>(self) -> Self
    where
        A: EventHandler<E>,
    {
        self.step::<E>(|to, app| to.projections.add::<E>(TypedHandler::<A, E>(app, PhantomData)))
    }

    /// Projects `E`, as many at a time as a batch brings.
    #[must_use]
    pub fn project_batch<E: Event>(self) -> Self
    where
        A: BatchHandler<E>,
    {
        self.step::<E>(|to, app| {
            to.projections.add::<E>(TypedBatchHandler::<A, E>(app, PhantomData));
        })
    }

    /// Projects `E` into memory, beside whoever does it already.
    #[must_use]
    pub fn in_memory<E: Event>(self) -> Self
    where
        A: InMemoryProjection<E>,
    {
        self.step::<E>(|to, app| {
            let projection = Arc::new(TypedHandler::<A, E>(app, PhantomData));
            to.in_memory.entry(E::NAME).or_default().push(projection);
            to.in_memory_topics.insert(E::TOPIC.name);
        })
    }

    /// Handles everything up to half a second later, in fewer and larger batches: for a service that nobody waits for.
    #[must_use]
    pub fn unhurried(mut self) -> Self {
        self.steps.push(|to, _| (to.effects.unhurried, to.projections.unhurried) = (true, true));
        self
    }

    /// The same, and `others`.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.names.extend(others.names);
        self.steps.extend(others.steps);
        self
    }

    fn step<E: Event>(mut self, step: fn(&mut Subscribed, Arc<A>)) -> Self {
        self.names.insert(E::NAME);
        self.steps.push(step);
        self
    }

    /// The names of all events subscribed to, sorted.
    pub fn names(&self) -> Vec<&'static str> {
        self.names.iter().copied().collect()
    }

    /// The subscriptions of `app`.
    pub fn of(self, app: &A) -> Subscribed {
        Subscribed::default().and(self, app)
    }
}
