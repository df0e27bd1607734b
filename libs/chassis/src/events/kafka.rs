//! The one way to the broker. Private to the chassis: a service speaks through its outbox only.

use std::sync::Arc;

use rdkafka::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::producer::BaseProducer;
use tokio_util::sync::CancellationToken;

use crate::config::KafkaConfig;

mod publisher;
mod topics;

use publisher::{Deliveries, serve};
pub use publisher::{Outgoing, Publisher};

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
