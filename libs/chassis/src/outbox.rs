//! The relay: carries what was said from the outbox to Kafka, in order per key, and forgets it once the broker has it.
//!
//! One worker per lane, under an advisory lock, reads in sequence order and deletes after the acknowledgement. A crash
//! in between says the same record again: same id, same bytes, which consumers know.

use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::postgres::PgRow;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::db::{Db, DbError};
use crate::fail;
use crate::kafka::{Outgoing, PublishError, Publisher};
use crate::tx::Tx;
use crate::wake::LANES;

const BATCH: i64 = 500;
const NET: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(500);
const LAST: Duration = Duration::from_secs(3);
const ALIVE: Duration = Duration::from_secs(10);

/// The lane of a key: the same for every event of the key, whatever the topic.
#[must_use]
pub fn lane_of(key: &str) -> u16 {
    let digest = Sha256::digest(key.as_bytes());
    u16::from_be_bytes([digest[0], digest[1]]) % LANES
}

/// Why a lane could not be emptied.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The database failed.
    #[error("the outbox could not be read")]
    Db(#[from] DbError),
    /// The broker failed.
    #[error("the broker did not take the events")]
    Publish(#[from] PublishError),
    /// A test stopped the process here.
    #[error(transparent)]
    Crash(#[from] fail::Crash),
}

impl From<sqlx::Error> for RelayError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Carries events from a database's outbox to Kafka.
#[derive(Debug, Clone)]
pub struct Relay {
    db: Db,
    publisher: Publisher,
    source: &'static str,
}

impl Relay {
    /// A relay for the service `source`.
    #[must_use]
    pub fn new(db: Db, publisher: Publisher, source: &'static str) -> Self {
        Self { db, publisher, source }
    }

    /// Runs one worker per lane until `stop`; then empties the outbox once more.
    pub async fn run(self, stop: CancellationToken) {
        let lanes: Vec<_> = (0..LANES)
            .map(|lane| tokio::spawn(self.clone().work(lane, stop.clone())))
            .chain([tokio::spawn(self.clone().net(stop.clone()))])
            .collect();
        for lane in lanes {
            if let Err(error) = lane.await {
                tracing::error!(%error, "an outbox lane ended");
            }
        }
    }

    async fn work(self, lane: u16, stop: CancellationToken) {
        let mut failed = 0_u32;
        loop {
            tokio::select! {
                () = self.db.wakers().lane(lane).notified() => {}
                () = stop.cancelled() => {
                    drop(tokio::time::timeout(LAST, self.drain(lane)).await);
                    return;
                }
            }
            let drained = tokio::select! {
                drained = self.drain(lane) => drained,
                () = after(&stop, LAST) => return,
            };
            let Err(error) = drained else {
                failed = 0;
                continue;
            };
            failed += 1;
            if failed.is_power_of_two() {
                tracing::warn!(lane, failed, error = %crate::problem::chain(&error), "the outbox waits");
            }
            tokio::time::sleep(PAUSE).await;
            self.db.wakers().lane(lane).notify_one();
        }
    }

    /// Wakes lanes that hold rows nobody told us about: after a crash, or of a replica that died.
    async fn net(self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(NET);
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                () = stop.cancelled() => return,
            }
            let lanes = sqlx::query_scalar::<_, i16>("select distinct lane from chassis.outbox")
                .fetch_all(self.db.pool())
                .await
                .unwrap_or_default();
            for lane in lanes {
                self.db.wakers().lane(u16::try_from(lane).unwrap_or(0)).notify_one();
            }
        }
    }

    /// Empties one lane. Returns how many events were carried.
    pub async fn drain(&self, lane: u16) -> Result<usize, RelayError> {
        let mut carried = 0;
        loop {
            let sent = self.carry_batch(lane).await?;
            carried += sent;
            if i64::try_from(sent).unwrap_or(0) < BATCH {
                return Ok(carried);
            }
        }
    }

    /// Empties all lanes, except those that another relay holds at this moment. For tests.
    pub async fn drain_all(&self) -> Result<usize, RelayError> {
        let mut carried = 0;
        for lane in 0..LANES {
            carried += self.drain(lane).await?;
        }
        Ok(carried)
    }

    async fn carry_batch(&self, lane: u16) -> Result<usize, RelayError> {
        let mut tx = self.db.begin().await?;
        // A statement of its own: rows read in the same one could be older than the lock, and a compacted topic
        // would end with a state that was true before the last one.
        let ours: bool =
            sqlx::query_scalar("select pg_try_advisory_xact_lock(hashtext('chassis.outbox'), $1)")
                .bind(i32::from(lane))
                .fetch_one(tx.conn())
                .await?;
        if !ours {
            return Ok(0);
        }
        let rows = sqlx::query(
            "select seq, id, aggregatetype, aggregateid, type, payload, version,
                    correlation, causation, traceparent, said_at
               from chassis.outbox
              where lane = $1
              order by seq
              limit $2",
        )
        .bind(i16::try_from(lane).unwrap_or(0))
        .bind(BATCH)
        .fetch_all(tx.conn())
        .await?;
        if rows.is_empty() {
            return Ok(0);
        }

        let seqs = rows.iter().map(|r| r.try_get("seq")).collect::<Result<Vec<i64>, _>>()?;
        let outgoing =
            rows.into_iter().map(|row| self.outgoing(&row)).collect::<Result<Vec<_>, _>>()?;
        fail::point(&self.db, "relay.before_produce")?;
        self.produce(&mut tx, &outgoing).await?;
        fail::point(&self.db, "relay.after_produce")?;

        sqlx::query("delete from chassis.outbox where lane = $1 and seq = any($2)")
            .bind(i16::try_from(lane).unwrap_or(0))
            .bind(&seqs)
            .execute(tx.conn())
            .await?;
        fail::point(&self.db, "relay.before_commit")?;
        tx.commit().await?;
        Ok(seqs.len())
    }

    /// Waits for the broker however long it takes. Shows the database meanwhile that we are alive: it ends
    /// transactions that stand idle, so that a frozen process does not hold the lane for ever.
    async fn produce(&self, tx: &mut Tx, outgoing: &[Outgoing]) -> Result<(), RelayError> {
        let mut publishing = std::pin::pin!(self.publisher.publish(outgoing));
        loop {
            match tokio::time::timeout(ALIVE, &mut publishing).await {
                Ok(published) => return published.map_err(RelayError::from),
                Err(_) => sqlx::query("select 1").execute(tx.conn()).await.map(|_| ())?,
            }
        }
    }

    fn outgoing(&self, row: &PgRow) -> Result<Outgoing, sqlx::Error> {
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

async fn after(stop: &CancellationToken, grace: Duration) {
    stop.cancelled().await;
    tokio::time::sleep(grace).await;
}
