//! The run loop: read the configuration, start the parts in order, serve, drain, end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use secrecy::ExposeSecret;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::clock;
use super::ops::{self, Readiness};
use super::service::{Dependencies, Service};
use crate::config::{self, Common};
use crate::db::{Db, Wakers, is_away};
use crate::events::consumer::Consumer;
use crate::events::kafka::Kafka;
use crate::events::subscriptions::{Kind, Subscribed};
use crate::health::Health;
use crate::http::auth::Keyring;
use crate::http::layers;
use crate::telemetry;

mod door;
mod parts;

use door::Door;
use parts::Parts;

/// The chassis' own tables, in a schema of their own.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// Command line of a service's process.
#[derive(Debug, Clone, Copy, Parser)]
#[command(
    about = "One service of the mall. Configured by environment variables: MALL__* and its own."
)]
pub struct Arguments {
    /// Read the configuration, say whether it makes sense, and exit.
    #[arg(long)]
    check_config: bool,
    /// Bring the database up to date and exit.
    #[arg(long)]
    migrate: bool,
}

/// The whole of a service's `main`.
pub fn run<S: Service>() -> anyhow::Result<()> {
    process::<S>(Arguments::parse())
}

/// The life of a process that is one service, configured by its environment.
pub fn process<S: Service>(arguments: Arguments) -> anyhow::Result<()> {
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
    // A variable that is not text is nobody's of ours.
    let vars = || {
        std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
    };
    Ok((config::read("mall", vars())?, config::read(S::NAME, vars())?))
}

/// Brings a service's database up to date.
///
/// Replicas that start together wait for one another, however long a migration takes, and an older release serves
/// beside a newer one that has migrated already.
pub async fn migrate<S: Service>(common: &Common) -> anyhow::Result<()> {
    let (Some(migrator), Some(url)) = (S::MIGRATOR, &common.database_url) else { return Ok(()) };
    // A connection of its own: when it ends, so does the lock that keeps the others waiting.
    let options: PgConnectOptions = url.expose_secret().parse()?;
    let mut conn = PgConnection::connect_with(&options).await?;
    for (what, migrator) in [("the chassis' tables", &MIGRATOR), ("the service's tables", migrator)]
    {
        let forward = Migrator {
            migrations: migrator.migrations.clone(),
            table_name: migrator.table_name.clone(),
            create_schemas: migrator.create_schemas.clone(),
            ignore_missing: true,
            ..Migrator::DEFAULT
        };
        forward.run_direct(None, &mut conn, false).await.context(what)?;
    }
    Ok(())
}

/// Cancelled at SIGTERM or SIGINT.
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

/// How long each part of the end may take. Together less than the twenty seconds a supervisor waits.
mod grace {
    use std::time::Duration;

    pub const REQUESTS: Duration = Duration::from_secs(8);
    pub const HEARING: Duration = Duration::from_secs(5);
    pub const SPEAKING: Duration = Duration::from_secs(4);
    pub const OPS: Duration = Duration::from_secs(1);
}

