//! The broker's client on a thread of its own: one bounded queue per partition, paused while it is full.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList, TopicPartitionListElem};
use rdkafka::types::RDKafkaRespErr;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::progress::{Place, Progress};
use crate::events::kafka::Kafka;
use crate::events::record::Record;
use crate::health::Heart;

/// Records that wait for their worker, per partition.
const QUEUE: usize = 1000;
/// Records and bytes beyond that until the partition is paused. Pausing throws away what the client has fetched
/// ahead, so it must pay: it resumes only when all of these are gone.
const OVERFLOW: usize = 2000;
const OVERFLOW_BYTES: usize = 4 << 20;
const POLL: Duration = Duration::from_secs(1);
const SWEEP: Duration = Duration::from_millis(5);

pub(super) type Client = BaseConsumer<Context>;

/// What librdkafka tells us about while it polls. Never blocks.
pub(super) struct Context {
    pub kafka: Kafka,
    pub progress: Progress,
    pub revoked: Mutex<Vec<Place>>,
    /// When the broker was last heard.
    pub heard: Mutex<Option<Instant>>,
}

impl Context {
    pub(super) fn place(&self, topic: &str, partition: i32) -> Place {
        (self.kafka.strip(topic).into(), partition)
    }

    /// Whether a broker spoke to us within `patience`.
    pub(super) fn is_in_touch(&self, patience: Duration) -> bool {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.is_some_and(|heard| heard.elapsed() < patience)
    }
}

impl ClientContext for Context {
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "the broker's client complains");
    }

    fn stats(&self, statistics: Statistics) {
        let up = statistics.brokers.values().filter(|b| b.state == "UP" && b.rxidle >= 0);
        let idle = up.filter_map(|b| u64::try_from(b.rxidle).ok()).min();
        if let Some(heard) =
            idle.and_then(|us| Instant::now().checked_sub(Duration::from_micros(us)))
        {
            *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(heard);
        }
        for (topic, known) in &statistics.topics {
            for (partition, known) in
                known.partitions.iter().filter(|(p, k)| **p >= 0 && k.hi_offset >= 0)
            {
                self.progress.ends_at(&self.place(topic, *partition), known.hi_offset);
            }
        }
    }
}

impl ConsumerContext for Context {
    fn rebalance(
        &self,
        client: &BaseConsumer<Self>,
        err: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        let done = if err == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            for mut element in partitions.elements() {
                let next = self.progress.next(&self.place(element.topic(), element.partition()));
                element.set_offset(next.map_or(Offset::Beginning, Offset::Offset)).ok();
            }
            // The library remembers that we paused a partition, also when it comes back after having been another's.
            client.incremental_assign(partitions).and_then(|()| client.resume(partitions))
        } else {
            let gone = partitions.elements();
            let gone = gone.iter().map(|e| self.place(e.topic(), e.partition()));
            self.revoked.lock().unwrap_or_else(PoisonError::into_inner).extend(gone);
            client.incremental_unassign(partitions)
        };
        if let Err(error) = done {
            tracing::error!(%error, "a rebalance failed");
        }
    }
}

/// A partition that was assigned to us, for the one who starts its worker.
pub(super) struct Newborn {
    pub place: Place,
    pub queue: mpsc::Receiver<Record>,
    /// Cancelled when the partition is somebody else's, or the whole reader stops.
    pub revoked: CancellationToken,
}

/// One partition's way to its worker.
struct WorkerLine {
    queue: mpsc::Sender<Record>,
    revoked: CancellationToken,
    overflow: VecDeque<Record>,
    bytes: usize,
    paused: bool,
    /// Behind the last record that was put on its way.
    delivered: i64,
}

impl WorkerLine {
    fn push(&mut self, record: Record) {
        self.flush();
        if self.overflow.is_empty() {
            // A closed queue belongs to a worker that was told to stop: what it did not take is read again.
            let Err(mpsc::error::TrySendError::Full(record)) = self.queue.try_send(record) else {
                return;
            };
            self.keep(record);
        } else {
            self.keep(record);
        }
    }

    fn keep(&mut self, record: Record) {
        self.bytes += record.payload.as_ref().map_or(0, Vec::len);
        self.overflow.push_back(record);
    }

    fn flush(&mut self) {
        while let Some(record) = self.overflow.pop_front() {
            let bytes = record.payload.as_ref().map_or(0, Vec::len);
            if let Err(mpsc::error::TrySendError::Full(record)) = self.queue.try_send(record) {
                self.overflow.push_front(record);
                return;
            }
            self.bytes -= bytes;
        }
    }

    fn is_full(&self) -> bool {
        self.overflow.len() >= OVERFLOW || self.bytes >= OVERFLOW_BYTES
    }
}

