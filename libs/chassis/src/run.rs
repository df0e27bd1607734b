//! The run loop: read the configuration, start the parts in order, serve, drain, end.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use contracts::user::{KeyPublished, SessionRevoked};
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, SystemClock};
use sqlx::migrate::Migrator;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::apply::Consumer;
use crate::auth::Keyring;
use crate::config::{self, Common};
use crate::consumer::Reader;
use crate::db::Db;
use crate::jobs::Runner;
use crate::kafka::Kafka;
use crate::listeners::{Kind, Listeners};
use crate::ops::{self, Readiness};
use crate::outbox::Relay;
use crate::service::{Kit, Service};
use crate::{feed, http, telemetry};

/// The chassis' own tables, in a schema of their own.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// Command line of a service's binary.
#[derive(Debug, Parser)]
#[command(about = "One service of the mall. Configured by environment variables: MALL__* and its own.")]
struct Arguments {
    /// Read the configuration, say whether it makes sense, and exit.
    #[arg(long)]
    check_config: bool,
    /// Bring the database up to date and exit.
    #[arg(long)]
    migrate: bool,
}

/// The whole of a service's `main`.
pub fn run<S: Service>() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (common, own) = read_config::<S>()?;
    if arguments.check_config {
        println!("{}: the configuration makes sense", S::NAME);
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    let telemetry = {
        let _inside = runtime.enter();
        telemetry::start(S::NAME, &common.log, common.otlp_endpoint.as_deref())?
    };
    let ended = runtime.block_on(async {
        if arguments.migrate {
            return migrate::<S>(&common).await;
        }
        serve::<S>(common, own, signalled()).await
    });
    if let Err(error) = &ended {
        tracing::error!(error = format!("{error:#}"), "{} ends", S::NAME);
    }
    telemetry.flush();
    runtime.shutdown_timeout(Duration::from_secs(2));
    ended
}

/// Reads both halves of a service's configuration from the environment.
pub fn read_config<S: Service>() -> anyhow::Result<(Common, S::Config)> {
    Ok((config::read("mall", std::env::vars())?, config::read(S::NAME, std::env::vars())?))
}

/// Brings a service's database up to date.
pub async fn migrate<S: Service>(common: &Common) -> anyhow::Result<()> {
    let (Some(migrator), Some(url)) = (S::MIGRATOR, &common.database_url) else { return Ok(()) };
    let db = Db::connect(url, 2, Arc::new(SystemClock))?;
    MIGRATOR.run(db.pool()).await.context("the chassis' tables")?;
    migrator.run(db.pool()).await.context("the service's tables")?;
    Ok(())
}

/// Cancelled at SIGTERM or SIGINT.
#[must_use]
pub fn signalled() -> CancellationToken {
    use tokio::signal::unix::{SignalKind, signal};
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        let Ok(mut term) = signal(SignalKind::terminate()) else { return };
        tokio::select! {
            _ = term.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        told.cancel();
    });
    stop
}

/// A clock that is off by a fixed number of seconds, for tests of skew.
#[derive(Debug)]
struct OffsetClock(SignedDuration);

impl Clock for OffsetClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + self.0
    }
}

fn clock(common: &Common) -> Arc<dyn Clock> {
    match common.clock_offset_s {
        0 => Arc::new(SystemClock),
        offset => Arc::new(OffsetClock(SignedDuration::from_secs(offset))),
    }
}

/// Runs a service until `stop`.
pub async fn serve<S: Service>(
    common: Common,
    own: S::Config,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    config::set_public_url(&common.public_url);
    let clock = clock(&common);
    let kafka = Kafka::new(&common.kafka());
    let keyring = Keyring::new(clock.clone());
    let db = match (S::MIGRATOR, &common.database_url) {
        (Some(_), Some(url)) => Some(Db::connect(url, common.database_connections, clock.clone())?),
        (Some(_), None) => anyhow::bail!("MALL__DATABASE_URL is missing"),
        (None, _) => None,
    };
    if db.is_some() {
        migrated::<S>(&common, &stop).await?;
    }
    let publisher = kafka.publisher(S::NAME)?;
    let kit = Kit::new(db.clone(), clock, common.clone(), keyring.clone(), publisher.clone());
    let app = S::build(own, kit).await?;

    // What speaks stops last, so that what the others still say is carried.
    let (hearing, speaking) = (CancellationToken::new(), CancellationToken::new());
    let listeners = app.listens().overhear::<KeyPublished, _>(&keyring);
    let listeners = listeners.overhear::<SessionRevoked, _>(&keyring);
    let parts = Parts { kafka, db, listeners, hearing: hearing.clone(), speaking: speaking.clone() };
    let tracker = TaskTracker::new();
    let caught_up = parts.start::<S>(&app, &publisher, &tracker)?;
    tracker.spawn(logged("beside", {
        let (app, stop) = (app.clone(), hearing.clone());
        async move { app.beside(stop).await }
    }));

    let readiness = Readiness::new(parts.db.clone(), caught_up, stop.clone());
    let ops = tokio::spawn(listen(common.ops_addr, ops::routes(readiness), speaking.clone()));
    let (routes, _) = app.routes().split_for_parts();
    let routes = http::wrap(routes, S::NAME, &common, keyring);
    tracing::info!(http.addr = %common.http_addr, "{} serves", S::NAME);
    let served = serve_until(common.http_addr, routes, stop).await;

    hearing.cancel();
    tracker.close();
    drop(tokio::time::timeout(Duration::from_secs(12), tracker.wait()).await);
    speaking.cancel();
    publisher.flush().await;
    ops.await??;
    tracing::info!("{} ended in good order", S::NAME);
    served
}

