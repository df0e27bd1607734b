//! Records on their way to the broker, and its acknowledgements.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::future::join_all;
use rdkafka::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{
    BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext, PurgeConfig,
};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Kafka, PublishError};

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
pub(super) struct Deliveries;

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
pub(super) fn serve(producer: &Weak<BaseProducer<Deliveries>>) {
    while let Some(producer) = producer.upgrade() {
        producer.poll(Duration::from_secs(10));
    }
}

/// The broker's answer, once it comes.
pub(crate) type Delivery = oneshot::Receiver<Result<(), KafkaError>>;

/// Sends records and waits for the broker's acknowledgement.
#[derive(Clone)]
pub struct Publisher {
    pub(super) producer: Arc<BaseProducer<Deliveries>>,
    pub(super) kafka: Kafka,
    /// The broker and the producer do not agree any more on what was sent: nothing is sent after that.
    pub(super) fatal: CancellationToken,
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
            delivered.unwrap_or(Err(KafkaError::Canceled))?;
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
    let optional: [(&str, &str); 2] =
        [("ce_causationid", &record.causation), ("traceparent", &record.traceparent)];
    let headers = OwnedHeaders::new_with_capacity(pairs.len() + optional.len());
    let optional = optional.iter().filter(|(_, value)| !value.is_empty());
    pairs.iter().chain(optional).fold(headers, |all, (key, value)| {
        all.insert(Header { key, value: Some(value.as_bytes()) })
    })
}