/// The polling thread's own things.
pub(super) struct Polling {
    pub client: Arc<Client>,
    pub newborn: mpsc::UnboundedSender<Newborn>,
    pub labels: [(&'static str, String); 2],
    lines: HashMap<Place, WorkerLine>,
    swept: Instant,
    /// Cancelled when the broker has not what we ask for: the log went back, or forgot.
    astray: CancellationToken,
    pub heart: Option<Heart>,
}

impl Polling {
    pub(super) fn new(
        client: Arc<Client>,
        newborn: mpsc::UnboundedSender<Newborn>,
        labels: [(&'static str, String); 2],
        astray: CancellationToken,
    ) -> Self {
        Self {
            client,
            newborn,
            labels,
            lines: HashMap::new(),
            swept: Instant::now(),
            astray,
            heart: None,
        }
    }

    pub(super) fn poll_until(&mut self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            if let Some(heart) = &self.heart {
                heart.beat();
            }
            let behind = self.lines.values().any(|line| !line.overflow.is_empty());
            let polled = self
                .client
                .poll(if behind { SWEEP } else { POLL })
                .map(|m| m.map(|m| detach(&m, &self.client.context().kafka)));
            self.let_go();
            match polled {
                Some(Ok(record)) => self.pass_on(record, stop),
                Some(Err(error)) => {
                    tracing::warn!(%error, "the broker cannot be read");
                    if error.rdkafka_error_code() == Some(RDKafkaErrorCode::AutoOffsetReset) {
                        self.astray.cancel();
                    }
                }
                None if !behind => self.pass_marks(),
                None => {}
            }
            if behind && self.swept.elapsed() >= SWEEP {
                self.sweep();
            }
        }
    }

    /// Forgets the partitions that are somebody else's now.
    fn let_go(&mut self) {
        let gone = std::mem::take(
            &mut *self.client.context().revoked.lock().unwrap_or_else(PoisonError::into_inner),
        );
        for place in gone {
            if let Some(line) = self.lines.remove(&place) {
                line.revoked.cancel();
            }
        }
    }

    fn pass_on(&mut self, record: Record, stop: &CancellationToken) {
        let place = (record.topic.clone(), record.partition);
        let line = self.lines.entry(place.clone()).or_insert_with(|| {
            let (sender, queue) = mpsc::channel(QUEUE);
            let revoked = stop.child_token();
            let newborn = Newborn { place: place.clone(), queue, revoked: revoked.clone() };
            self.newborn.send(newborn).ok();
            WorkerLine {
                queue: sender,
                revoked,
                overflow: VecDeque::new(),
                bytes: 0,
                paused: false,
                delivered: 0,
            }
        });
        line.delivered = record.offset + 1;
        line.push(record);
        if line.is_full() && !line.paused {
            line.paused = true;
            metrics::counter!("mall_consumer_paused_total", &self.labels).increment(1);
            if let Err(error) = self.client.pause(&list(&self.client, &place.0, place.1)) {
                tracing::warn!(%error, "a partition cannot be paused");
            }
        }
    }

    /// Nothing came: what lies between the last record and where the client stands are marks of transactions.
    fn pass_marks(&self) {
        let context = self.client.context();
        for ((topic, partition), at) in positions(&self.client) {
            let place = context.place(&topic, partition);
            let delivered = self.lines.get(&place).map_or(0, |line| line.delivered);
            if context.progress.next(&place).unwrap_or(0) >= delivered {
                context.progress.advance(&place, at);
            }
        }
    }

    fn sweep(&mut self) {
        self.swept = Instant::now();
        for ((topic, partition), line) in &mut self.lines {
            line.flush();
            if line.paused && line.overflow.is_empty() {
                line.paused = false;
                if let Err(error) = self.client.resume(&list(&self.client, topic, *partition)) {
                    tracing::warn!(%error, "a partition cannot be resumed");
                }
            }
        }
    }
}

fn list(client: &Client, topic: &str, partition: i32) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    list.add_partition(&client.context().kafka.name_of(topic), partition);
    list
}

/// Behind what the client has handed out or passed over, by the topic's name on the broker.
pub(crate) fn positions<C: ConsumerContext>(
    client: &BaseConsumer<C>,
) -> HashMap<(String, i32), i64> {
    let all = client.position().map(|list| {
        let at = |e: TopicPartitionListElem<'_>| {
            // Below zero where nothing was handed out yet.
            let at = e.offset().to_raw().filter(|at| *at >= 0)?;
            Some(((e.topic().to_owned(), e.partition()), at))
        };
        list.elements().into_iter().filter_map(at).collect()
    });
    all.unwrap_or_default()
}

/// Takes a record off the client. A NUL, which `PostgreSQL` cannot keep as text, becomes a mark that it can.
pub(crate) fn detach(message: &BorrowedMessage<'_>, kafka: &Kafka) -> Record {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}");
    let headers = message.headers().map(|headers| {
        headers.iter().filter_map(|h| Some((text(h.key.as_bytes()), text(h.value?)))).collect()
    });
    Record {
        topic: kafka.strip(message.topic()).into(),
        partition: message.partition(),
        offset: message.offset(),
        key: message.key().map(text).unwrap_or_default(),
        payload: message.payload().map(<[u8]>::to_vec),
        headers: headers.unwrap_or_default(),
        timestamp_ms: message.timestamp().to_millis().unwrap_or_default(),
    }
}
