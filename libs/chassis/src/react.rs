//! Hearing for a service whose state is not in `PostgreSQL`: at least once, the broker keeps the place.

use std::collections::BTreeMap;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use contracts::ops::DeadLettered;
use contracts::{Event, Topic};
use futures::FutureExt;
use jiff::Timestamp;
use kernel::EventId;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::apply::{panicked, unknown, unreadable};
use crate::consumer::detach;
use crate::kafka::{Kafka, Outgoing, Publisher};
use crate::listeners;
use crate::problem::{Explain, Problem};
use crate::record::{Meta, Record};
use crate::telemetry;

const POLL: Duration = Duration::from_secs(1);
const GIVE_UP_AFTER: u32 = 8;

/// Hears one kind of fact at least once. Hearing it again must change nothing.
pub trait React<E: Event>: Send + Sync + 'static {
    /// The service's error.
    type Error: Explain;

    /// Takes the fact in.
    fn react(&self, event: E, meta: &Meta) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'a>>;

trait Door: Send + Sync {
    fn pass<'a>(&'a self, payload: &'a [u8], meta: &'a Meta) -> Answer<'a>;
}

struct Ear<A, E>(A, PhantomData<fn() -> E>);

impl<A: React<E>, E: Event> Door for Ear<A, E> {
    fn pass<'a>(&'a self, payload: &'a [u8], meta: &'a Meta) -> Answer<'a> {
        Box::pin(async move {
            let event = listeners::read(payload, &meta.key)?;
            self.0.react(event, meta).await.map_err(|e| Problem::of(&e))
        })
    }
}

/// Everything such a service hears.
#[derive(Clone, Default)]
pub struct Reactions {
    topics: BTreeMap<&'static str, &'static Topic>,
    doors: BTreeMap<&'static str, Arc<dyn Door>>,
}

impl Reactions {
    /// Hears `E`.
    #[must_use]
    pub fn on<E: Event, A: React<E> + Clone>(mut self, app: &A) -> Self {
        self.topics.insert(E::TOPIC.name, E::TOPIC);
        self.doors.insert(E::NAME, Arc::new(Ear::<A, E>(app.clone(), PhantomData)));
        self
    }

    /// The names of all events heard, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.doors.keys().copied().collect()
    }

    /// Hands a record to its handler. What others hear is passed over.
    pub async fn pass(&self, service: &'static str, record: &Record) -> Result<(), Problem> {
        let Some(door) = self.doors.get(record.name()) else {
            let known = contracts::knows(record.name());
            return if known { Ok(()) } else { Err(unknown(record)) };
        };
        let meta = record.meta().map_err(unreadable)?;
        let Some(payload) = &record.payload else { return Ok(()) };
        let span = tracing::info_span!(
            "hear", otel.name = %format_args!("{service}.hear {}", meta.name), otel.kind = "consumer",
            service, event = %meta.name, event.id = %meta.id, checkout.id = %meta.correlation
        );
        telemetry::adopt(&span, &meta.traceparent);
        let passed =
            AssertUnwindSafe(door.pass(payload, &meta).instrument(span)).catch_unwind().await;
        passed.unwrap_or_else(|panic| Err(panicked(&*panic)))
    }
}

/// Reads for a service on a thread of its own.
pub(crate) struct Reactor {
    pub service: &'static str,
    pub kafka: Kafka,
    pub publisher: Publisher,
    pub reactions: Reactions,
}

impl Reactor {
    /// Reads until `stop`, if there is anything to hear.
    pub(crate) fn spawn(self, stop: CancellationToken) -> anyhow::Result<()> {
        if self.reactions.doors.is_empty() {
            return Ok(());
        }
        let client: BaseConsumer = self
            .kafka
            .client(self.service)
            .set("group.id", self.kafka.group(self.service))
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest")
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("session.timeout.ms", "10000")
            .set("heartbeat.interval.ms", "2500")
            .set("queued.max.messages.kbytes", "4096")
            .set("fetch.wait.max.ms", "1000")
            .create()?;
        let topics: Vec<String> =
            self.reactions.topics.keys().map(|t| self.kafka.name_of(t)).collect();
        client.subscribe(&topics.iter().map(String::as_str).collect::<Vec<_>>())?;
        let runtime = Handle::current();
        std::thread::Builder::new().name(format!("kafka {}", self.service)).spawn(move || {
            while !stop.is_cancelled() {
                match client.poll(POLL) {
                    Some(Ok(message)) => {
                        let record = detach(&message, &self.kafka);
                        if runtime.block_on(self.take_in(&record, &stop)) {
                            self.advance(&client, &record);
                        }
                    }
                    Some(Err(error)) => tracing::warn!(%error, "the broker cannot be read"),
                    None => {}
                }
            }
        })?;
        Ok(())
    }

    /// Tries until it works or cannot work. False when asked to stop.
    async fn take_in(&self, record: &Record, stop: &CancellationToken) -> bool {
        let mut tries = 0;
        loop {
            let Err(problem) = self.reactions.pass(self.service, record).await else { return true };
            // A 503 says that something is away and will be back: it is waited for.
            let away = problem.status == StatusCode::SERVICE_UNAVAILABLE.as_u16();
            if !problem.may_pass() || (tries >= GIVE_UP_AFTER && !away) {
                return self.bury(record, &problem).await;
            }
            tries += 1;
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(50 << tries.min(6))) => {}
                () = stop.cancelled() => return false,
            }
        }
    }

    /// There is no table to put it aside in: the log and the topic of dead letters keep where it stands.
    async fn bury(&self, record: &Record, problem: &Problem) -> bool {
        tracing::error!(
            kafka.topic = &*record.topic,
            kafka.partition = record.partition,
            kafka.offset = record.offset,
            event = record.name(),
            problem = problem.slug,
            cause = problem.cause,
            "an event could not be handled"
        );
        let time = Timestamp::from_millisecond(record.timestamp_ms).unwrap_or_default();
        let letter = DeadLettered {
            service: self.service.to_owned(),
            consumer: self.service.to_owned(),
            topic: record.topic.to_string(),
            partition: record.partition,
            offset: record.offset,
            name: record.name().to_owned(),
            problem: problem.slug.to_owned(),
            at: time,
        };
        let outgoing = Outgoing {
            topic: DeadLettered::TOPIC.name.to_owned(),
            key: letter.key(),
            name: DeadLettered::NAME.to_owned(),
            id: EventId::new().as_uuid(),
            payload: serde_json::to_vec(&letter).ok(),
            version: record.offset + 1,
            correlation: record.key.clone(),
            causation: String::new(),
            traceparent: telemetry::traceparent(),
            source: self.service.to_owned(),
            time: time.to_string(),
        };
        self.publisher.publish(&[outgoing]).await.is_ok()
    }

    fn advance(&self, client: &BaseConsumer, record: &Record) {
        let mut list = TopicPartitionList::new();
        let name = self.kafka.name_of(&record.topic);
        let added =
            list.add_partition_offset(&name, record.partition, Offset::Offset(record.offset + 1));
        if let Err(error) = added.and_then(|()| client.commit(&list, CommitMode::Async)) {
            tracing::warn!(%error, "the place could not be kept; the event will come again");
        }
    }
}
