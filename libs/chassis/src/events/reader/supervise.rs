//! The workers of a reader, and how far they are.

use std::collections::HashMap;
use std::time::Duration;

use rdkafka::consumer::{CommitMode, Consumer as _};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::intake::{Faults, Intake};
use super::log::Extents;
use super::polling::{Client, Newborn};
use super::progress::{Place, Progress, WentBack};
use super::{Ended, KEEP, LOOK, Reader, commit_hint, intake};

/// Who has not heard the broker for so long does not know what is going on.
const IN_TOUCH: Duration = Duration::from_secs(10);
/// Whoever is so far behind acts on old news.
const CURRENT_S: i64 = 30;

impl Reader {
    /// Starts a worker per partition as partitions show up, and tells the database and the broker where we are.
    pub(super) async fn supervise(
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
}
