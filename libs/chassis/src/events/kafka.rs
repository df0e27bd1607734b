//! The one way to the broker. Private to the chassis: a service speaks through its outbox only.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::future::join_all;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{
    BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext, PurgeConfig,
};
use rdkafka::{ClientConfig, ClientContext};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::config::KafkaConfig;

mod topics;

/// Where the broker is and what our topics are called there.
#[derive(Debug, Clone)]
pub struct Kafka {
    brokers: String,
    prefix: String,
}

/// The broker did not take a record.
#[derive(Debug, thiserror::Error)]
#[error("kafka: {0}")]
pub struct PublishError(#[from] KafkaError);

impl Kafka {
    /// The broker named in the configuration.
    #[must_use]
    pub fn new(config: &KafkaConfig) -> Self {
        Self { brokers: config.brokers.clone(), prefix: config.topic_prefix.clone() }
    }

    /// The topic's name on this broker.
    pub fn name_of(&self, topic: &str) -> String {
        format!("{}{topic}", self.prefix)
    }

    /// The topic's name in the catalogue.
    pub fn strip<'a>(&self, name: &'a str) -> &'a str {
        name.strip_prefix(&self.prefix).unwrap_or(name)
    }

    pub(crate) fn client(&self, name: &str) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", &self.brokers)
            .set("client.id", name)
            .set("reconnect.backoff.max.ms", "2000")
            .set("topic.metadata.refresh.interval.ms", "60000")
            // Otherwise every client keeps histograms for the broker's operator, who has asked nobody for them.
            .set("enable.metrics.push", "false")
            .set("log.connection.close", "false");
        config
    }

    /// A client that reads as `name`. It fetches little ahead: a record in the library's queue takes a kilobyte beside its
    /// own bytes, and what a topic fills there while it is read from its start is memory that the process keeps.
    pub(crate) fn reader(&self, name: &str) -> ClientConfig {
        let mut config = self.client(name);
        config
            .set("group.id", self.group(name))
            .set("enable.auto.commit", "false")
            .set("queued.min.messages", "1000")
            .set("queued.max.messages.kbytes", "1024")
            .set("fetch.message.max.bytes", "65536")
            // Nobody of ours uses transactions. A stranger who left one open would stop everything behind it.
            .set("isolation.level", "read_uncommitted")
            // The default of a second would be waited for each time that the queue is full.
            .set("fetch.queue.backoff.ms", "20");
        config
    }

    /// A group or consumer name on this broker.
    pub fn group(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The producer. Every setting is written out because librdkafka's defaults are wrong for an outbox.
    pub fn publisher(&self, name: &'static str) -> Result<Publisher, PublishError> {
        let producer: BaseProducer<Deliveries> = self
            .client(name)
            .set("acks", "all")
            .set("enable.idempotence", "true")
            .set("max.in.flight.requests.per.connection", "5")
            // Shorter than the session of a relay that froze: what it says when it thaws would come after its heir.
            .set("message.timeout.ms", "20000")
            .set("topic.metadata.propagation.max.ms", "5000")
            .set("partitioner", "murmur2_random")
            .set("linger.ms", "5")
            .set("compression.type", "lz4")
            .set("queue.buffering.max.messages", "10000")
            .create_with_context(Deliveries)?;
        let producer = Arc::new(producer);
        let served = Arc::downgrade(&producer);
        std::thread::Builder::new()
            .name("kafka deliveries".into())
            .spawn(move || serve(&served))
            .map_err(|error| KafkaError::ClientCreation(error.to_string()))?;
        Ok(Publisher { producer, kafka: self.clone(), fatal: CancellationToken::new() })
    }
}

/// One record on its way out.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Catalogue name of the topic.
    pub topic: String,
    /// The record's key.
    pub key: String,
    /// The event's name and version.
    pub name: String,
    /// The event's id.
    pub id: Uuid,
    /// JSON, or nothing for a tombstone.
    pub payload: Option<Vec<u8>>,
    /// The key's version on this topic, from 1 without gaps.
    pub version: i64,
    /// The story it belongs to.
    pub correlation: String,
    /// The event it came from, or empty.
    pub causation: String,
    /// W3C trace parent, or empty.
    pub traceparent: String,
    /// The speaking service.
    pub source: String,
    /// When it became true, RFC 3339.
    pub time: String,
}

/// Hands the broker's acknowledgements to those who wait for them.
struct Deliveries;

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Box<oneshot::Sender<Result<(), KafkaError>>>;

    fn delivery(&self, delivered: &DeliveryResult<'_>, waiting: Self::DeliveryOpaque) {
        let delivered = delivered.as_ref().map(drop).map_err(|(error, _)| error.clone());
        // Nobody waits any more when the publishing task was dropped.
        drop(waiting.send(delivered));
    }
}

