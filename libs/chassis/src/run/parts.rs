//! The parts of a running service: what carries, what hears, what works, what ticks.

use std::future::Future;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::consumer;
use crate::consumer::Reader;
use crate::db::Db;
use crate::feed::Feed;
use crate::jobs::Runner;
use crate::kafka::{Kafka, Publisher};
use crate::listeners::{Kind, Listeners};
use crate::outbox::Relay;
use crate::record::Record;
use crate::service::Service;
use crate::{feed, janitor, ops};

/// What the parts of a service are made of.
pub(super) struct Parts {
    pub kafka: Kafka,
    pub db: Option<Db>,
    pub listeners: Listeners,
    pub publisher: Publisher,
    pub hearing: CancellationToken,
    pub speaking: CancellationToken,
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
        let caught_up = self.overhear(S::NAME)?;
        hearers.spawn(ops::sample(self.db.clone(), S::NAME, self.hearing.clone()));
        hearers.spawn(beside(app.clone(), self.hearing.clone()));
        if let Some(db) = &self.db {
            self.start_with_database(app, db, (&hearers, &speakers));
        }
        hearers.close();
        speakers.close();
        Ok(Started { caught_up, hearers, speakers })
    }

    fn overhear(&self, service: &str) -> anyhow::Result<watch::Receiver<bool>> {
        let (up, caught_up) = watch::channel(false);
        let (listeners, topics) = (self.listeners.clone(), self.listeners.overheard_topics());
        let name = format!("{service}.overheard");
        let feed = Feed { kafka: self.kafka.clone(), name, topics };
        let take = move |record: &Record| listeners.overheard(record);
        feed::spawn(feed, take, up, self.hearing.clone())?;
        Ok(caught_up)
    }

    fn start_with_database<S: Service>(
        &self,
        app: &S,
        db: &Db,
        (hearers, speakers): (&TaskTracker, &TaskTracker),
    ) {
        let relay = Relay::new(db.clone(), self.publisher.clone(), S::NAME);
        speakers.spawn(relay.run(self.speaking.clone()));
        hearers.spawn(janitor::run(db.clone(), S::NAME, self.hearing.clone()));
        let runner = Runner::new(db.clone(), app.jobs(), S::NAME);
        hearers.spawn(runner.run(self.hearing.clone()));
        let all_up = self.start_readers::<S>(db, hearers);
        hearers.spawn(app.timers().run(db.clone(), all_up, self.hearing.clone()));
    }

    /// One reader per kind of consumer. Returns a watch that turns true once all have caught up.
    fn start_readers<S: Service>(&self, db: &Db, tracker: &TaskTracker) -> watch::Receiver<bool> {
        let mut ups = Vec::new();
        for kind in [Kind::Effect, Kind::Projection] {
            if self.listeners.doors(kind).topics().is_empty() {
                continue;
            }
            let (up, caught_up) = watch::channel(false);
            ups.push(caught_up);
            let consumer = consumer::<S>(db, &self.listeners, kind);
            let reader = Reader::new(consumer, self.kafka.clone(), up);
            tracker.spawn(needed(reader.run(self.hearing.clone()), self.broken.clone()));
        }
        let (all, all_up) = watch::channel(ups.is_empty());
        tracker.spawn(async move {
            for mut up in ups {
                if up.wait_for(|up| *up).await.is_err() {
                    return;
                }
            }
            all.send_replace(true);
        });
        all_up
    }
}

async fn needed(
    part: impl Future<Output = anyhow::Result<()>>,
    broken: mpsc::Sender<anyhow::Error>,
) {
    if let Err(error) = part.await {
        // When the channel is full, another part broke before: one reason is enough.
        broken.try_send(error).ok();
    }
}

async fn beside<S: Service>(app: S, stop: CancellationToken) {
    if let Err(error) = app.beside(stop).await {
        tracing::error!(error = format!("{error:#}"), "what runs beside ended");
    }
}
