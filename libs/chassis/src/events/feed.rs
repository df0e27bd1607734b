//! Overhearing: every replica reads compacted topics from the start into its own memory.

use std::collections::HashMap;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use rdkafka::Message;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::kafka::Kafka;
use super::reader::{detach, positions};
use super::record::Record;
use crate::health::Heart;
use crate::problem::said_at_panic;

const POLL: Duration = Duration::from_secs(1);

/// What is read, and what it is called there.
pub(crate) struct Feed {
    pub kafka: Kafka,
    pub name: String,
    pub topics: Vec<&'static str>,
    /// Beats while the thread comes round.
    pub heart: Heart,
}

/// Reads `topics` from the start on a thread of its own and hands every record to `take`, in order per partition.
///
/// `caught_up` turns true once everything that was there at the start has been read. What is returned closes when the
/// thread ends.
pub(crate) fn spawn(
    feed: Feed,
    take: impl Fn(&Record) + Send + 'static,
    caught_up: watch::Sender<bool>,
    stop: CancellationToken,
) -> anyhow::Result<oneshot::Receiver<Infallible>> {
    let Feed { kafka, name, topics, heart } = feed;
    let (alive, ended) = oneshot::channel();
    let client: BaseConsumer = kafka
        .reader(&name)
        .set("auto.offset.reset", "earliest")
        .set("fetch.wait.max.ms", "1000")
        .create()?;
    std::thread::Builder::new().name(format!("kafka {name}")).spawn(move || {
        let _alive = alive;
        let Some(mut ends) = assign(&client, &kafka, &topics, &heart, &stop) else { return };
        loop {
            heart.beat();
            if ends.is_empty() && !*caught_up.borrow() {
                caught_up.send_replace(true);
            }
            if stop.is_cancelled() {
                return;
            }
            match client.poll(POLL) {
                Some(Ok(message)) => {
                    hand_over(&detach(&message, &kafka), &take);
                    let place = (message.topic().to_owned(), message.partition());
                    if ends.get(&place).is_some_and(|end| message.offset() + 1 >= *end) {
                        ends.remove(&place);
                    }
                }
                Some(Err(error)) => tracing::warn!(%error, "the broker cannot be read"),
                // What is left to the end may be no record, but the mark of a transaction.
                None if !ends.is_empty() => {
                    let at = positions(&client);
                    ends.retain(|place, end| at.get(place).is_none_or(|at| at < end));
                }
                None => {}
            }
        }
    })?;
    Ok(ended)
}

/// A listener that breaks over one record hears the next one all the same.
fn hand_over(record: &Record, take: &impl Fn(&Record)) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| take(record))) {
        tracing::error!(
            kafka.topic = &*record.topic,
            kafka.partition = record.partition,
            kafka.offset = record.offset,
            event = record.name(),
            cause = said_at_panic(&*panic),
            "a record could not be overheard"
        );
        metrics::counter!("mall_overheard_failed_total", "topic" => record.topic.to_string())
            .increment(1);
    }
}

type Ends = HashMap<(String, i32), i64>;

/// Assigns every partition from its beginning; returns where each ended at that moment. Waits for the broker.
fn assign(
    client: &BaseConsumer,
    kafka: &Kafka,
    topics: &[&str],
    heart: &Heart,
    stop: &CancellationToken,
) -> Option<Ends> {
    let mut told = false;
    while !stop.is_cancelled() {
        heart.beat();
        match try_assign(client, kafka, topics) {
            Ok(ends) => return Some(ends),
            Err(error) => {
                if !told {
                    tracing::warn!(error, "the broker does not say what it has yet");
                    told = true;
                }
                std::thread::sleep(Duration::from_millis(500));
            }
        }
    }
    None
}

fn try_assign(client: &BaseConsumer, kafka: &Kafka, topics: &[&str]) -> Result<Ends, String> {
    let five = Duration::from_secs(5);
    let mut list = TopicPartitionList::new();
    let mut ends = Ends::new();
    for topic in topics {
        let name = kafka.name_of(topic);
        let metadata = client.fetch_metadata(Some(&name), five).map_err(|e| e.to_string())?;
        let partitions = metadata.topics().first().map_or(0, |t| t.partitions().len());
        if partitions == 0 {
            return Err(format!("the topic {name} does not exist yet"));
        }
        for partition in 0..i32::try_from(partitions).unwrap_or(0) {
            let (low, high) =
                client.fetch_watermarks(&name, partition, five).map_err(|e| e.to_string())?;
            if high > low {
                ends.insert((name.clone(), partition), high);
            }
            list.add_partition_offset(&name, partition, Offset::Beginning)
                .map_err(|e| e.to_string())?;
        }
    }
    client.assign(&list).map_err(|e| e.to_string())?;
    Ok(ends)
}
