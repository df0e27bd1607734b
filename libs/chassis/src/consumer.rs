//! Reading topics: the broker's client on a thread of its own, one worker per partition behind a bounded queue.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::apply::Consumer;
use crate::kafka::Kafka;

mod intake;
mod polling;
mod progress;

pub(crate) use polling::detach;
use polling::{Client, Context, Newborn, Polling};
use progress::{Place, Progress};

/// The largest batch one transaction takes in, unless the configuration says otherwise.
pub const BATCH: usize = 500;

const ASK: Duration = Duration::from_secs(5);
const GOODBYE: Duration = Duration::from_secs(2);

/// Runs a [`Consumer`] against the broker.
pub struct Reader {
    consumer: Consumer,
    kafka: Kafka,
    batch: usize,
    session_timeout_ms: u32,
    caught_up: watch::Sender<bool>,
}

impl Reader {
    /// A reader for `consumer`. `caught_up` turns true once everything that was there at the start has been heard,
    /// by this reader or by another of the same name.
    #[must_use]
    pub fn new(consumer: Consumer, kafka: Kafka, caught_up: watch::Sender<bool>) -> Self {
        Self { consumer, kafka, batch: BATCH, session_timeout_ms: 10_000, caught_up }
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

    /// Reads until `stop`, then finishes what it began.
    ///
    /// # Errors
    /// When the client cannot be made, or a worker broke: the process had better begin again.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        // Dropped when this future is: then the thread and the workers end as well.
        let stop = stop.child_token();
        let _gone = stop.clone().drop_guard();
        let progress = Progress::default();
        if !self.stored_offsets(&progress, &stop).await {
            return Ok(());
        }
        let client = Arc::new(self.client(&progress)?);
        let (born, newborns) = mpsc::unbounded_channel();
        let (done, goodbye) = std::sync::mpsc::channel::<()>();
        let mut polling = Polling::new(client.clone(), born, self.labels());
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

        let supervised = self.supervise(newborns, &client, &progress, &stop).await;
        let last = (client.clone(), progress.clone(), self.kafka.clone());
        let hint = tokio::task::spawn_blocking(move || {
            commit_hint(&last.0, &last.2, &last.1, CommitMode::Sync);
        });
        drop(tokio::time::timeout(GOODBYE, hint).await);
        drop((client, done));
        drop(tokio::time::timeout(GOODBYE, thread_ended).await);
        supervised
    }

    fn client(&self, progress: &Progress) -> anyhow::Result<Client> {
        let context = Context {
            kafka: self.kafka.clone(),
            progress: progress.clone(),
            revoked: Mutex::default(),
        };
        let client: Client = self
            .kafka
            .client(&self.consumer.name)
            .set("group.id", self.kafka.group(&self.consumer.name))
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest")
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("session.timeout.ms", self.session_timeout_ms.to_string())
            .set("heartbeat.interval.ms", (self.session_timeout_ms / 4).to_string())
            .set("queued.max.messages.kbytes", "4096")
            // The default of a second would cap a busy partition at four megabytes a second.
            .set("fetch.queue.backoff.ms", "20")
            .set("fetch.wait.max.ms", "1000")
            .set("statistics.interval.ms", "5000")
            .create_with_context(context)?;
        let topics: Vec<String> =
            self.consumer.doors.topics().iter().map(|t| self.kafka.name_of(t)).collect();
        client.subscribe(&topics.iter().map(String::as_str).collect::<Vec<_>>())?;
        Ok(client)
    }

