//! Reading topics: the broker's client on a thread of its own, one worker per partition behind a bounded queue.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use rdkafka::ClientContext;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaRespErr;
use sqlx::Row;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::apply::{ApplyError, Consumer};
use crate::kafka::Kafka;
use crate::record::Record;

const QUEUE: usize = 1000;
const POLL: Duration = Duration::from_millis(250);
const GIVE_UP_AFTER: u32 = 8;

type Place = (Arc<str>, i32);
type Offsets = Arc<Mutex<HashMap<Place, i64>>>;

/// The largest batch one transaction takes in, unless the configuration says otherwise.
pub const BATCH: usize = 500;

/// Runs a [`Consumer`] against the broker.
pub struct Reader {
    consumer: Consumer,
    kafka: Kafka,
    batch: usize,
    session_timeout_ms: u32,
    caught_up: watch::Sender<bool>,
}

impl Reader {
    /// A reader for `consumer`. `caught_up` turns true once everything that was there at the start has been heard.
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
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let offsets = self.stored_offsets(&stop).await;
        let assigned = Arc::new(Mutex::new(Vec::new()));
        let context = Context {
            kafka: self.kafka.clone(),
            offsets: offsets.clone(),
            assigned: assigned.clone(),
            changed: AtomicBool::new(false),
        };
        let client: BaseConsumer<Context> = self
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
            .set("fetch.wait.max.ms", "1000")
            .create_with_context(context)?;
        let topics: Vec<String> =
            self.consumer.doors.topics().iter().map(|t| self.kafka.name_of(t)).collect();
        client.subscribe(&topics.iter().map(String::as_str).collect::<Vec<_>>())?;

        let client = Arc::new(client);
        let (workers_in, workers) = mpsc::unbounded_channel();
        let thread = Thread {
            client: client.clone(),
            kafka: self.kafka.clone(),
            queues: HashMap::new(),
            overflow: HashMap::new(),
            newborn: workers_in,
        };
        let stopping = stop.clone();
        let polling = std::thread::Builder::new()
            .name(format!("kafka {}", self.consumer.name))
            .spawn(move || thread.poll_until(&stopping))?;
        self.supervise(workers, &client, &offsets, &stop).await;
        tokio::task::spawn_blocking(move || polling.join()).await.ok();
        Ok(())
    }

    /// Starts a worker per partition as partitions show up, and tells the broker now and then where we are.
    async fn supervise(
        &self,
        mut newborn: mpsc::UnboundedReceiver<(Place, mpsc::Receiver<Record>)>,
        client: &Arc<BaseConsumer<Context>>,
        offsets: &Offsets,
        stop: &CancellationToken,
    ) {
        let mut workers = Vec::new();
        let mut hint = tokio::time::interval(Duration::from_secs(5));
        let mut check = tokio::time::interval(Duration::from_millis(100));
        let mut targets: Option<HashMap<Place, i64>> = None;
        loop {
            tokio::select! {
                Some((place, queue)) = newborn.recv() => {
                    let (consumer, batch) = (self.consumer.clone(), self.batch);
                    let (offsets, stop) = (offsets.clone(), stop.clone());
                    workers.push(tokio::spawn(work(consumer, place, queue, offsets, batch, stop)));
                }
                _ = hint.tick() => commit_hint(client, &self.kafka, offsets, CommitMode::Async),
                _ = check.tick(), if !*self.caught_up.borrow() => {
                    if client.context().changed.swap(false, Ordering::AcqRel) || targets.is_none() {
                        targets = ends(client, &self.kafka).await;
                    }
                    if targets.as_ref().is_some_and(|t| reached(t, offsets)) {
                        self.caught_up.send_replace(true);
                    }
                }
                () = stop.cancelled() => break,
            }
        }
        join_all(workers).await;
        commit_hint(client, &self.kafka, offsets, CommitMode::Sync);
    }

    /// The database is the truth about where we are; the broker's own offsets are only a hint for lag tools.
    async fn stored_offsets(&self, stop: &CancellationToken) -> Offsets {
        loop {
            let rows = sqlx::query(
                "select topic, partition, next_offset from chassis.consumer_offset where consumer = $1",
            )
            .bind(&self.consumer.name)
            .fetch_all(self.consumer.db.pool())
            .await;
            match rows {
                Ok(rows) => {
                    let known = rows.iter().filter_map(|row| {
                        let topic: String = row.try_get("topic").ok()?;
                        let place = (topic.into(), row.try_get("partition").ok()?);
                        Some((place, row.try_get("next_offset").ok()?))
                    });
                    return Arc::new(Mutex::new(known.collect()));
                }
                Err(error) => {
                    tracing::warn!(%error, consumer = self.consumer.name, "the offsets cannot be read yet");
                    tokio::select! {
                        () = tokio::time::sleep(Duration::from_secs(1)) => {}
                        () = stop.cancelled() => return Offsets::default(),
                    }
                }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What librdkafka tells us about while it polls. Never blocks.
struct Context {
    kafka: Kafka,
    offsets: Offsets,
    assigned: Arc<Mutex<Vec<Place>>>,
    changed: AtomicBool,
}

impl ClientContext for Context {
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "the broker's client complains");
    }
}

impl ConsumerContext for Context {
    fn rebalance(
        &self,
        client: &BaseConsumer<Self>,
        err: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        let places: Vec<Place> = partitions
            .elements()
            .iter()
            .map(|e| (self.kafka.strip(e.topic()).into(), e.partition()))
            .collect();
        let done = if err == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            let offsets = lock(&self.offsets);
            for (place, mut element) in places.iter().zip(partitions.elements()) {
                let start = offsets.get(place).map_or(Offset::Beginning, |o| Offset::Offset(*o));
                element.set_offset(start).ok();
            }
            lock(&self.assigned).extend(places);
            client.incremental_assign(partitions)
        } else {
            lock(&self.assigned).retain(|p| !places.contains(p));
            client.incremental_unassign(partitions)
        };
        self.changed.store(true, Ordering::Release);
        if let Err(error) = done {
            tracing::error!(%error, "a rebalance failed");
        }
    }
}

