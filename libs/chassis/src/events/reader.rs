//! Reading topics: the broker's client on a thread of its own, one worker per partition behind a bounded queue.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::consumer::Consumer;
use super::kafka::Kafka;
use crate::health::Heart;

mod intake;
mod log;
mod polling;
mod progress;
mod supervise;
mod survey;

pub use log::{LostLog, lost_logs, restart};
use polling::{Client, Context, Polling};
pub(crate) use polling::{detach, positions};
use progress::{Place, Progress};

/// The largest batch one transaction takes in, unless the configuration says otherwise.
pub const BATCH: usize = 500;

const GOODBYE: Duration = Duration::from_secs(2);
/// How often the database is told of what nobody here hears.
const KEEP: Duration = Duration::from_secs(1);
/// How often it is asked what other replicas did.
const LOOK: Duration = Duration::from_secs(5);

/// Runs a [`Consumer`] against the broker.
pub struct Reader {
    consumer: Consumer,
    kafka: Kafka,
    batch: usize,
    session_timeout_ms: u32,
    current: watch::Sender<bool>,
    heart: Option<Heart>,
}

/// Why a reader stopped reading.
enum Ended {
    Asked,
    /// What it believed is not true any more: it begins again with what the database and the broker say.
    Anew(&'static str),
}

impl Reader {
    /// A reader for `consumer`. `current` is true while we know what is going on: everything that was there at the
    /// start has been heard, by this reader or by another of the same name, the broker answers, and nothing waits for
    /// longer than half a minute.
    #[must_use]
    pub fn new(consumer: Consumer, kafka: Kafka, current: watch::Sender<bool>) -> Self {
        Self { consumer, kafka, batch: BATCH, session_timeout_ms: 10_000, current, heart: None }
    }

    /// With another batch size.
    #[must_use]
    pub fn with_batch(mut self, batch: usize) -> Self {
        self.batch = batch;
        self
    }

    /// With another time after which the group thinks a silent member dead.
    #[must_use]
    pub fn with_session_timeout(mut self, ms: u32) -> Self {
        self.session_timeout_ms = ms;
        self
    }

    /// Shows that it is alive whenever it comes round.
    pub(crate) fn with_heart(mut self, heart: Heart) -> Self {
        self.heart = Some(heart);
        self
    }

    fn beat(&self) {
        if let Some(heart) = &self.heart {
            heart.beat();
        }
    }

    fn set_current(&self, current: bool) {
        self.current.send_if_modified(|before| std::mem::replace(before, current) != current);
    }

    /// Reads until `stop`, then finishes what it began.
    ///
    /// # Errors
    /// When the client cannot be made, or a worker broke: the process had better begin again.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        while let Ended::Anew(why) = self.read(&stop).await? {
            self.set_current(false);
            metrics::counter!("mall_consumer_anew_total", &self.labels()).increment(1);
            tracing::error!(consumer = self.consumer.name, "{why}; reading begins again");
        }
        Ok(())
    }

    async fn read(&self, stop: &CancellationToken) -> anyhow::Result<Ended> {
        // Dropped when this future is: then the thread and the workers end as well.
        let stop = stop.child_token();
        let _gone = stop.clone().drop_guard();
        let progress = Progress::default();
        if !self.stored_offsets(&progress, &stop).await {
            return Ok(Ended::Asked);
        }
        let client = Arc::new(self.client(&progress)?);
        let Some(extents) = self.survey(&client, &progress, &stop).await else {
            return Ok(Ended::Asked);
        };
        self.subscribe(&client)?;
        let (born, newborns) = mpsc::unbounded_channel();
        let (done, goodbye) = std::sync::mpsc::channel::<()>();
        let astray = CancellationToken::new();
        let mut polling = Polling::new(client.clone(), born, self.labels(), astray.clone());
        polling.heart.clone_from(&self.heart);
        let stopping = stop.clone();
        let (ended, thread_ended) = tokio::sync::oneshot::channel();
        std::thread::Builder::new().name(format!("kafka {}", self.consumer.name)).spawn(
            move || {
                polling.poll_until(&stopping);
                // Leaving the group blocks: this thread does it, once nobody else needs the client.
                goodbye.recv().ok();
                drop(polling);
                ended.send(()).ok();
            },
        )?;

        let mut hinted = HashMap::new();
        let supervised =
            self.supervise(newborns, &client, &mut hinted, &extents, &stop, &astray).await;
        progress.keep(&self.consumer).await.ok();
        let last = client.clone();
        let hint =
            tokio::task::spawn_blocking(move || commit_hint(&last, &mut hinted, CommitMode::Sync));
        drop(tokio::time::timeout(GOODBYE, hint).await);
        drop((client, done));
        drop(tokio::time::timeout(GOODBYE, thread_ended).await);
        supervised
    }

    fn client(&self, progress: &Progress) -> anyhow::Result<Client> {
        let unhurried = self.consumer.handlers.is_unhurried();
        let (fetch_bytes, fetch_wait_ms) = if unhurried { ("65536", "500") } else { ("1", "1000") };
        let context = Context {
            kafka: self.kafka.clone(),
            progress: progress.clone(),
            revoked: Mutex::default(),
            heard: Mutex::default(),
        };
        Ok(self
            .kafka
            .reader(&self.consumer.name)
            .set("enable.auto.offset.store", "false")
            // Whoever asks for what the log has not is told so, and does not begin somewhere else by itself.
            .set("auto.offset.reset", "error")
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("session.timeout.ms", self.session_timeout_ms.to_string())
            .set("heartbeat.interval.ms", (self.session_timeout_ms / 4).to_string())
            .set("fetch.min.bytes", fetch_bytes)
            .set("fetch.wait.max.ms", fetch_wait_ms)
            .set("statistics.interval.ms", "5000")
            .create_with_context(context)?)
    }

    fn topics(&self) -> Vec<Arc<str>> {
        self.consumer.handlers.topics().into_iter().map(Into::into).collect()
    }

    fn subscribe(&self, client: &Client) -> anyhow::Result<()> {
        let topics: Vec<String> = self.topics().iter().map(|t| self.kafka.name_of(t)).collect();
        Ok(client.subscribe(&topics.iter().map(String::as_str).collect::<Vec<_>>())?)
    }

    fn labels(&self) -> [(&'static str, String); 2] {
        [("service", self.consumer.service.to_owned()), ("consumer", self.consumer.name.clone())]
    }
}

/// Tells the broker where we stand, where that is news to it.
fn commit_hint(client: &Client, hinted: &mut HashMap<Place, i64>, mode: CommitMode) {
    let context = client.context();
    let Ok(assigned) = client.assignment() else { return };
    let mut list = TopicPartitionList::new();
    for element in assigned.elements() {
        let place = context.place(element.topic(), element.partition());
        let stored = context.progress.stored(&place);
        if stored > 0 && hinted.insert(place, stored) != Some(stored) {
            list.add_partition_offset(element.topic(), element.partition(), Offset::Offset(stored))
                .ok();
        }
    }
    if list.count() > 0
        && let Err(error) = client.commit(&list, mode)
    {
        tracing::debug!(%error, "the hint for lag tools was not taken");
    }
}