    fn labels(&self) -> [(&'static str, String); 2] {
        [("service", self.consumer.service.to_owned()), ("consumer", self.consumer.name.clone())]
    }

    /// Starts a worker per partition as partitions show up, and tells the broker now and then where we are.
    async fn supervise(
        &self,
        mut newborns: mpsc::UnboundedReceiver<Newborn>,
        client: &Arc<Client>,
        progress: &Progress,
        stop: &CancellationToken,
    ) -> anyhow::Result<()> {
        let mut workers = JoinSet::new();
        let mut look = tokio::time::interval(Duration::from_secs(5));
        let catching_up = self.catch_up(client, progress);
        let mut catching_up = std::pin::pin!(catching_up);
        let mut behind = true;
        let ended = loop {
            tokio::select! {
                Some(Newborn { place, queue, revoked }) = newborns.recv() => {
                    let told = (progress.clone(), self.batch);
                    workers.spawn(intake::work(self.consumer.clone(), place, queue, told, revoked));
                }
                Some(worker) = workers.join_next() => if let Err(error) = worker {
                    break Err(anyhow::Error::new(error).context("a partition's worker broke"));
                },
                _ = look.tick() => {
                    if let Err(error) = progress.refresh(&self.consumer).await {
                        tracing::debug!(%error, "the offsets cannot be read");
                    }
                    self.measure(client, progress);
                    commit_hint(client, &self.kafka, progress, CommitMode::Async);
                }
                () = &mut catching_up, if behind => {
                    behind = false;
                    self.caught_up.send_replace(true);
                }
                () = stop.cancelled() => break Ok(()),
            }
        };
        stop.cancel();
        while workers.join_next().await.is_some() {}
        ended
    }

    /// Waits until everything that is on the topics now is in the database.
    async fn catch_up(&self, client: &Arc<Client>, progress: &Progress) {
        let mut tick = tokio::time::interval(Duration::from_millis(100));
        let ends = loop {
            tick.tick().await;
            let (client, kafka) = (client.clone(), self.kafka.clone());
            let topics: Vec<Arc<str>> =
                self.consumer.doors.topics().into_iter().map(Into::into).collect();
            let asked = tokio::task::spawn_blocking(move || ends(&client, &kafka, &topics)).await;
            if let Ok(Some(ends)) = asked {
                break ends;
            }
        };
        let mut rounds = 0_u32;
        while !progress.reached(&ends) {
            tick.tick().await;
            rounds += 1;
            // Another replica may hold some of the partitions; what it does shows in the database only.
            if rounds.is_multiple_of(5) {
                progress.refresh(&self.consumer).await.ok();
            }
        }
    }

    fn measure(&self, client: &Client, progress: &Progress) {
        let assigned = client.assignment().unwrap_or_default();
        let places: Vec<Place> = assigned
            .elements()
            .iter()
            .map(|e| (self.kafka.strip(e.topic()).into(), e.partition()))
            .collect();
        let lags = progress.lag(&places, self.consumer.db.clock().now().as_millisecond());
        for topic in self.consumer.doors.topics() {
            let lag = lags.get(topic).copied().unwrap_or_default();
            let [service, consumer] = self.labels();
            let labels = [service, consumer, ("topic", topic.to_owned())];
            let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
            metrics::gauge!("mall_consumer_lag_records", &labels).set(number(lag.records));
            metrics::gauge!("mall_consumer_lag_seconds", &labels).set(number(lag.seconds));
        }
    }

    /// The database is the truth about where we are; the broker's own offsets are only a hint for lag tools.
    /// Returns whether it could be asked before `stop`.
    async fn stored_offsets(&self, progress: &Progress, stop: &CancellationToken) -> bool {
        let mut told = false;
        while let Err(error) = progress.refresh(&self.consumer).await {
            if !told {
                tracing::warn!(%error, consumer = self.consumer.name, "the offsets cannot be read yet");
                told = true;
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                () = stop.cancelled() => return false,
            }
        }
        true
    }
}

fn commit_hint(client: &Client, kafka: &Kafka, progress: &Progress, mode: CommitMode) {
    let Ok(assigned) = client.assignment() else { return };
    let mut list = TopicPartitionList::new();
    for element in assigned.elements() {
        let place = (kafka.strip(element.topic()).into(), element.partition());
        if let Some(next) = progress.next(&place) {
            list.add_partition_offset(element.topic(), element.partition(), Offset::Offset(next))
                .ok();
        }
    }
    if list.count() > 0
        && let Err(error) = client.commit(&list, mode)
    {
        tracing::debug!(%error, "the hint for lag tools was not taken");
    }
}

/// Where every partition of `topics` that holds something ends now; nothing when the broker does not say.
fn ends(client: &Client, kafka: &Kafka, topics: &[Arc<str>]) -> Option<HashMap<Place, i64>> {
    let mut ends = HashMap::new();
    for topic in topics {
        let name = kafka.name_of(topic);
        let metadata = client.fetch_metadata(Some(&name), ASK).ok()?;
        let partitions = metadata.topics().first().map_or(0, |t| t.partitions().len());
        for partition in 0..i32::try_from(partitions).unwrap_or(0) {
            let (low, high) = client.fetch_watermarks(&name, partition, ASK).ok()?;
            if high > low {
                ends.insert((topic.clone(), partition), high);
            }
        }
    }
    Some(ends)
}