/// The polling thread's own things.
struct Thread {
    client: Arc<BaseConsumer<Context>>,
    kafka: Kafka,
    queues: HashMap<Place, mpsc::Sender<Record>>,
    overflow: HashMap<Place, VecDeque<Record>>,
    newborn: mpsc::UnboundedSender<(Place, mpsc::Receiver<Record>)>,
}

impl Thread {
    fn poll_until(mut self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let wait = if self.overflow.is_empty() { POLL } else { Duration::from_millis(10) };
            let polled = self.client.poll(wait).map(|m| m.map(|m| detach(&m, &self.kafka)));
            match polled {
                Some(Ok(record)) => self.pass_on(record),
                Some(Err(error)) => tracing::warn!(%error, "the broker cannot be read"),
                None => {}
            }
            self.retry_overflow();
        }
    }

    fn pass_on(&mut self, record: Record) {
        let place = (record.topic.clone(), record.partition);
        if let Some(waiting) = self.overflow.get_mut(&place) {
            waiting.push_back(record);
            return;
        }
        let queue = self.queues.entry(place.clone()).or_insert_with(|| {
            let (sender, receiver) = mpsc::channel(QUEUE);
            self.newborn.send((place.clone(), receiver)).ok();
            sender
        });
        if let Err(mpsc::error::TrySendError::Full(record)) = queue.try_send(record) {
            self.pause(&place);
            self.overflow.insert(place, VecDeque::from([record]));
        }
    }

    fn retry_overflow(&mut self) {
        let mut relieved = Vec::new();
        for (place, waiting) in &mut self.overflow {
            let Some(queue) = self.queues.get(place) else { continue };
            while let Some(record) = waiting.pop_front() {
                if let Err(mpsc::error::TrySendError::Full(record)) = queue.try_send(record) {
                    waiting.push_front(record);
                    break;
                }
            }
            if waiting.is_empty() {
                relieved.push(place.clone());
            }
        }
        for place in relieved {
            self.overflow.remove(&place);
            let list = self.list(&place);
            if let Err(error) = self.client.resume(&list) {
                tracing::warn!(%error, "a partition cannot be resumed");
            }
        }
    }

    fn pause(&self, place: &Place) {
        if let Err(error) = self.client.pause(&self.list(place)) {
            tracing::warn!(%error, "a partition cannot be paused");
        }
    }

    fn list(&self, (topic, partition): &Place) -> TopicPartitionList {
        let mut list = TopicPartitionList::new();
        list.add_partition(&self.kafka.name_of(topic), *partition);
        list
    }
}

pub(crate) fn detach(message: &BorrowedMessage<'_>, kafka: &Kafka) -> Record {
    let text = |bytes: Option<&[u8]>| bytes.map(|b| String::from_utf8_lossy(b).into_owned());
    let headers = message.headers().map(|headers| {
        headers.iter().filter_map(|h| Some((h.key.to_owned(), text(h.value)?))).collect()
    });
    Record {
        topic: kafka.strip(message.topic()).into(),
        partition: message.partition(),
        offset: message.offset(),
        key: text(message.key()).unwrap_or_default(),
        payload: message.payload().map(<[u8]>::to_vec),
        headers: headers.unwrap_or_default(),
        timestamp_ms: message.timestamp().to_millis().unwrap_or_default(),
    }
}

