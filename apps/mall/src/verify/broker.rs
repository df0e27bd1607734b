//! The broker, read from its beginning to its end and never written.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use chassis::config::KafkaConfig;
use chassis::kafka::Kafka;
use chassis::record::Record;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Headers as _, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::{ClientConfig, message::BorrowedMessage};

const ASK: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(10);

/// A topic of the catalogue and one of its partitions.
pub type Place = (&'static str, i32);

/// What a partition holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// The first offset that is still there.
    pub low: i64,
    /// One beyond the last.
    pub high: i64,
    /// How many records were found in between.
    pub found: i64,
}

impl Extent {
    /// Whether nothing was deleted or compacted away.
    pub fn is_complete(&self) -> bool {
        self.low == 0 && self.found == self.high
    }
}

/// What the partitions hold.
pub type Extents = BTreeMap<Place, Extent>;

/// Whether a topic still holds everything that was ever said on it.
pub fn is_complete(extents: &Extents, topic: &str) -> bool {
    extents.iter().filter(|((name, _), _)| *name == topic).all(|(_, extent)| extent.is_complete())
}

/// The broker.
#[derive(Debug, Clone)]
pub struct Broker {
    brokers: String,
    kafka: Kafka,
}

impl Broker {
    /// The broker of this configuration.
    #[must_use]
    pub fn new(config: &KafkaConfig) -> Self {
        Self { brokers: config.brokers.clone(), kafka: Kafka::new(config) }
    }

    fn client(&self, group: &str) -> anyhow::Result<BaseConsumer> {
        ClientConfig::new()
            .set("bootstrap.servers", &self.brokers)
            .set("group.id", self.kafka.group(group))
            .set("enable.auto.commit", "false")
            .set("fetch.wait.max.ms", "50")
            .create()
            .context("a client for the broker cannot be made")
    }

    /// Where these topics begin and end now. A topic that does not exist has no partitions.
    pub async fn extents(&self, topics: Vec<&'static str>) -> anyhow::Result<Extents> {
        let broker = self.clone();
        blocking(move || broker.watermarks(&broker.client("mall.verify")?, &topics)).await
    }

    fn watermarks(
        &self,
        client: &BaseConsumer,
        topics: &[&'static str],
    ) -> anyhow::Result<Extents> {
        let mut extents = Extents::new();
        for topic in topics {
            let name = self.kafka.name_of(topic);
            let metadata = client.fetch_metadata(Some(&name), ASK).context("the broker is away")?;
            for partition in
                metadata.topics().iter().flat_map(rdkafka::metadata::MetadataTopic::partitions)
            {
                let (low, high) = client.fetch_watermarks(&name, partition.id(), ASK)?;
                extents.insert((*topic, partition.id()), Extent { low, high, found: 0 });
            }
        }
        Ok(extents)
    }

    /// Hands every record that is on `topics` now to `take`, in order per partition.
    pub async fn read<T: Send + 'static>(
        &self,
        topics: Vec<&'static str>,
        into: T,
        take: fn(&mut T, Record),
    ) -> anyhow::Result<(T, Extents)> {
        let broker = self.clone();
        blocking(move || broker.read_all(&topics, into, take)).await
    }

    fn read_all<T>(
        &self,
        topics: &[&'static str],
        mut into: T,
        take: fn(&mut T, Record),
    ) -> anyhow::Result<(T, Extents)> {
        let client = self.client("mall.verify")?;
        let mut extents = self.watermarks(&client, topics)?;
        let (mut list, mut open) = (TopicPartitionList::new(), 0);
        for ((topic, partition), extent) in &extents {
            if extent.high > extent.low {
                list.add_partition_offset(
                    &self.kafka.name_of(topic),
                    *partition,
                    Offset::Beginning,
                )?;
                open += 1;
            }
        }
        client.assign(&list)?;
        while open > 0 {
            let message = client
                .poll(SILENCE)
                .context("the broker did not hand over everything it says it has")??;
            let topic = self.kafka.strip(message.topic());
            let Some(topic) = topics.iter().copied().find(|t| *t == topic) else { continue };
            let Some(extent) = extents.get_mut(&(topic, message.partition())) else { continue };
            let offset = message.offset();
            // What was said after we asked for the end is none of our business.
            if offset < extent.high {
                extent.found += 1;
                open -= i32::from(offset + 1 == extent.high);
                take(&mut into, detach(&message, topic));
            }
        }
        Ok((into, extents))
    }

    /// The place that a consumer told the broker it had reached, where it told one.
    pub async fn hints(
        &self,
        consumer: String,
        places: Vec<Place>,
    ) -> anyhow::Result<BTreeMap<Place, i64>> {
        let broker = self.clone();
        blocking(move || {
            let client = broker.client(&consumer)?;
            let mut list = TopicPartitionList::new();
            for (topic, partition) in &places {
                list.add_partition(&broker.kafka.name_of(topic), *partition);
            }
            let told = client.committed_offsets(list, ASK)?;
            let hint = |place: &Place| {
                let found = told.find_partition(&broker.kafka.name_of(place.0), place.1)?;
                Some((*place, found.offset().to_raw().filter(|offset| *offset >= 0)?))
            };
            Ok(places.iter().filter_map(hint).collect())
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    ask: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(ask).await.context("the reader of the broker broke")?
}

fn detach(message: &BorrowedMessage<'_>, topic: &'static str) -> Record {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}");
    let headers = message.headers().map(|headers| {
        headers.iter().filter_map(|h| Some((h.key.to_owned(), text(h.value?)))).collect()
    });
    Record {
        topic: topic.into(),
        partition: message.partition(),
        offset: message.offset(),
        key: message.key().map(text).unwrap_or_default(),
        payload: message.payload().map(<[u8]>::to_vec),
        headers: headers.unwrap_or_default(),
        timestamp_ms: message.timestamp().to_millis().unwrap_or_default(),
    }
}
