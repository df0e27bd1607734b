//! Whether the log is the one we know: a topic can be made anew, lose its tail, or forget what nobody heard yet.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};

use super::progress::{Place, stored_offsets};
use crate::db::Db;
use crate::events::consumer::Consumer;
use crate::events::kafka::Kafka;

const ASK: Duration = Duration::from_secs(5);
/// Letters of a log that is no more keep their order and leave its offsets to the new one.
const ANOTHER_LOG: i64 = 1_000_000_000_000;

/// A partition that ends before what was heard of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostLog {
    /// The service that heard it.
    pub service: &'static str,
    /// The consumer.
    pub consumer: String,
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// Everything below was heard.
    pub stored: i64,
    /// The partition ends here.
    pub end: i64,
}

impl fmt::Display for LostLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, consumer, topic, partition, stored, end } = self;
        write!(
            f,
            "{consumer} has heard {stored} records of {topic}[{partition}], which holds only {end}: the topic was made \
             anew or lost its end, and nothing of it is heard until you decide. To hear what it holds now from its \
             beginning: mall offsets restart {service} {topic}"
        )
    }
}

/// Where a partition begins and ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub low: i64,
    pub high: i64,
}

pub(super) type Extents = HashMap<Place, Extent>;

/// Asks for the extents of all partitions of `topics`; nothing when the broker does not say. Blocks.
pub(super) fn extents<C: ClientContext + ConsumerContext>(
    client: &BaseConsumer<C>,
    kafka: &Kafka,
    topics: &[Arc<str>],
) -> Option<Extents> {
    let mut extents = HashMap::new();
    for topic in topics {
        let name = kafka.name_of(topic);
        let metadata = client.fetch_metadata(Some(&name), ASK).ok()?;
        let partitions = metadata.topics().first().map_or(0, |t| t.partitions().len());
        if partitions == 0 {
            return None;
        }
        for partition in 0..i32::try_from(partitions).unwrap_or(0) {
            let (low, high) = client.fetch_watermarks(&name, partition, ASK).ok()?;
            extents.insert((topic.clone(), partition), Extent { low, high });
        }
    }
    Some(extents)
}

/// The partitions that end before what `consumer` has heard of them.
pub(super) fn lost(
    consumer: &Consumer,
    stored: &HashMap<Place, i64>,
    extents: &Extents,
) -> Vec<LostLog> {
    let mut lost: Vec<LostLog> = stored
        .iter()
        .filter_map(|(place, stored)| Some((place, *stored, extents.get(place)?.high)))
        .filter(|(_, stored, end)| stored > end)
        .map(|((topic, partition), stored, end)| LostLog {
            service: consumer.service,
            consumer: consumer.name.clone(),
            topic: topic.to_string(),
            partition: *partition,
            stored,
            end,
        })
        .collect();
    lost.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
    lost
}

/// The partitions that end before what `consumer` has heard of them, for an operator who asks.
///
/// # Errors
/// When the broker or the database does not answer.
pub async fn lost_logs(consumer: &Consumer, kafka: &Kafka) -> anyhow::Result<Vec<LostLog>> {
    let stored = stored_offsets(consumer).await?;
    let topics: Vec<Arc<str>> = consumer.handlers.topics().into_iter().map(Into::into).collect();
    let kafka = kafka.clone();
    let asked = tokio::task::spawn_blocking(move || -> anyhow::Result<_> {
        let client: BaseConsumer = kafka.client("mall-doctor").create()?;
        extents(&client, &kafka, &topics)
            .ok_or_else(|| anyhow::anyhow!("the broker does not answer"))
    });
    Ok(lost(consumer, &stored, &asked.await??))
}

/// Lets every consumer of a service hear `topic` from its beginning. What it knows already by its id changes nothing.
/// Returns how many places went back.
pub async fn restart(db: &Db, topic: &str) -> sqlx::Result<u64> {
    let mut tx = db.begin().await?;
    let went = sqlx::query("update chassis.consumer_offset set next_offset = 0 where topic = $1")
        .bind(topic)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "update chassis.dead_letter set record_offset = record_offset - $2 where topic = $1",
    )
    .bind(topic)
    .bind(ANOTHER_LOG)
    .execute(tx.conn())
    .await?;
    tx.commit().await?;
    Ok(went.rows_affected())
}
