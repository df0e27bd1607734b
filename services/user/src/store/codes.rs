//! Sign-in codes and their limits, in Redis. Neither codes nor mail addresses can be read there.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use contracts::user::ChallengeId;
use jiff::Timestamp;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, RedisResult, Script};
use secrecy::ExposeSecret;

use crate::config::Config;
use crate::domain::network_of;

/// A challenge to be opened.
#[derive(Debug)]
pub struct Challenge<'a> {
    pub id: ChallengeId,
    pub account: &'a str,
    pub mark: &'a str,
    /// The address asked for, sealed.
    pub address: &'a str,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// A code that came back.
#[derive(Debug)]
pub struct Guess<'a> {
    pub id: ChallengeId,
    pub account: &'a str,
    pub mark: &'a str,
    pub from: Option<IpAddr>,
}

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It was right, and is used up.
    Right,
    /// It was wrong, or its challenge is over.
    Wrong,
    /// It was not even looked at, because of wrong ones for its challenge or account.
    Locked {
        /// When it is worth trying again.
        retry_after_s: u32,
    },
    /// It was not even looked at, because of wrong ones from its network or from everywhere.
    Limited {
        /// When it is worth trying again.
        retry_after_s: u32,
    },
}

#[derive(Clone)]
pub struct Codes {
    redis: ConnectionManager,
    prefix: String,
    per_account: u32,
    sent: Limits,
    wrong: Limits,
    scripts: Arc<Scripts>,
}

/// How many there may be.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Of one network in 15 minutes.
    per_network: u32,
    /// Of everybody together in a minute.
    per_minute: u32,
}

#[derive(Debug)]
struct Scripts {
    ask: Script,
    try_mark: Script,
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codes").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Codes {
    /// Connects at the first use: a Redis that is away does not stop the service from starting.
    pub fn connect(config: &Config) -> RedisResult<Self> {
        let client = redis::Client::open(config.redis_url.expose_secret())?;
        let patience = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(Duration::from_secs(2)))
            .set_response_timeout(Some(Duration::from_secs(5)));
        Ok(Self {
            redis: ConnectionManager::new_lazy_with_config(client, patience)?,
            prefix: config.redis_prefix.clone(),
            per_account: config.codes_per_account,
            sent: Limits {
                per_network: config.codes_per_network,
                per_minute: config.codes_per_minute,
            },
            wrong: Limits {
                per_network: config.wrong_codes_per_network,
                per_minute: config.wrong_codes_per_minute,
            },
            scripts: Arc::new(Scripts {
                ask: Script::new(concat!(include_str!("windows.lua"), include_str!("ask.lua"))),
                try_mark: Script::new(concat!(
                    include_str!("windows.lua"),
                    include_str!("try.lua")
                )),
            }),
        })
    }

    fn key(&self, kind: &str, name: &str) -> String {
        format!("{}{kind}:{name}", self.prefix)
    }

    /// Opens a challenge, or says after how many seconds it is worth asking again.
    pub async fn open(
        &self,
        challenge: &Challenge<'_>,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> RedisResult<Result<(), u32>> {
        let id = challenge.id.to_string();
        let wait_ms: i64 = self
            .scripts
            .ask
            .key(self.key("otp:challenge", &id))
            .key(self.key("rate:otp:account", challenge.account))
            .key(self.key("rate:otp:network", &network(from)))
            .key(self.key("rate:otp", "everybody"))
            .arg(now.as_millisecond())
            .arg(challenge.expires_at.as_millisecond())
            .arg(challenge.mark)
            .arg(challenge.address)
            .arg(id)
            .arg(self.sent.per_network)
            .arg(self.sent.per_minute)
            .arg(self.per_account)
            .invoke_async(&mut self.redis.clone())
            .await?;
        Ok(if wait_ms > 0 { Err(seconds(wait_ms)) } else { Ok(()) })
    }

    /// The sealed address of a challenge, if it was ever opened. It never changes.
    pub async fn find_address(&self, id: ChallengeId) -> RedisResult<Option<String>> {
        let key = self.key("otp:challenge", &id.to_string());
        self.redis.clone().hget(key, "address").await
    }

    /// Weighs a marked code.
    pub async fn try_mark(&self, guess: &Guess<'_>, now: Timestamp) -> RedisResult<Tried> {
        let (tried, wait_ms): (String, i64) = self
            .scripts
            .try_mark
            .key(self.key("otp:challenge", &guess.id.to_string()))
            .key(self.key("otp:failures", guess.account))
            .key(self.key("rate:wrong:network", &network(guess.from)))
            .key(self.key("rate:wrong", "everybody"))
            .arg(now.as_millisecond())
            .arg(guess.mark)
            .arg(self.wrong.per_network)
            .arg(self.wrong.per_minute)
            .invoke_async(&mut self.redis.clone())
            .await?;
        Ok(match tried.as_str() {
            "right" => Tried::Right,
            "locked" => Tried::Locked { retry_after_s: seconds(wait_ms) },
            "limited" => Tried::Limited { retry_after_s: seconds(wait_ms) },
            _ => Tried::Wrong,
        })
    }
}

fn network(from: Option<IpAddr>) -> String {
    from.map_or_else(|| "unknown".to_owned(), network_of)
}

/// Whole seconds, rounded up.
fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.saturating_add(999) / 1000).unwrap_or(u32::MAX)
}
