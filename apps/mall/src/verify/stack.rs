//! Everything the checks may look at: databases (read-only), the broker, Redis, the object store, traces and logs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::config;
use chassis::s3::Bucket;
use jiff::Timestamp;
use kernel::{Clock as _, SystemClock};
use redis::aio::ConnectionManager;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::sync::Mutex;

use super::broker::Broker;
use super::event_log::EventLog;
use crate::clock::StackClock;
use crate::registry::{self, Consumers, ServiceEntry, Variables};
use crate::settings::Settings;

/// One service's keyspace of Redis.
#[derive(Clone)]
pub struct RedisKeyspace {
    /// The connection.
    pub redis: ConnectionManager,
    /// What stands before every key.
    pub prefix: String,
}

impl std::fmt::Debug for RedisKeyspace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisKeyspace").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl RedisKeyspace {
    /// Connects at the first use.
    pub fn connect(url: &SecretString, prefix: &str) -> anyhow::Result<Self> {
        let client = redis::Client::open(url.expose_secret())?;
        Ok(Self {
            redis: ConnectionManager::new_lazy_with_config(
                client,
                redis::aio::ConnectionManagerConfig::new(),
            )?,
            prefix: prefix.to_owned(),
        })
    }

    /// Every key that begins with `kind`, without the prefix.
    pub async fn keys(&self, kind: &str) -> anyhow::Result<Vec<String>> {
        let (mut keys, mut cursor) = (Vec::new(), 0_u64);
        loop {
            let (next, found): (u64, Vec<String>) = redis::cmd("SCAN")
                .arg(cursor)
                .arg("MATCH")
                .arg(format!("{}{kind}*", self.prefix))
                .arg("COUNT")
                .arg(1000)
                .query_async(&mut self.redis.clone())
                .await?;
            keys.extend(found.iter().filter_map(|k| k.strip_prefix(&self.prefix)).map(Into::into));
            cursor = next;
            if cursor == 0 {
                keys.sort_unstable();
                keys.dedup();
                return Ok(keys);
            }
        }
    }
}

/// What can be rebuilt in a scratch database.
#[derive(Debug, Clone)]
pub struct Scratch {
    /// An account that may create databases.
    pub admin_url: SecretString,
    /// How each service is put together.
    pub services: Vec<(ServiceEntry, config::Common, Variables)>,
}

/// What the checks look at. A part that is missing is not looked at.
#[derive(Debug)]
pub struct StackHandles {
    /// The services' databases.
    pub databases: BTreeMap<&'static str, PgPool>,
    /// The broker.
    pub broker: Broker,
    /// What the services hear.
    pub consumers: BTreeMap<&'static str, Consumers>,
    /// Where carts are.
    pub carts: Option<RedisKeyspace>,
    /// Where sign-in codes are.
    pub codes: Option<RedisKeyspace>,
    /// Where invoices lie.
    pub invoices: Option<Bucket>,
    /// What can be rebuilt.
    pub scratch: Option<Scratch>,
    /// Where traces can be asked for.
    pub traces: Option<String>,
    /// Where logs are written.
    pub logs: Option<PathBuf>,
    /// The payment provider of development, which shows its books.
    pub provider: Option<String>,
    /// The clock by which the services live; the machine's where there is none.
    pub clock: Option<StackClock>,
    log: Mutex<Option<Arc<EventLog>>>,
}

impl StackHandles {
    /// Handles with a broker and nothing else yet.
    #[must_use]
    pub fn new(broker: Broker) -> Self {
        Self {
            databases: BTreeMap::new(),
            broker,
            consumers: BTreeMap::new(),
            carts: None,
            codes: None,
            invoices: None,
            scratch: None,
            traces: None,
            logs: None,
            provider: None,
            clock: None,
            log: Mutex::new(None),
        }
    }

    /// The stack that `settings` name.
    pub async fn of(settings: &Settings) -> anyhow::Result<Self> {
        let order = registry::common(&settings.env_dir, "order")?;
        let mut stack = Self::new(Broker::new(&order.kafka()));
        stack.clock = Some(StackClock::of(settings)?);
        let mut services = Vec::new();
        for entry in registry::all() {
            let common = registry::common(&settings.env_dir, entry.name)?;
            let vars = registry::variables(&settings.env_dir, entry.name)?;
            if let Some(url) = &common.database_url {
                let pool = read_only(url)?;
                let consumers = (entry.consumers)(common.clone(), vars.clone(), pool.clone()).await;
                stack.consumers.insert(entry.name, consumers.with_context(|| entry.name)?);
                stack.databases.insert(entry.name, pool);
                services.push((entry, common.clone(), vars.clone()));
            }
            match entry.name {
                "cart" => {
                    let own: cart::Config = config::read("cart", vars.into_iter())?;
                    stack.carts = Some(RedisKeyspace::connect(&own.redis_url, &own.redis_prefix)?);
                }
                "user" => {
                    let own: user::Config = config::read("user", vars.into_iter())?;
                    stack.codes = Some(RedisKeyspace::connect(&own.redis_url, &own.redis_prefix)?);
                }
                "invoice" => stack.invoices = Some(Bucket::new(&common, invoice::BUCKET)?),
                _ => {}
            }
        }
        let admin_url = settings.admin_database_url();
        stack.scratch = admin_url.map(|admin_url| Scratch { admin_url, services });
        stack.traces = Some(settings.traces.clone()).filter(|url| !url.is_empty());
        stack.provider = Some(settings.sandbox.clone()).filter(|url| !url.is_empty());
        stack.logs = Some(settings.home().join("log"));
        Ok(stack)
    }

    /// The present moment of the stack.
    pub fn now(&self) -> anyhow::Result<Timestamp> {
        self.clock.as_ref().map_or_else(|| Ok(SystemClock.now()), StackClock::now)
    }

    /// A service's database.
    pub fn db(&self, service: &str) -> anyhow::Result<&PgPool> {
        self.databases.get(service).with_context(|| format!("{service} has no database here"))
    }

    /// Everything that is on the topics, read once.
    pub async fn log(&self) -> anyhow::Result<Arc<EventLog>> {
        let mut kept = self.log.lock().await;
        if let Some(log) = &*kept {
            return Ok(log.clone());
        }
        let log = Arc::new(EventLog::read(&self.broker).await?);
        *kept = Some(log.clone());
        Ok(log)
    }

    /// Forgets what was read: the next look is a fresh one.
    pub async fn look_anew(&self) {
        *self.log.lock().await = None;
    }
}

/// A pool that cannot write.
pub fn read_only(url: &SecretString) -> anyhow::Result<PgPool> {
    let options: PgConnectOptions = url.expose_secret().parse()?;
    let options =
        options.options([("default_transaction_read_only", "on"), ("statement_timeout", "60s")]);
    Ok(PgPoolOptions::new()
        .max_connections(2)
        .acquire_timeout(Duration::from_secs(5))
        .connect_lazy_with(options))
}
