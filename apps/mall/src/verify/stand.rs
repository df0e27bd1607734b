//! Everything the checks may look at: databases (read-only), the broker, Redis, the object store, traces and logs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::config;
use chassis::s3::Bucket;
use redis::aio::ConnectionManager;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::sync::Mutex;

use super::broker::Broker;
use super::tape::Tape;
use crate::operator::roster::{self, Ears, Entry, Variables};
use crate::settings::Settings;

/// One service's corner of Redis.
#[derive(Clone)]
pub struct Corner {
    /// The connection.
    pub redis: ConnectionManager,
    /// What stands before every key.
    pub prefix: String,
}

impl std::fmt::Debug for Corner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Corner").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Corner {
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
    pub services: Vec<(Entry, config::Common, Variables)>,
}

/// What the checks look at. A part that is missing is not looked at.
#[derive(Debug)]
pub struct Stand {
    /// The services' databases.
    pub databases: BTreeMap<&'static str, PgPool>,
    /// The broker.
    pub broker: Broker,
    /// What the services hear.
    pub ears: BTreeMap<&'static str, Ears>,
    /// Where carts are.
    pub carts: Option<Corner>,
    /// Where sign-in codes are.
    pub codes: Option<Corner>,
    /// Where invoices lie.
    pub invoices: Option<Bucket>,
    /// What can be rebuilt.
    pub scratch: Option<Scratch>,
    /// Where traces can be asked for.
    pub traces: Option<String>,
    /// Where logs are written.
    pub logs: Option<PathBuf>,
    tape: Mutex<Option<Arc<Tape>>>,
}

impl Stand {
    /// A stand with a broker and nothing else yet.
    #[must_use]
    pub fn new(broker: Broker) -> Self {
        Self {
            databases: BTreeMap::new(),
            broker,
            ears: BTreeMap::new(),
            carts: None,
            codes: None,
            invoices: None,
            scratch: None,
            traces: None,
            logs: None,
            tape: Mutex::new(None),
        }
    }

    /// The stack that `settings` name.
    pub async fn of(settings: &Settings) -> anyhow::Result<Self> {
        let order = roster::common(&settings.env_dir, "order")?;
        let mut stand = Self::new(Broker::new(&order.kafka()));
        let mut services = Vec::new();
        for entry in roster::all() {
            let common = roster::common(&settings.env_dir, entry.name)?;
            let vars = roster::variables(&settings.env_dir, entry.name)?;
            if let Some(url) = &common.database_url {
                let pool = read_only(url)?;
                let ears = (entry.ears)(common.clone(), vars.clone(), pool.clone()).await;
                stand.ears.insert(entry.name, ears.with_context(|| entry.name)?);
                stand.databases.insert(entry.name, pool);
                services.push((entry, common.clone(), vars.clone()));
            }
            match entry.name {
                "cart" => {
                    let own: cart::Config = config::read("cart", vars.into_iter())?;
                    stand.carts = Some(Corner::connect(&own.redis_url, &own.redis_prefix)?);
                }
                "user" => {
                    let own: user::Config = config::read("user", vars.into_iter())?;
                    stand.codes = Some(Corner::connect(&own.redis_url, &own.redis_prefix)?);
                }
                "invoice" => stand.invoices = Some(Bucket::new(&common, invoice::BUCKET)?),
                _ => {}
            }
        }
        let admin_url = settings.admin_database_url();
        stand.scratch = admin_url.map(|admin_url| Scratch { admin_url, services });
        stand.traces = Some(settings.traces.clone()).filter(|url| !url.is_empty());
        stand.logs = Some(settings.home().join("log"));
        Ok(stand)
    }

    /// A service's database.
    pub fn db(&self, service: &str) -> anyhow::Result<&PgPool> {
        self.databases.get(service).with_context(|| format!("{service} has no database here"))
    }

    /// Everything that is on the topics, read once.
    pub async fn tape(&self) -> anyhow::Result<Arc<Tape>> {
        let mut kept = self.tape.lock().await;
        if let Some(tape) = &*kept {
            return Ok(tape.clone());
        }
        let tape = Arc::new(Tape::read(&self.broker).await?);
        *kept = Some(tape.clone());
        Ok(tape)
    }

    /// Forgets what was read: the next look is a fresh one.
    pub async fn look_anew(&self) {
        *self.tape.lock().await = None;
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
