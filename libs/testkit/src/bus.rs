//! The broker from outside: says events as a neighbour would and reads what was said.

use std::collections::BTreeMap;
use std::time::Duration;

use chassis::config::KafkaConfig;
use chassis::kafka::{Kafka, Outgoing, Publisher};
use chassis::record::Record;
use contracts::{Event, Topic, topics};
use kernel::EventId;
use rdkafka::ClientConfig;
use rdkafka::Message;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaResult;
use rdkafka::message::{BorrowedMessage, Headers};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use std::sync::Mutex;

use crate::servers;

/// The topics of one test.
#[derive(Debug)]
pub struct Bus {
    /// What stands before every topic's name, dot included.
    pub prefix: String,
    kafka: Kafka,
    publisher: Publisher,
    versions: Mutex<BTreeMap<(&'static str, String), i64>>,
    topics: Vec<String>,
}

impl Bus {
    /// Makes all topics of the catalogue under `prefix`, one partition each.
    pub async fn start(prefix: &str) -> Self {
        let all: Vec<&Topic> = topics::ALL.to_vec();
        Self::with_topics(prefix, &all).await
    }

    /// Makes these topics under `prefix`, one partition each.
    pub async fn with_topics(prefix: &str, topics: &[&Topic]) -> Self {
        let prefix = format!("{prefix}.");
        let config =
            KafkaConfig { brokers: servers::kafka_brokers(), topic_prefix: prefix.clone() };
        let kafka = Kafka::new(&config);
        kafka.ensure_topics(topics, 1).await.expect("topics can be made");
        let publisher = kafka.publisher("test").expect("a producer can be made");
        let topics = topics.iter().map(|topic| kafka.name_of(topic.name)).collect();
        Self { prefix, kafka, publisher, versions: Mutex::default(), topics }
    }

    /// Says `event`, as the next one of its key.
    pub async fn emit<E: Event>(&self, event: &E) {
        let outgoing = self.outgoing(event);
        self.publish(&[outgoing]).await;
    }

    /// Says raw records.
    pub async fn publish(&self, records: &[Outgoing]) {
        self.publisher.publish(records).await.expect("the broker takes records");
    }

    /// The record that [`Self::say`] would send.
    pub fn outgoing<E: Event>(&self, event: &E) -> Outgoing {
        let mut versions = self.versions.lock().expect("no test panicked here");
        let version = versions.entry((E::TOPIC.name, event.key())).or_default();
        *version += 1;
        Outgoing {
            topic: E::TOPIC.name.into(),
            key: event.key(),
            name: E::NAME.into(),
            id: EventId::new().as_uuid(),
            payload: Some(serde_json::to_vec(event).expect("events are JSON")),
            version: *version,
            correlation: event.key(),
            causation: String::new(),
            traceparent: String::new(),
            source: "test".into(),
            time: "2026-11-22T12:00:00Z".into(),
        }
    }

    /// Everything on `topic` now, from the start, in order per partition.
    pub fn read(&self, topic: &Topic) -> Vec<Record> {
        read_topic(&self.kafka, topic)
    }

    /// Every event of one kind on its topic now.
    pub fn events<E: Event>(&self) -> Vec<E> {
        let records = self.read(E::TOPIC);
        let ours = records.iter().filter(|r| r.name() == E::NAME);
        ours.filter_map(|r| r.payload.as_deref())
            .map(|body| serde_json::from_slice(body).expect("an event of ours"))
            .collect()
    }
}

/// A broker that keeps the topics of every test that ever ran grows slow.
impl Drop for Bus {
    fn drop(&mut self) {
        let topics = std::mem::take(&mut self.topics);
        // Nobody waits for it: the test is over, and its verdict does not depend on this.
        std::thread::spawn(move || {
            let admin: KafkaResult<AdminClient<DefaultClientContext>> =
                ClientConfig::new().set("bootstrap.servers", servers::kafka_brokers()).create();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let names: Vec<&str> = topics.iter().map(String::as_str).collect();
            if let (Ok(admin), Ok(runtime)) = (admin, runtime) {
                drop(runtime.block_on(admin.delete_topics(&names, &AdminOptions::new())));
            }
        });
    }
}

const FIVE: Duration = Duration::from_secs(5);

fn read_topic(kafka: &Kafka, topic: &Topic) -> Vec<Record> {
    let name = kafka.name_of(topic.name);
    let (client, mut left) = begin(&name);
    let mut records = Vec::new();
    while left > 0 {
        let message = client.poll(FIVE).expect("nothing came in 5 s").expect("a readable record");
        left -= 1;
        records.push(detach(kafka, &message));
    }
    records
}

/// A client at the beginning of the topic `name`, and how many records there are up to its end.
fn begin(name: &str) -> (BaseConsumer, i64) {
    let client: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", servers::kafka_brokers())
        .set("group.id", "test-reader")
        .set("enable.auto.commit", "false")
        .set("fetch.wait.max.ms", "50")
        .create()
        .expect("a consumer can be made");
    let metadata = client.fetch_metadata(Some(name), FIVE).expect("the broker answers");
    let partitions = metadata.topics().first().map_or(0, |t| t.partitions().len());
    let (mut list, mut left) = (TopicPartitionList::new(), 0);
    for partition in 0..i32::try_from(partitions).unwrap_or(0) {
        let (low, high) = client.fetch_watermarks(name, partition, FIVE).expect("it has an end");
        if high > low {
            list.add_partition_offset(name, partition, Offset::Beginning).expect("an offset");
            left += high - low;
        }
    }
    client.assign(&list).expect("partitions can be assigned");
    (client, left)
}

fn detach(kafka: &Kafka, message: &BorrowedMessage<'_>) -> Record {
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    let headers = message.headers().map(|headers| {
        headers.iter().map(|h| (h.key.to_owned(), text(h.value.unwrap_or_default()))).collect()
    });
    Record {
        topic: kafka.strip(message.topic()).into(),
        partition: message.partition(),
        offset: message.offset(),
        key: text(message.key().unwrap_or_default()),
        payload: message.payload().map(<[u8]>::to_vec),
        headers: headers.unwrap_or_default(),
        timestamp_ms: message.timestamp().to_millis().unwrap_or_default(),
    }
}
