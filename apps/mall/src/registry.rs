//! The twelve services, by name: what differs between them is their type, so each is named once, here. Whoever needs to
//! know them asks: this command, the chores of the repository, the tests, the measurements.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::Context as _;
use chassis::auth::Keyring;
use chassis::config::{self, Common};
use chassis::run::Arguments;
use chassis::subscriptions::Kind;
use chassis::{Consumer, Db, Dependencies, Service};
use kernel::{Clock, SystemClock};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use tokio_util::sync::CancellationToken;
use utoipa::openapi::OpenApi;

type Doing<T = ()> = Pin<Box<dyn Future<Output = anyhow::Result<T>> + Send>>;

/// Settings of a service, as environment variables.
pub type Variables = Vec<(String, String)>;

/// What a service hears, over a database that need not be its own.
#[derive(Clone)]
pub struct Consumers {
    /// Acts upon each event once.
    pub effects: Consumer,
    /// Keeps copies.
    pub projections: Consumer,
}

impl std::fmt::Debug for Consumers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumers").field("service", &self.effects.service).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy)]
pub struct ServiceEntry {
    pub name: &'static str,
    /// Is this process: the service alone, configured by the environment.
    pub process: fn(Arguments) -> anyhow::Result<()>,
    /// Brings its database up to date.
    pub migrate: fn(Common) -> Doing,
    /// Runs it until the token is cancelled.
    pub serve: fn(Common, Variables, CancellationToken) -> Doing,
    pub migrator: Option<&'static Migrator>,
    /// Its consumers over a database. Nothing is started.
    pub consumers: fn(Common, Variables, PgPool) -> Doing<Consumers>,
    /// The events it subscribes to.
    pub hears: fn() -> Vec<&'static str>,
    pub document: fn() -> OpenApi,
}

impl std::fmt::Debug for ServiceEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

fn entry<S: Service>() -> ServiceEntry {
    ServiceEntry {
        name: S::NAME,
        process: chassis::run::process::<S>,
        migrate: |common| Box::pin(async move { chassis::run::migrate::<S>(&common).await }),
        serve: |common, vars, stop| {
            Box::pin(async move {
                let own = config::read(S::NAME, vars.into_iter())?;
                chassis::run::serve::<S>(common, own, stop).await
            })
        },
        migrator: S::MIGRATOR,
        consumers: |common, vars, pool| Box::pin(consumers::<S>(common, vars, pool)),
        hears: || S::subscriptions().names(),
        document: S::document,
    }
}

async fn consumers<S: Service>(
    common: Common,
    vars: Variables,
    pool: PgPool,
) -> anyhow::Result<Consumers> {
    let own = config::read(S::NAME, vars.into_iter())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = Db::over(pool, clock.clone());
    let keyring = Keyring::new(clock.clone());
    let app = S::build(own, Dependencies::new(Some(db.clone()), clock, common, keyring)).await?;
    let subscribed = S::subscriptions().of(&app);
    let consumer = |kind| chassis::run::consumer::<S>(&db, &subscribed, kind);
    Ok(Consumers { effects: consumer(Kind::Effect), projections: consumer(Kind::Projection) })
}

/// All of them, in the order of the map and of their ports.
pub fn all() -> Vec<ServiceEntry> {
    vec![
        entry::<user::App>(),
        entry::<vendor::App>(),
        entry::<product::App>(),
        entry::<cart::App>(),
        entry::<order::App>(),
        entry::<payment::App>(),
        entry::<invoice::App>(),
        entry::<email::App>(),
        entry::<rating::App>(),
        entry::<admin::App>(),
        entry::<analytics::App>(),
        entry::<search::App>(),
    ]
}

/// The names of all of them.
pub fn names() -> Vec<&'static str> {
    all().iter().map(|entry| entry.name).collect()
}

/// The services named, or all of them.
pub fn pick(names: &[String]) -> anyhow::Result<Vec<ServiceEntry>> {
    if names.iter().any(|name| name == "all") {
        return Ok(all());
    }
    names.iter().map(|name| find(name)).collect()
}

/// The service of this name.
pub fn find(name: &str) -> anyhow::Result<ServiceEntry> {
    all()
        .into_iter()
        .find(|e| e.name == name)
        .with_context(|| format!("there is no service {name:?}; there are: {}", names().join(" ")))
}

/// The replicas of a service on this installation: each has a settings file, `order.env`, `order-2.env`, ..
pub fn replicas(env_dir: &Path, service: &str) -> Vec<String> {
    let further = (2..).map(|n| format!("{service}-{n}"));
    let further = further.take_while(|name| env_dir.join(format!("{name}.env")).exists());
    std::iter::once(service.to_owned()).chain(further).collect()
}

/// The settings file of a service, or of a further replica of it, as variables.
pub fn variables(env_dir: &Path, service: &str) -> anyhow::Result<Variables> {
    let path = env_dir.join(format!("{service}.env"));
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{} cannot be read; `make up` writes it", path.display()))?;
    let pairs: BTreeMap<String, String> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    Ok(pairs.into_iter().collect())
}

/// The common half of a service's settings.
pub fn common(env_dir: &Path, service: &str) -> anyhow::Result<Common> {
    Ok(config::read("mall", variables(env_dir, service)?.into_iter())?)
}
