//! Reading topics: the broker's client on a thread of its own, one worker per partition behind a bounded queue.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::consumer::Consumer;
use super::dead_letters;
use super::kafka::Kafka;
use crate::health::Heart;

mod intake;
mod log;
mod polling;
mod progress;

use intake::{Faults, Intake};
use log::{Extents, extents, lost};
pub use log::{LostLog, lost_logs, restart};
use polling::{Client, Context, Newborn, Polling};
pub(crate) use polling::{detach, positions};
use progress::{Place, Progress, WentBack};

/// The largest batch one transaction takes in, unless the configuration says otherwise.
pub const BATCH: usize = 500;

const GOODBYE: Duration = Duration::from_secs(2);
/// How often the database is told of what nobody here hears.
const KEEP: Duration = Duration::from_secs(1);
/// How often it is asked what other replicas did.
const LOOK: Duration = Duration::from_secs(5);
/// Who has not heard the broker for so long does not know what is going on.
const IN_TOUCH: Duration = Duration::from_secs(10);
/// Whoever is so far behind acts on old news.
const CURRENT_S: i64 = 30;

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

    /// Starts a worker per partition as partitions show up, and tells the database and the broker where we are.
    async fn supervise(
        &self,
        mut newborns: mpsc::UnboundedReceiver<Newborn>,
        client: &Client,
        hinted: &mut HashMap<Place, i64>,
        extents: &Extents,
        stop: &CancellationToken,
        astray: &CancellationToken,
    ) -> anyhow::Result<Ended> {
        let progress = &client.context().progress;
        let mut workers = JoinSet::new();
        let (mut keep, mut look) = (tokio::time::interval(KEEP), tokio::time::interval(LOOK));
        let intake = Intake {
            consumer: self.consumer.clone(),
            progress: progress.clone(),
            faults: Faults::default(),
            batch: self.batch,
        };
        workers.spawn(intake::come_back(self.consumer.clone(), stop.clone()));
        let ends = extents.iter().filter(|(_, e)| e.high > e.low);
        let ends: HashMap<Place, i64> = ends.map(|(p, e)| (p.clone(), e.high)).collect();
        let mut catching_up = std::pin::pin!(self.catch_up(progress, &ends));
        let mut behind = true;
        let ended = loop {
            tokio::select! {
                Some(Newborn { place, queue, revoked }) = newborns.recv() => {
                    workers.spawn(intake.clone().work(place, queue, revoked));
                }
                Some(worker) = workers.join_next() => match worker {
                    Ok(Ok(())) => {}
                    Ok(Err(WentBack)) => break Ok(Ended::Anew("the database went back")),
                    Err(error) => {
                        break Err(anyhow::Error::new(error).context("a partition's worker broke"));
                    }
                },
                _ = keep.tick() => if let Err(error) = progress.keep(&self.consumer).await {
                    tracing::debug!(%error, "our place cannot be kept");
                },
                _ = look.tick() => {
                    match progress.refresh(&self.consumer).await {
                        Ok(Ok(())) => {}
                        Ok(Err(WentBack)) => break Ok(Ended::Anew("the database went back")),
                        Err(error) => tracing::debug!(%error, "the offsets cannot be read"),
                    }
                    let late = self.measure(client, progress);
                    commit_hint(client, hinted, CommitMode::Async);
                    self.set_current(!behind && !late && client.context().is_in_touch(IN_TOUCH));
                }
                () = &mut catching_up, if behind => {
                    behind = false;
                    self.set_current(true);
                }
                () = astray.cancelled() => break Ok(Ended::Anew("the log has not what we ask for")),
                () = stop.cancelled() => break Ok(Ended::Asked),
            }
        };
        stop.cancel();
        while workers.join_next().await.is_some() {}
        ended
    }

    /// Looks at the log before anything of it is read: gaps are noted, and what is not the log we know is waited for.
    /// Nothing when asked to stop.
    async fn survey(
        &self,
        client: &Arc<Client>,
        progress: &Progress,
        stop: &CancellationToken,
    ) -> Option<Extents> {
        let mut rounds = 0_u32;
        loop {
            self.beat();
            let asked = (client.clone(), self.kafka.clone(), self.topics());
            let asked = tokio::task::spawn_blocking(move || extents(&asked.0, &asked.1, &asked.2));
            if let Ok(Some(extents)) = asked.await {
                let stored = progress.all_stored();
                let lost = lost(&self.consumer, &stored, &extents);
                let lost_now = u32::try_from(lost.len()).unwrap_or(u32::MAX);
                metrics::gauge!("mall_consumer_lost_logs", &self.labels()).set(lost_now);
                if rounds.is_power_of_two() || rounds == 0 {
                    for log in &lost {
                        tracing::error!("{log}");
                    }
                }
                if lost.is_empty() && self.note_gaps(&stored, &extents, progress).await {
                    return Some(extents);
                }
            } else if rounds == 0 {
                tracing::warn!(
                    consumer = self.consumer.name,
                    "the broker does not say what it has of every topic yet"
                );
            }
            rounds += 1;
            tokio::select! {
                () = tokio::time::sleep(KEEP) => {}
                () = stop.cancelled() => return None,
            }
            // An operator may have decided meanwhile.
            progress.forget();
            drop(progress.refresh(&self.consumer).await);
        }
    }

    /// Leaves a letter for each stretch that was deleted before it was heard. False when that could not be written.
    async fn note_gaps(
        &self,
        stored: &HashMap<Place, i64>,
        extents: &Extents,
        progress: &Progress,
    ) -> bool {
        for (place, extent) in extents {
            let Some(stored) = stored.get(place).filter(|stored| **stored < extent.low) else {
                continue;
            };
            let (topic, partition) = place;
            let (from, to) = (*stored, extent.low);
            let noted = dead_letters::note_gap(&self.consumer, topic, *partition, from, to).await;
            if let Err(error) = noted {
                tracing::warn!(%error, "a gap cannot be noted yet");
                return false;
            }
            progress.kept(place, extent.low);
        }
        true
    }

    /// Waits until everything that was on the topics at the start is in the database.
    async fn catch_up(&self, progress: &Progress, ends: &HashMap<Place, i64>) {
        let mut tick = tokio::time::interval(Duration::from_millis(100));
        let mut rounds = 0_u32;
        while !progress.reached(ends) {
            tick.tick().await;
            rounds += 1;
            // Another replica may hold some of the partitions; what it does shows in the database only.
            if rounds.is_multiple_of(5) {
                drop(progress.refresh(&self.consumer).await);
            }
        }
    }

    /// Tells the metrics how far behind we are; returns whether that is too far.
    fn measure(&self, client: &Client, progress: &Progress) -> bool {
        let assigned = client.assignment().unwrap_or_default();
        let places: Vec<Place> = assigned
            .elements()
            .iter()
            .map(|e| (self.kafka.strip(e.topic()).into(), e.partition()))
            .collect();
        let lags = progress.lag(&places, self.consumer.db.clock().now().as_millisecond());
        for topic in self.consumer.handlers.topics() {
            let lag = lags.get(topic).copied().unwrap_or_default();
            let [service, consumer] = self.labels();
            let labels = [service, consumer, ("topic", topic.to_owned())];
            let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
            metrics::gauge!("mall_consumer_lag_records", &labels).set(number(lag.records));
            metrics::gauge!("mall_consumer_lag_seconds", &labels).set(number(lag.seconds));
        }
        lags.values().any(|lag| lag.seconds > CURRENT_S)
    }

    /// The database is the truth about where we are; the broker's own offsets are only a hint for lag tools.
    /// Returns whether it could be asked before `stop`.
    async fn stored_offsets(&self, progress: &Progress, stop: &CancellationToken) -> bool {
        let mut told = false;
        while let Err(error) = progress.refresh(&self.consumer).await {
            self.beat();
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
