//! Redis: carts as hashes, what is to be said as a stream, every change one script.

pub mod carts;
pub mod relay;

use std::sync::Arc;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use secrecy::ExposeSecret;
use tokio::sync::Notify;

use crate::config::Config;

/// A connection that comes back by itself, and the names of our keys.
#[derive(Clone)]
pub struct Redis {
    connection: ConnectionManager,
    prefix: Arc<str>,
    keep_s: i64,
    checkouts_per_window: u32,
    said: Arc<Notify>,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Redis {
    /// Connects at the first command: a Redis that is away does not stop the service from starting.
    pub fn connect(config: &Config) -> anyhow::Result<Self> {
        let client = redis::Client::open(config.redis_url.expose_secret())?;
        let settings = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(2)))
            .set_response_timeout(Some(Duration::from_secs(2)))
            .set_number_of_retries(1);
        let connection = client.get_connection_manager_lazy(settings)?;
        Ok(Self {
            connection,
            prefix: config.redis_prefix.as_str().into(),
            keep_s: config.keep_days * 86_400,
            checkouts_per_window: config.checkouts_per_window,
            said: Arc::default(),
        })
    }

    fn key(&self, kind: &str, name: &str) -> String {
        format!("{}cart:{kind}:{name}", self.prefix)
    }
}
