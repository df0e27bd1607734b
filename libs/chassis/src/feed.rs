//! Overhearing: every replica reads compacted topics from the start into its own memory.

use std::collections::HashMap;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::consumer::detach;
use crate::kafka::Kafka;
use crate::record::Record;

const POLL: Duration = Duration::from_millis(250);

/// Reads `topics` from the start on a thread of its own and hands every record to `take`, in order per partition.
///
/// `caught_up` turns true once everything that was there at the start has been read.
pub fn spawn(
    kafka: Kafka,
    name: String,
    topics: Vec<String>,
    take: impl Fn(&Record) + Send + 'static,
    caught_up: watch::Sender<bool>,
    stop: CancellationToken,
) -> anyhow::Result<std::thread::JoinHandle<()>> {
    let client: BaseConsumer = kafka
        .client(&name)
        .set("group.id", kafka.group(&name))
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("queued.max.messages.kbytes", "4096")
        .set("fetch.wait.max.ms", "1000")
        .create()?;
    let handle = std::thread::Builder::new().name(format!("kafka {name}")).spawn(move || {
        let Some(mut ends) = assign(&client, &kafka, &topics, &stop) else { return };
        loop {
            ends.retain(|place, end| position(&client, place) < *end);
            if ends.is_empty() && !*caught_up.borrow() {
                caught_up.send_replace(true);
            }
            if stop.is_cancelled() {
                return;
            }
            match client.poll(POLL) {
                Some(Ok(message)) => take(&detach(&message, &kafka)),
                Some(Err(error)) => tracing::warn!(%error, "the broker cannot be read"),
                None => {}
            }
        }
    })?;
    Ok(handle)
}

type Ends = HashMap<(String, i32), i64>;

fn position(client: &BaseConsumer, (topic, partition): &(String, i32)) -> i64 {
    client
        .position()
        .ok()
        .and_then(|p| p.find_partition(topic, *partition).and_then(|e| e.offset().to_raw()))
        .unwrap_or(0)
}

/// Assigns every partition from its beginning; returns where each ended at that moment. Waits for the broker.
fn assign(
    client: &BaseConsumer,
    kafka: &Kafka,
    topics: &[String],
    stop: &CancellationToken,
) -> Option<Ends> {
    while !stop.is_cancelled() {
        match try_assign(client, kafka, topics) {
            Ok(ends) => return Some(ends),
            Err(error) => {
                tracing::warn!(error, "the broker does not say what it has yet");
                std::thread::sleep(Duration::from_millis(500));
            }
        }
    }
    None
}

fn try_assign(client: &BaseConsumer, kafka: &Kafka, topics: &[String]) -> Result<Ends, String> {
    let five = Duration::from_secs(5);
    let mut list = TopicPartitionList::new();
    let mut ends = Ends::new();
    for topic in topics {
        let name = kafka.name_of(topic);
        let metadata = client.fetch_metadata(Some(&name), five).map_err(|e| e.to_string())?;
        let partitions = metadata.topics().first().map(|t| t.partitions().len()).unwrap_or(0);
        if partitions == 0 {
            return Err(format!("the topic {name} does not exist yet"));
        }
        for partition in 0..i32::try_from(partitions).unwrap_or(0) {
            let (low, high) =
                client.fetch_watermarks(&name, partition, five).map_err(|e| e.to_string())?;
            if high > low {
                ends.insert((name.clone(), partition), high);
            }
            list.add_partition_offset(&name, partition, Offset::Beginning).map_err(|e| e.to_string())?;
        }
    }
    client.assign(&list).map_err(|e| e.to_string())?;
    Ok(ends)
}
