//! Redis: carts as hashes, every change one script. `PostgreSQL`: what was checked out.

pub mod carts;
pub mod checkouts;
mod scripts;
pub mod standing;

use std::sync::Arc;
use std::time::Duration;

use redis::AsyncCommands;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use secrecy::ExposeSecret;

use crate::config::Config;

/// A connection that comes back by itself, and the names of our keys.
#[derive(Clone)]
pub struct Redis {
    connection: ConnectionManager,
    prefix: Arc<str>,
    keep_s: i64,
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
        let keep_s = config.keep_days * 86_400;
        Ok(Self { connection, prefix: config.redis_prefix.as_str().into(), keep_s })
    }

    /// Whether Redis answers.
    pub async fn is_there(&self) -> bool {
        redis::cmd("PING").query_async::<()>(&mut self.connection.clone()).await.is_ok()
    }

    /// What the version before this one has not said must be said by it: it empties its stream as it ends.
    pub async fn refuse_old_stream(&self) -> anyhow::Result<()> {
        let stream = format!("{}cart:outbox", self.prefix);
        let waiting: usize = self.connection.clone().xlen(&stream).await.unwrap_or(0);
        anyhow::ensure!(
            waiting == 0,
            "{stream} in Redis holds {waiting} events of the version before: let that one say them"
        );
        Ok(())
    }

    fn key(&self, kind: &str, name: &str) -> String {
        format!("{}cart:{kind}:{name}", self.prefix)
    }
}