/// Brings the database up to date; waits for it if it is away, so that the order of starting does not matter.
async fn migrated<S: Service>(common: &Common, stop: &CancellationToken) -> anyhow::Result<()> {
    loop {
        let Err(error) = migrate::<S>(common).await else { return Ok(()) };
        let away = error.chain().any(|e| {
            e.downcast_ref::<sqlx::Error>().is_some_and(|e| {
                matches!(e, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_))
            })
        });
        if !away {
            return Err(error);
        }
        tracing::warn!(error = format!("{error:#}"), "the database is away; waiting for it");
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = stop.cancelled() => return Ok(()),
        }
    }
}

struct Parts {
    kafka: Kafka,
    db: Option<Db>,
    listeners: Listeners,
    hearing: CancellationToken,
    speaking: CancellationToken,
}

type CaughtUp = Vec<(&'static str, watch::Receiver<bool>)>;

impl Parts {
    /// Starts the relay, the consumers, the jobs and the timers. Returns what has to be read before it may serve.
    fn start<S: Service>(
        &self,
        app: &S,
        publisher: &crate::kafka::Publisher,
        tracker: &TaskTracker,
    ) -> anyhow::Result<CaughtUp> {
        let (overheard, overheard_up) = watch::channel(false);
        let (listeners, topics) = (self.listeners.clone(), self.listeners.overheard_topics());
        feed::spawn(
            self.kafka.clone(),
            format!("{}.overheard", S::NAME),
            topics.into_iter().map(str::to_owned).collect(),
            move |record| listeners.overheard(record),
            overheard,
            self.hearing.clone(),
        )?;
        let caught_up: CaughtUp = vec![("still reading what the others said", overheard_up)];
        let Some(db) = &self.db else { return Ok(caught_up) };

        let relay = Relay::new(db.clone(), publisher.clone(), S::NAME);
        tokio::spawn(relay.run(self.speaking.clone()));
        tracker.spawn(ops::sample(db.clone(), S::NAME, self.hearing.clone()));
        let runner = Runner::new(db.clone(), app.jobs(), S::NAME);
        tracker.spawn(runner.run(self.hearing.clone()));
        let all_up = self.start_readers::<S>(db, tracker);
        tracker.spawn(app.timers().run(db.clone(), all_up, self.hearing.clone()));
        Ok(caught_up)
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
            tracker.spawn(logged("reading", reader.run(self.hearing.clone())));
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

/// The consumer of one kind of a service.
#[must_use]
pub fn consumer<S: Service>(db: &Db, listeners: &Listeners, kind: Kind) -> Consumer {
    let name = match kind {
        Kind::Effect => S::NAME.to_owned(),
        Kind::Projection => format!("{}.copies", S::NAME),
    };
    Consumer { name, service: S::NAME, kind, doors: listeners.doors(kind).clone(), db: db.clone() }
}

async fn logged(what: &'static str, part: impl Future<Output = anyhow::Result<()>>) {
    if let Err(error) = part.await {
        tracing::error!(error = format!("{error:#}"), "{what} ended");
    }
}

async fn listen(
    addr: SocketAddr,
    routes: axum::Router,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(addr).await.with_context(|| format!("{addr} is taken"))?;
    axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned()).await?;
    Ok(())
}

/// Serves until `stop`, then lets running requests end, for ten seconds at most.
async fn serve_until(
    addr: SocketAddr,
    routes: axum::Router,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(addr).await.with_context(|| format!("{addr} is taken"))?;
    let drained =
        axum::serve(listener, routes).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        served = drained.into_future() => served?,
        () = async {
            stop.cancelled().await;
            tokio::time::sleep(Duration::from_secs(10)).await;
        } => tracing::warn!("some requests did not end in time"),
    }
    Ok(())
}
