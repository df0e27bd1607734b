//! Configuration: environment variables, read once, typed, complete, or the service does not start.
//!
//! The common half is `MALL__KEY`, a service's own half `<SERVICE>__KEY`. `..._FILE` reads the value from a file.

use std::net::SocketAddr;
use std::sync::OnceLock;

use secrecy::SecretString;
use serde::Deserialize;

mod variables;
pub use variables::{ConfigError, read};

/// What every service needs to be told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    /// Where clients reach the service.
    pub http_addr: SocketAddr,
    /// Where the operator reaches health and metrics. Never through the gateway.
    pub ops_addr: SocketAddr,
    /// The service's database; services without one leave it out.
    pub database_url: Option<SecretString>,
    /// Connections to the database at most, beside two for leases, timers and readiness.
    #[serde(default = "ten")]
    pub database_connections: u32,
    /// Brokers, comma separated.
    pub kafka_brokers: String,
    /// Put before every topic and group name, so that several malls can share a broker.
    #[serde(default)]
    pub topic_prefix: String,
    /// Partitions per topic at most; the catalogue's own number in production.
    #[serde(default = "twelve")]
    pub kafka_partitions: i32,
    /// Copies of each topic; -1 is what the broker is set to. Three in production.
    #[serde(default = "one")]
    pub kafka_replication: i32,
    /// A record counts as taken once so many copies have it. Two in production.
    #[serde(default = "one")]
    pub kafka_min_insync: i32,
    /// Object storage.
    pub s3_endpoint: Option<String>,
    /// Object storage: access key.
    pub s3_access_key: Option<SecretString>,
    /// Object storage: secret key.
    pub s3_secret_key: Option<SecretString>,
    /// Put before every bucket name.
    #[serde(default)]
    pub s3_bucket_prefix: String,
    /// OTLP over HTTP; without it no traces leave the process.
    pub otlp_endpoint: Option<String>,
    /// The address clients use.
    pub public_url: String,
    /// What to log, in tracing's `EnvFilter` syntax.
    #[serde(default = "info")]
    pub log: String,
    /// Requests served at once; more are told to come back.
    #[serde(default = "concurrency")]
    pub max_concurrent_requests: usize,
    /// Event streams and requests that wait for something (`?wait=`) at once, beside the others; more are told to
    /// come back.
    #[serde(default = "waiting")]
    pub max_waiting_requests: usize,
    /// The largest body taken, in bytes.
    #[serde(default = "body")]
    pub max_body_bytes: usize,
    /// After so long a request is given up, in seconds.
    #[serde(default = "thirty")]
    pub request_timeout_s: u64,
    /// Seconds by which the service's clock is off; for tests of skew only.
    #[serde(default)]
    pub clock_offset_s: i64,
    /// Development only: seconds by which every clock of the installation was moved on. Where it is given, the
    /// operator's port moves it further, for tests that cannot wait for days; in production it is left out.
    pub clock_shift_s: Option<i64>,
    /// Development only: whether staff need no second factor. Every service says so when it starts; in production it is
    /// left out.
    #[serde(default)]
    pub staff_without_second_factor: bool,
}

fn ten() -> u32 {
    10
}
fn one() -> i32 {
    1
}
fn twelve() -> i32 {
    12
}
fn thirty() -> u64 {
    30
}
fn info() -> String {
    "info".into()
}
fn concurrency() -> usize {
    512
}
fn waiting() -> usize {
    2048
}
fn body() -> usize {
    64 * 1024
}

/// What the broker's client needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaConfig {
    /// Brokers, comma separated.
    pub brokers: String,
    /// Put before every topic and group name.
    pub topic_prefix: String,
}

/// How topics are laid out on a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Partitions per topic at most; the catalogue's own number in production.
    pub partitions: i32,
    /// Copies of each partition; -1 is what the broker is set to.
    pub copies: i32,
    /// A record counts as taken once so many copies have it.
    pub min_insync: i32,
}

/// So many partitions at most, in one copy.
impl From<i32> for Layout {
    fn from(partitions: i32) -> Self {
        Self { partitions, copies: 1, min_insync: 1 }
    }
}

impl Common {
    /// How topics are laid out on the broker.
    pub fn layout(&self) -> Layout {
        Layout {
            partitions: self.kafka_partitions,
            copies: self.kafka_replication,
            min_insync: self.kafka_min_insync,
        }
    }

    /// The broker's part.
    pub fn kafka(&self) -> KafkaConfig {
        KafkaConfig { brokers: self.kafka_brokers.clone(), topic_prefix: self.topic_prefix.clone() }
    }
}

static PUBLIC_URL: OnceLock<String> = OnceLock::new();

/// The address clients use; problem types are URLs below it.
pub fn public_url() -> &'static str {
    PUBLIC_URL.get().map_or("https://mall.test", String::as_str)
}

pub(crate) fn set_public_url(url: &str) {
    PUBLIC_URL.get_or_init(|| url.trim_end_matches('/').to_owned());
}

#[cfg(test)]
mod tests;
