//! What is on its way from the outbox to the broker: one event of a key at a time, so that none overtakes another.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use sqlx::Row;
use sqlx::postgres::PgRow;
use tokio::time::Instant;
use uuid::Uuid;

use super::lease::Lease;
use super::{BATCH, PAUSE, Relay, RelayError};
use crate::db::{Db, UNIT};
use crate::events::kafka::{Outgoing, Publisher};
use crate::fail;
use crate::health::Heart;

/// What must stay in order: a topic and a key.
type Strand = (String, String);

/// A row that came down.
pub(super) struct Landed {
    seq: i64,
    strand: Strand,
    taken: Result<(), KafkaError>,
}

/// A strand whose first event the broker refused.
struct RefusedStrand {
    times: u32,
    until: Instant,
}

pub(super) struct Flight<'a> {
    db: &'a Db,
    publisher: &'a Publisher,
    source: &'static str,
    pub landing: FuturesUnordered<BoxFuture<'static, Landed>>,
    /// Every row that was read and is not deleted or given back.
    seqs: HashSet<i64>,
    /// What has an event on its way, and the later ones that wait for it.
    strands: HashMap<Strand, VecDeque<(i64, Outgoing)>>,
    /// Taken by the broker, not deleted yet.
    taken: Vec<i64>,
    refused: HashMap<Strand, RefusedStrand>,
    /// Whether rows were left where they are.
    more: bool,
    /// When to look again after the broker was away.
    again: Option<Instant>,
    heart: Option<&'a Heart>,
}

impl<'a> Flight<'a> {
    pub fn new(relay: &'a Relay) -> Self {
        Self {
            db: &relay.db,
            publisher: &relay.publisher,
            source: relay.source,
            heart: relay.heart.as_ref(),
            landing: FuturesUnordered::new(),
            seqs: HashSet::new(),
            strands: HashMap::new(),
            taken: Vec::new(),
            refused: HashMap::new(),
            more: false,
            again: None,
        }
    }

    /// Whether nothing is on its way or waits to be deleted.
    pub fn is_empty(&self) -> bool {
        self.landing.is_empty() && self.taken.is_empty()
    }

    /// Whether there is room for rows that were left, or a refused event may be tried again.
    pub fn wants_more(&self) -> bool {
        let now = Instant::now();
        self.taken.len() >= BATCH / 2
            || (self.more && self.seqs.len() < BATCH / 2)
            || self.waiting().any(|refused| refused.until <= now)
    }

    /// When a refused event is tried again, or all of them after the broker was away.
    pub fn due(&self) -> Option<Instant> {
        let now = Instant::now();
        let refused = self.waiting().map(|refused| refused.until).filter(|until| *until > now);
        self.again.into_iter().chain(refused).min()
    }

    fn waiting(&self) -> impl Iterator<Item = &RefusedStrand> {
        let waits = |(strand, _): &(&Strand, &RefusedStrand)| !self.strands.contains_key(*strand);
        self.refused.iter().filter(waits).map(|(_, refused)| refused)
    }

    /// One statement: deletes what the broker took, and reads what is to be said. Returns how many rows it read.
    pub async fn look(&mut self, lease: &mut Lease) -> Result<usize, RelayError> {
        if self.again.is_some_and(|again| again > Instant::now()) {
            return Ok(0);
        }
        self.again = None;
        let (db, room) = (self.db, BATCH.saturating_sub(self.seqs.len()));
        let rows = db.within(UNIT, self.rows(lease, room)).await??;
        self.taken.clear();
        self.more = rows.len() == room;
        if rows.is_empty() {
            return Ok(0);
        }
        fail::point(self.db, "relay.before_produce")?;
        let read = rows.len();
        self.take_off(rows)?;
        Ok(read)
    }

    fn take_off(&mut self, rows: Vec<PgRow>) -> sqlx::Result<()> {
        for row in rows {
            let (seq, outgoing) = (row.try_get("seq")?, self.outgoing(&row)?);
            let strand = (outgoing.topic.clone(), outgoing.key.clone());
            if let Some(behind) = self.strands.get_mut(&strand) {
                behind.push_back((seq, outgoing));
            } else if self.send(seq, &outgoing, strand.clone()) {
                self.strands.insert(strand, VecDeque::new());
            } else {
                // The client's queue is full: there is room when something has landed.
                self.more = true;
                break;
            }
            self.seqs.insert(seq);
        }
        Ok(())
    }

    /// False when the client has no room for it.
    fn send(&self, seq: i64, outgoing: &Outgoing, strand: Strand) -> bool {
        let Ok(delivery) = self.publisher.send(outgoing) else { return false };
        self.landing.push(Box::pin(async move {
            let taken = delivery.await.unwrap_or(Err(KafkaError::Canceled));
            Landed { seq, strand, taken }
        }));
        true
    }

    async fn rows(&mut self, lease: &mut Lease, room: usize) -> sqlx::Result<Vec<PgRow>> {
        let known: Vec<i64> = self.seqs.iter().chain(&self.taken).copied().collect();
        let (topics, keys): (Vec<String>, Vec<String>) = self.held().into_iter().cloned().unzip();
        sqlx::query(
            "with taken as (delete from chassis.outbox where seq = any($1))
             select seq, id, aggregatetype, aggregateid, type, payload, version,
                    correlation, causation, traceparent, said_at
               from chassis.outbox o
              where seq <> all($2)
                and not exists (select from unnest($3::text[], $4::text[]) as held (topic, key)
                                 where held.topic = o.aggregatetype and held.key = o.aggregateid)
              order by seq
              limit $5",
        )
        .bind(&self.taken)
        .bind(&known)
        .bind(&topics)
        .bind(&keys)
        .bind(i64::try_from(room).unwrap_or(i64::MAX))
        .fetch_all(&mut lease.session)
        .await
    }