/// One partition's worker: takes in whatever is there, as one batch.
async fn work(
    consumer: Consumer,
    place: Place,
    mut queue: mpsc::Receiver<Record>,
    offsets: Offsets,
    batch: usize,
    stop: CancellationToken,
) {
    let mut records = Vec::with_capacity(batch.min(QUEUE));
    loop {
        records.clear();
        tokio::select! {
            got = queue.recv_many(&mut records, batch) => if got == 0 { return },
            () = stop.cancelled() => return,
        }
        let service = consumer.service;
        metrics::histogram!("mall_consumer_batch_size", "service" => service)
            .record(u32::try_from(records.len()).unwrap_or(u32::MAX));
        if let Some(last) = records.last() {
            metrics::gauge!("mall_consumer_lag_seconds", "service" => service, "topic" => place.0.to_string())
                .set(lag_seconds(&consumer, last));
        }
        let Some(next) = take_in(&consumer, &records, &stop).await else { return };
        let mut offsets = lock(&offsets);
        let stored = offsets.entry(place.clone()).or_default();
        *stored = next.max(*stored);
    }
}

fn lag_seconds(consumer: &Consumer, record: &Record) -> u32 {
    let now = consumer.db.clock().now().as_millisecond();
    u32::try_from((now - record.timestamp_ms) / 1000).unwrap_or(0)
}

/// Takes records in until they are in: as a batch, then one by one around a culprit. `None` when asked to stop.
async fn take_in(consumer: &Consumer, records: &[Record], stop: &CancellationToken) -> Option<i64> {
    let mut tries = 0;
    loop {
        match consumer.apply(records).await {
            Ok(done) => return Some(done.next_offset),
            Err(ApplyError::Handler { problem, .. }) if records.len() > 1 => {
                tracing::warn!(problem = problem.slug, "a batch failed and is taken in one by one");
                let mut next = None;
                for record in records {
                    next = Some(Box::pin(take_in(consumer, std::slice::from_ref(record), stop)).await?);
                }
                return next;
            }
            Err(ApplyError::Handler { problem, .. }) if tries >= GIVE_UP_AFTER => {
                match consumer.give_up(&records[0], &problem).await {
                    Ok(done) => return Some(done.next_offset),
                    Err(error) => tracing::warn!(%error, "a dead letter cannot be written yet"),
                }
            }
            Err(error) => {
                tracing::warn!(error = %crate::problem::chain(&error), tries, "records wait to be taken in");
            }
        }
        tries += 1;
        let pause = Duration::from_millis(50 << tries.min(6));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return None,
        }
    }
}

fn commit_hint<C: ConsumerContext>(
    client: &BaseConsumer<C>,
    kafka: &Kafka,
    offsets: &Offsets,
    mode: CommitMode,
) {
    let mut list = TopicPartitionList::new();
    let assigned = client.assignment().map(|a| a.to_topic_map()).unwrap_or_default();
    for ((topic, partition), offset) in lock(offsets).iter() {
        let name = kafka.name_of(topic);
        if assigned.contains_key(&(name.clone(), *partition)) {
            list.add_partition_offset(&name, *partition, Offset::Offset(*offset)).ok();
        }
    }
    if list.count() > 0
        && let Err(error) = client.commit(&list, mode)
    {
        tracing::debug!(%error, "the hint for lag tools was not taken");
    }
}

/// Where each assigned partition ends now; nothing while nothing is assigned.
async fn ends(
    client: &Arc<BaseConsumer<Context>>,
    kafka: &Kafka,
) -> Option<HashMap<Place, i64>> {
    let places = lock(&client.context().assigned).clone();
    if places.is_empty() {
        return None;
    }
    let (client, kafka) = (client.clone(), kafka.clone());
    tokio::task::spawn_blocking(move || {
        let mut ends = HashMap::new();
        for (topic, partition) in places {
            let name = kafka.name_of(&topic);
            let (low, high) =
                client.fetch_watermarks(&name, partition, Duration::from_secs(5)).ok()?;
            if high > low {
                ends.insert((topic, partition), high);
            }
        }
        Some(ends)
    })
    .await
    .ok()?
}

fn reached(targets: &HashMap<Place, i64>, offsets: &Offsets) -> bool {
    let offsets = lock(offsets);
    targets.iter().all(|(place, end)| offsets.get(place).is_some_and(|o| o >= end))
}
