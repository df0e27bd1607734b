//! The parts of a running service: what carries, what hears, what works, what ticks.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::consumer;
use crate::db::Db;
use crate::events::feed::{self, Feed};
use crate::events::kafka::{Kafka, Publisher};
use crate::events::outbox::Relay;
use crate::events::reader::Reader;
use crate::events::record::Record;
use crate::events::subscriptions::{Kind, Subscribed};
use crate::health::{self, Health, Heart};
use crate::jobs::janitor;
use crate::jobs::runner::Runner;
use crate::problem::said_at_panic;
use crate::runtime::ops;
use crate::runtime::service::Service;

/// What the parts of a service are made of.
pub(super) struct Parts {
    pub kafka: Kafka,
    pub db: Option<Db>,
    pub subscribed: Subscribed,
    pub publisher: Publisher,
    pub hearing: CancellationToken,
    pub speaking: CancellationToken,
    /// Where the parts show that they are alive.
    pub health: Health,
    /// Told when a part broke that the service cannot do without: better to begin again than to be deaf.
    pub broken: mpsc::Sender<anyhow::Error>,
}

/// The parts once they run.
pub(super) struct Started {
    /// Turns true once what the others said has been read: before, the service is not ready.
    pub caught_up: watch::Receiver<bool>,
    /// Ends after `hearing`.
    pub hearers: TaskTracker,
    /// Ends after `speaking`.
    pub speakers: TaskTracker,
}

impl Parts {
    /// Starts the relay, the consumers, the jobs, the timers and what else the service runs.
    pub(super) fn start<S: Service>(&self, app: &S) -> anyhow::Result<Started> {
        let (hearers, speakers) = (TaskTracker::new(), TaskTracker::new());
        let caught_up = self.read_state(S::NAME, &hearers)?;
        let (app_too, stop) = (app.clone(), self.hearing.clone());
        self.need("what runs beside", &hearers, &self.hearing, async move {
            app_too.background(stop).await
        });
        let (publisher, stop) = (self.publisher.clone(), self.speaking.clone());
        self.need("the producer", &speakers, &self.speaking, async move {
            stop.run_until_cancelled(publisher.broken()).await;
            Ok(())
        });
        let outbox = self.health.heart("the outbox", health::CARRYING);
        if let Some(db) = &self.db {
            self.start_with_database(app, db, &outbox, &hearers, &speakers);
        }
        let (db, publisher, stop) = (self.db.clone(), self.publisher.clone(), self.hearing.clone());
        let sample = ops::sample(db, S::NAME, publisher, outbox, stop);
        self.need("what measures", &hearers, &self.hearing, done(sample));
        hearers.close();
        speakers.close();
        Ok(Started { caught_up, hearers, speakers })
    }

    fn read_state(
        &self,
        service: &str,
        hearers: &TaskTracker,
    ) -> anyhow::Result<watch::Receiver<bool>> {
        let (up, caught_up) = watch::channel(false);
        let (subscribed, topics) = (self.subscribed.clone(), self.subscribed.in_memory_topics());
        let name = format!("{service}.overheard");
        let heart = self.health.heart("what reads state", health::POLLING);
        let feed = Feed { kafka: self.kafka.clone(), name, topics, heart };
        let take = move |record: &Record| subscribed.apply_in_memory(record);
        let ended = feed::spawn(feed, take, up, self.hearing.clone())?;
        self.need("what reads state", hearers, &self.hearing, done(async { drop(ended.await) }));
        Ok(caught_up)
    }

    fn start_with_database<S: Service>(
        &self,
        app: &S,
        db: &Db,
        outbox: &Heart,
        hearers: &TaskTracker,
        speakers: &TaskTracker,
    ) {
        let relay = Relay::new(db.clone(), self.publisher.clone(), S::NAME);
        let relay = relay.with_heart(outbox.clone()).run(self.speaking.clone());
        self.need("the relay", speakers, &self.speaking, done(relay));
        let janitor = janitor::run(db.upkeep(), S::NAME, self.hearing.clone());
        self.need("the janitor", hearers, &self.hearing, done(janitor));
        let jobs = Runner::new(db.upkeep(), app.jobs(), S::NAME).run(self.hearing.clone());
        self.need("the job runner", hearers, &self.hearing, done(jobs));
        let current = self.start_readers::<S>(db, hearers);
        let timers = app.timers().run(db.upkeep(), current, self.hearing.clone());
        self.need("the timers", hearers, &self.hearing, done(timers));
    }

    /// One reader per kind of consumer. Returns whether all of them have heard what there is to hear.
    fn start_readers<S: Service>(&self, db: &Db, tracker: &TaskTracker) -> watch::Receiver<bool> {
        let (all, all_current) = watch::channel(false);
        let mut readers = Vec::new();
        for kind in [Kind::Effect, Kind::Projection] {
            if self.subscribed.handlers(kind).topics().is_empty() {
                continue;
            }
            let (level, current) = watch::channel(false);
            readers.push(current);
            let consumer = consumer::<S>(db, &self.subscribed, kind);
            let heart = self.health.heart("a reader", health::POLLING);
            let reader = Reader::new(consumer, self.kafka.clone(), level).with_heart(heart);
            let reading = reader.run(self.hearing.clone());
            self.need("a reader", tracker, &self.hearing, reading);
        }
        tracker.spawn(async move {
            loop {
                all.send_replace(readers.iter_mut().all(|current| *current.borrow_and_update()));
                if readers.is_empty() {
                    return all.closed().await;
                }
                let changes = readers.iter_mut().map(|current| Box::pin(current.changed()));
                if futures::future::select_all(changes).await.0.is_err() {
                    return;
                }
            }
        });
        all_current
    }

    /// Runs what the service cannot do without: when it ends unasked, the process had better begin again.
    fn need(
        &self,
        part: &'static str,
        tracker: &TaskTracker,
        stop: &CancellationToken,
        work: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        let (broken, stop) = (self.broken.clone(), stop.clone());
        tracker.spawn(async move {
            let why = match AssertUnwindSafe(work).catch_unwind().await {
                Ok(Ok(())) if stop.is_cancelled() => return,
                Ok(Ok(())) => anyhow::anyhow!("it ended by itself"),
                Ok(Err(error)) => error,
                Err(panic) => anyhow::anyhow!(said_at_panic(&*panic)),
            };
            // When the channel is full, another part broke before: one reason is enough.
            broken.try_send(why.context(part)).ok();
        });
    }
}

async fn done(part: impl Future<Output = ()>) -> anyhow::Result<()> {
    part.await;
    Ok(())
}