/// Runs a service until `stop`.
///
/// # Errors
/// When it cannot start, or when a part of it broke that it cannot do without.
pub async fn serve<S: Service>(
    common: Common,
    own: S::Config,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    config::set_public_url(&common.public_url);
    let (clock, movable) = clock::of(&common);
    let (door, ops) = (Door::build(common.http_addr)?, bind(common.ops_addr).await?);
    // What speaks stops last, so that what the others still say is carried.
    let (ending, hearing, speaking) = (stop.child_token(), token(), token());
    let _gone = [&ending, &hearing, &speaking].map(|token| token.clone().drop_guard());
    let readiness = Readiness::new(ending.clone());
    let health = Health::default();
    let wakers = Wakers::default();
    let routes = ops::routes(readiness.clone(), health.clone());
    let routes = routes.merge(clock::routes(movable, wakers.clone()));
    let ops = tokio::spawn(listen(ops, routes, speaking.clone()));

    let db = match (S::MIGRATOR, &common.database_url) {
        (Some(_), Some(url)) => {
            let db = Db::connect(url, common.database_connections, clock.clone())?;
            Some(db.waking(wakers))
        }
        (Some(_), None) => anyhow::bail!("MALL__DATABASE_URL is missing"),
        (None, _) => None,
    };
    if db.is_some() && !migrated::<S>(&common, &stop).await? {
        return Ok(());
    }
    if common.staff_without_second_factor {
        tracing::warn!("staff need no second factor here: for development only");
    }
    let kafka = Kafka::new(&common.kafka());
    let keyring = Keyring::new(clock.clone());
    let publisher = kafka.publisher(S::NAME)?;
    let deps = Dependencies::new(db.clone(), clock, common.clone(), keyring.clone());
    let app = S::build(own, deps.until(ending.clone())).await?;

    let subscribed = S::subscriptions().of(&app).and(Keyring::subscriptions(), &keyring);
    let (broken, mut breaks) = mpsc::channel(1);
    let parts = Parts {
        kafka,
        db: db.clone(),
        subscribed,
        publisher: publisher.clone(),
        hearing: hearing.clone(),
        speaking: speaking.clone(),
        health,
        broken,
    };
    let started = parts.start::<S>(&app)?;
    let caught_up = started.caught_up.clone();
    let (open, opened) = watch::channel(false);
    let keyring = keyring.once(caught_up.clone());
    let routes = S::router().with_state(app.clone());
    let routes = layers::wrap(routes, S::NAME, &common, keyring, db.as_ref());
    readiness.started(
        &app,
        db,
        vec![("still reading what the others said", started.caught_up), ("opening", opened)],
    );
    tracing::info!(http.addr = %common.http_addr, "{} serves", S::NAME);

    let serving = door.serve(routes, caught_up, open, ending.clone());
    let mut serving = std::pin::pin!(serve_until(serving, &ending));
    let served = tokio::select! {
        served = &mut serving => served,
        Some(broke) = breaks.recv() => {
            ending.cancel();
            serving.await.and(Err(broke))
        }
    };
    hearing.cancel();
    drop(tokio::time::timeout(grace::HEARING, started.hearers.wait()).await);
    speaking.cancel();
    drop(tokio::time::timeout(grace::SPEAKING, started.speakers.wait()).await);
    publisher.flush().await;
    drop(tokio::time::timeout(grace::OPS, ops).await);
    tracing::info!("{} ended", S::NAME);
    served
}

fn token() -> CancellationToken {
    CancellationToken::new()
}

/// Brings the database up to date; waits for it if it is away, so that the order of starting does not matter.
/// False when asked to stop before it was there.
async fn migrated<S: Service>(common: &Common, stop: &CancellationToken) -> anyhow::Result<bool> {
    let mut told = false;
    loop {
        let migrated = tokio::select! {
            migrated = migrate::<S>(common) => migrated,
            () = stop.cancelled() => return Ok(false),
        };
        let Err(error) = migrated else { return Ok(true) };
        if !error.chain().any(|e| e.downcast_ref::<sqlx::Error>().is_some_and(is_away)) {
            return Err(error);
        }
        if !told {
            tracing::warn!(error = format!("{error:#}"), "the database is away; waiting for it");
            told = true;
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = stop.cancelled() => return Ok(false),
        }
    }
}

/// The consumer of one kind of a service.
pub fn consumer<S: Service>(db: &Db, subscribed: &Subscribed, kind: Kind) -> Consumer {
    let name = match kind {
        Kind::Effect => S::NAME.to_owned(),
        Kind::Projection => format!("{}.copies", S::NAME),
    };
    Consumer {
        name,
        service: S::NAME,
        kind,
        handlers: subscribed.handlers(kind).clone(),
        db: db.clone(),
    }
}

async fn bind(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr).await.with_context(|| format!("{addr} is taken"))
}

async fn listen(listener: TcpListener, routes: axum::Router, stop: CancellationToken) {
    let served = axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(%error, "the operator's port ended");
    }
}

/// Waits for what serves. After `stop` running requests may take a while to end.
async fn serve_until(
    serving: impl Future<Output = anyhow::Result<()>>,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    tokio::select! {
        served = serving => served?,
        () = async {
            stop.cancelled().await;
            tokio::time::sleep(grace::REQUESTS).await;
        } => tracing::warn!("some requests did not end in time"),
    }
    Ok(())
}