/// Serves deliveries until the last publisher is gone. At the end of each wait the library spins for the rest of a
/// millisecond, and its own thread waits ten times a second: that is most of what an idle service would use.
fn serve(producer: &Weak<BaseProducer<Deliveries>>) {
    while let Some(producer) = producer.upgrade() {
        producer.poll(Duration::from_secs(10));
    }
}

/// The broker's answer, once it comes.
pub(crate) type Delivery = oneshot::Receiver<Result<(), KafkaError>>;

/// Sends records and waits for the broker's acknowledgement.
#[derive(Clone)]
pub struct Publisher {
    producer: Arc<BaseProducer<Deliveries>>,
    kafka: Kafka,
    /// The broker and the producer do not agree any more on what was sent: nothing is sent after that.
    fatal: CancellationToken,
}

impl std::fmt::Debug for Publisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Publisher").field("kafka", &self.kafka).finish_non_exhaustive()
    }
}

impl Publisher {
    /// Sends all records in order and returns when every one is acknowledged.
    pub async fn publish(&self, records: &[Outgoing]) -> Result<(), PublishError> {
        let mut sent = Vec::with_capacity(records.len());
        let mut full = None;
        for record in records {
            match self.send(record) {
                Ok(delivery) => sent.push(delivery),
                // What comes later must not overtake this one: the whole batch is sent again.
                Err(error) => {
                    full = Some(error);
                    break;
                }
            }
        }
        for delivered in join_all(sent).await {
            match delivered {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => return Err(KafkaError::Canceled.into()),
            }
        }
        full.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Hands a record to the client; what it returns says what the broker answered.
    pub(crate) fn send(&self, record: &Outgoing) -> Result<Delivery, KafkaError> {
        let topic = self.kafka.name_of(&record.topic);
        let (waiting, delivered) = oneshot::channel();
        let mut message = BaseRecord::with_opaque_to(&topic, Box::new(waiting))
            .key(&record.key)
            .headers(headers(record));
        if let Some(payload) = &record.payload {
            message = message.payload(payload);
        }
        match self.producer.send(message) {
            Ok(()) => Ok(delivered),
            Err((error, _)) => {
                if error.rdkafka_error_code() == Some(RDKafkaErrorCode::Fatal) {
                    let why = self.producer.client().fatal_error();
                    tracing::error!(?why, "the producer cannot go on");
                    self.fatal.cancel();
                }
                Err(error)
            }
        }
    }

    /// Throws away whatever is still on its way.
    pub(crate) fn purge(&self) {
        self.producer.purge(PurgeConfig::default().queue().inflight());
    }

    /// Waits until nothing can be sent any more, whatever happens: only a new process helps.
    pub async fn broken(&self) {
        self.fatal.cancelled().await;
    }

    /// Whether the broker answers.
    pub(crate) async fn reaches_the_broker(&self) -> bool {
        let producer = self.producer.clone();
        let asked = tokio::task::spawn_blocking(move || {
            producer.client().fetch_metadata(None, Duration::from_secs(5)).is_ok()
        });
        asked.await.unwrap_or(false)
    }

    /// Waits until nothing is on its way any more.
    pub async fn flush(&self) {
        let producer = self.producer.clone();
        let flushed =
            tokio::task::spawn_blocking(move || producer.flush(Duration::from_secs(2))).await;
        if !matches!(flushed, Ok(Ok(()))) {
            tracing::warn!("the broker did not take everything before the end");
        }
    }
}

/// `CloudEvents` 1.0, binary content mode.
fn headers(record: &Outgoing) -> OwnedHeaders {
    let id = record.id.to_string();
    let version = record.version.to_string();
    let pairs: [(&str, &str); 9] = [
        ("ce_specversion", "1.0"),
        ("ce_id", &id),
        ("ce_source", &record.source),
        ("ce_type", &record.name),
        ("ce_time", &record.time),
        ("ce_subject", &record.key),
        ("ce_aggversion", &version),
        ("ce_correlationid", &record.correlation),
        ("content-type", "application/json"),
    ];
    let optional = [("ce_causationid", &record.causation), ("traceparent", &record.traceparent)];
    let headers = OwnedHeaders::new_with_capacity(pairs.len() + optional.len());
    let headers = pairs.iter().fold(headers, |all, (key, value)| {
        all.insert(Header { key, value: Some(value.as_bytes()) })
    });
    optional.iter().filter(|(_, value)| !value.is_empty()).fold(headers, |all, (key, value)| {
        all.insert(Header { key, value: Some(value.as_bytes()) })
    })
}