    /// The refused strands that stay where they are. Of a topic one is tried at a time: the broker refuses whole
    /// batches, the innocent together with the culprit.
    fn held(&self) -> Vec<&Strand> {
        let now = Instant::now();
        let tried = self.refused.keys().filter(|strand| self.strands.contains_key(*strand));
        let mut tried: HashSet<&str> = tried.map(|(topic, _)| topic.as_str()).collect();
        let mut all: Vec<_> = self.refused.iter().collect();
        all.sort_by_key(|(_, refused)| refused.until);
        all.into_iter()
            .filter(|(strand, refused)| refused.until > now || !tried.insert(&strand.0))
            .map(|(strand, _)| strand)
            .collect()
    }

    /// Takes note of what became of a row, and of all others that came down meanwhile.
    pub fn land(&mut self, landed: Landed) -> Result<(), RelayError> {
        let mut landed = Some(landed);
        let mut acknowledged = false;
        while let Some(Landed { seq, strand, taken }) = landed {
            self.seqs.remove(&seq);
            match taken {
                Ok(()) => {
                    acknowledged = true;
                    self.arrived(seq, &strand);
                }
                Err(error) => self.not_taken(strand, &error),
            }
            landed = futures::FutureExt::now_or_never(self.landing.next()).flatten();
        }
        let refused = u32::try_from(self.refused.len()).unwrap_or(u32::MAX);
        metrics::gauge!("mall_outbox_refused", "service" => self.source).set(refused);
        if acknowledged {
            fail::point(self.db, "relay.after_produce")?;
        }
        Ok(())
    }

    fn arrived(&mut self, seq: i64, strand: &Strand) {
        self.taken.push(seq);
        self.refused.remove(strand);
        self.go_on(strand);
    }

    fn not_taken(&mut self, strand: Strand, error: &KafkaError) {
        self.give_back(&strand);
        if is_away(error) {
            self.again = Some(Instant::now() + PAUSE);
        } else {
            self.refuse(strand, error);
        }
    }

    /// The next event of a strand follows the one that was taken.
    fn go_on(&mut self, strand: &Strand) {
        self.alive();
        match self.strands.get_mut(strand).and_then(VecDeque::pop_front) {
            Some((seq, outgoing)) if self.send(seq, &outgoing, strand.clone()) => {}
            Some((seq, _)) => {
                self.seqs.remove(&seq);
                self.give_back(strand);
            }
            None => drop(self.strands.remove(strand)),
        }
    }

    /// What waited on a strand is read again.
    fn give_back(&mut self, strand: &Strand) {
        for (seq, _) in self.strands.remove(strand).unwrap_or_default() {
            self.seqs.remove(&seq);
        }
        self.more = true;
    }

    /// The broker answers: what it refuses is no reason to begin again.
    fn alive(&self) {
        if let Some(heart) = self.heart {
            heart.beat();
        }
    }

    /// Holds a strand back, longer each time, up to a minute.
    fn refuse(&mut self, strand: Strand, error: &KafkaError) {
        self.alive();
        let refused = self.refused.entry(strand.clone());
        let refused = refused.or_insert(RefusedStrand { times: 0, until: Instant::now() });
        let pause = Duration::from_millis(500 << refused.times.min(7)).min(Duration::from_mins(1));
        refused.times += 1;
        refused.until = Instant::now() + pause;
        if refused.times.is_power_of_two() {
            let (topic, key) = strand;
            let times = refused.times;
            tracing::error!(%error, topic, key, times, "the broker refuses an event; its key waits");
        }
    }

    fn outgoing(&self, row: &PgRow) -> sqlx::Result<Outgoing> {
        let said_at: Timestamp = row.try_get::<jiff_sqlx::Timestamp, _>("said_at")?.to_jiff();
        Ok(Outgoing {
            topic: row.try_get("aggregatetype")?,
            key: row.try_get("aggregateid")?,
            name: row.try_get("type")?,
            id: row.try_get::<Uuid, _>("id")?,
            payload: row.try_get("payload")?,
            version: row.try_get("version")?,
            correlation: row.try_get("correlation")?,
            causation: row.try_get("causation")?,
            traceparent: row.try_get("traceparent")?,
            source: self.source.to_owned(),
            time: said_at.to_string(),
        })
    }
}

/// Whether the broker did not answer, rather than refuse.
fn is_away(error: &KafkaError) -> bool {
    matches!(error, KafkaError::Canceled)
        || error.rdkafka_error_code().is_some_and(|code| {
            [
                RDKafkaErrorCode::MessageTimedOut,
                RDKafkaErrorCode::BrokerTransportFailure,
                RDKafkaErrorCode::AllBrokersDown,
                RDKafkaErrorCode::PurgeQueue,
                RDKafkaErrorCode::PurgeInflight,
                RDKafkaErrorCode::RequestTimedOut,
                RDKafkaErrorCode::NotEnoughReplicas,
                RDKafkaErrorCode::NotEnoughReplicasAfterAppend,
            ]
            .contains(&code)
        })
}
