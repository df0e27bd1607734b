//! The relay: carries what was said from the outbox to Kafka, in order per key, and forgets it once the broker has it.
//!
//! One relay of a database carries at a time; the others stand by and tell it of what their processes said. Rows are
//! deleted after the acknowledgement. A crash in between says the same record again: same id, same bytes, which
//! consumers know.

use std::time::Duration;

use futures::StreamExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::kafka::{PublishError, Publisher};
use crate::db::{Db, UNIT};
use crate::fail;
use crate::health::Heart;

mod flight;
mod lease;

use flight::Flight;
use lease::Lease;

/// Rows on their way to the broker at most.
const BATCH: usize = 500;
/// After a failure.
const PAUSE: Duration = Duration::from_millis(500);
/// At the end, for what was said last.
const LAST: Duration = Duration::from_secs(3);
/// The database hears of the one who carries at least so often, and ends the session of one that froze.
const ALIVE: Duration = Duration::from_secs(5);
/// How often those who stand by try to take over.
const TAKE_OVER: Duration = Duration::from_millis(200);
/// Acknowledged rows wait so long for a look at the outbox that deletes them on its way.
const FORGET: Duration = Duration::from_millis(50);

/// Why the outbox could not be emptied.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The database failed.
    #[error("the outbox could not be read")]
    Db(#[from] sqlx::Error),
    /// The broker failed.
    #[error("the broker did not take the events")]
    Publish(#[from] PublishError),
    /// A test stopped the process here.
    #[error(transparent)]
    Crash(#[from] fail::Crash),
}

/// Carries events from a database's outbox to Kafka.
#[derive(Debug, Clone)]
pub struct Relay {
    db: Db,
    publisher: Publisher,
    source: &'static str,
    heart: Option<Heart>,
}

impl Relay {
    /// A relay for the service `source`.
    #[must_use]
    pub fn new(db: Db, publisher: Publisher, source: &'static str) -> Self {
        Self { db, publisher, source, heart: None }
    }

    /// Shows that it is alive whenever the broker answers.
    pub(crate) fn with_heart(mut self, heart: Heart) -> Self {
        self.heart = Some(heart);
        self
    }

    /// Carries until `stop`, whenever no other relay does; then empties the outbox once more.
    pub async fn run(self, stop: CancellationToken) {
        let mut failed = 0_u32;
        loop {
            let carried = tokio::select! {
                carried = self.stand_by_and_carry(&stop) => carried,
                () = after(&stop, LAST) => return,
            };
            let Err(error) = carried else { return };
            // What is still on its way must not arrive after what another relay says from now on.
            self.publisher.purge();
            failed += 1;
            if failed.is_power_of_two() {
                tracing::warn!(failed, error = %crate::problem::chain(&error), "the outbox waits");
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = after(&stop, LAST) => return,
            }
        }
    }

    async fn stand_by_and_carry(&self, stop: &CancellationToken) -> Result<(), RelayError> {
        let mut lease = Lease::open(&self.db).await?;
        if !self.stand_by(&mut lease, stop).await? {
            return Ok(());
        }
        let mut flight = Flight::new(self);
        loop {
            let read = flight.look(&mut lease).await?;
            if stop.is_cancelled() && read == 0 && flight.is_empty() {
                lease.release().await;
                return Ok(());
            }
            self.wait(&mut lease, &mut flight, stop).await?;
        }
    }

    /// Until nobody else carries. False when asked to stop before that.
    async fn stand_by(
        &self,
        lease: &mut Lease,
        stop: &CancellationToken,
    ) -> Result<bool, RelayError> {
        let mut woken = false;
        while !self.db.within(UNIT, lease.take(woken)).await?? {
            woken = false;
            tokio::select! {
                () = self.db.wakers().outbox().notified() => woken = true,
                () = tokio::time::sleep(TAKE_OVER) => {}
                () = stop.cancelled() => {
                    lease.take(true).await?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Waits until it is worth to look at the outbox again.
    async fn wait(
        &self,
        lease: &mut Lease,
        flight: &mut Flight<'_>,
        stop: &CancellationToken,
    ) -> Result<(), RelayError> {
        let mut until = Instant::now() + ALIVE;
        loop {
            if let Some(due) = flight.due() {
                until = until.min(due);
            }
            let ending = stop.is_cancelled();
            tokio::select! {
                Some(landed) = flight.landing.next() => {
                    flight.land(landed)?;
                    if flight.wants_more() {
                        return Ok(());
                    }
                    until = until.min(Instant::now() + FORGET);
                }
                () = self.db.wakers().outbox().notified() => return Ok(()),
                told = lease.told() => return Ok(told?),
                () = tokio::time::sleep_until(until) => return Ok(()),
                () = stop.cancelled(), if !ending => return Ok(()),
            }
        }
    }

    /// Empties the outbox, unless another relay carries at this moment. Returns how many events were carried.
    pub async fn drain_all(&self) -> Result<usize, RelayError> {
        let mut lease = Lease::open(&self.db).await?;
        let mut carried = 0;
        if lease.take(false).await? {
            let mut flight = Flight::new(self);
            loop {
                let read = flight.look(&mut lease).await?;
                carried += read;
                if read == 0 && flight.is_empty() {
                    break;
                }
                while let Some(landed) = flight.landing.next().await {
                    flight.land(landed)?;
                }
            }
        }
        lease.release().await;
        Ok(carried)
    }
}

async fn after(stop: &CancellationToken, grace: Duration) {
    stop.cancelled().await;
    tokio::time::sleep(grace).await;
}
