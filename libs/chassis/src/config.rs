//! Configuration: environment variables, read once, typed, complete, or the service does not start.
//!
//! The common half is `MALL__KEY`, a service's own half `<SERVICE>__KEY`. `..._FILE` reads the value from a file.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::OnceLock;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;

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

/// A configuration that makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file named by `..._FILE` cannot be read.
    #[error("{key} names {path}, which cannot be read: {error}")]
    File {
        /// The variable.
        key: String,
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A key is given in the open and by a file.
    #[error("{prefix}__{key} and {prefix}__{key}_FILE are both given")]
    Twice {
        /// Whose configuration.
        prefix: String,
        /// The key.
        key: String,
    },
    /// A key is unknown or missing, or a value is wrong.
    #[error("{prefix}__*: {error}")]
    Value {
        /// Whose configuration.
        prefix: String,
        /// What is wrong.
        error: serde_html_form::de::Error,
    },
}

/// Reads all variables that start with `prefix` and two underscores.
pub fn read<C: DeserializeOwned>(
    prefix: &str,
    vars: impl Iterator<Item = (String, String)>,
) -> Result<C, ConfigError> {
    let start = format!("{}__", prefix.to_uppercase());
    let mut values = BTreeMap::new();
    for (key, value) in vars {
        let Some(name) = key.strip_prefix(&start) else { continue };
        let (name, value) =
            match name.strip_suffix("_FILE") {
                Some(name) => {
                    let text = std::fs::read_to_string(&value).map_err(|error| {
                        ConfigError::File { key: key.clone(), path: value, error }
                    })?;
                    (name, text.trim_end().to_owned())
                }
                None => (name, value),
            };
        if values.insert(name.to_lowercase(), value).is_some() {
            return Err(ConfigError::Twice { prefix: prefix.to_uppercase(), key: name.to_owned() });
        }
    }
    let pairs: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    serde_html_form::to_string(&pairs)
        .map_err(|_| serde::de::Error::custom("a value cannot be written"))
        .and_then(|text: String| serde_html_form::from_str(&text))
        .map_err(|error| ConfigError::Value { prefix: prefix.to_uppercase(), error })
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret, SecretString};
    use serde::Deserialize;

    use super::read;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Demo {
        window_min: u32,
        pepper: SecretString,
        note: Option<String>,
    }

    fn vars(pairs: &[(&str, &str)]) -> std::vec::IntoIter<(String, String)> {
        let vars: Vec<_> = pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        vars.into_iter()
    }

    #[test]
    fn numbers_are_numbers_and_digits_in_secrets_stay_text() {
        let demo: Demo = read(
            "demo",
            vars(&[("DEMO__WINDOW_MIN", "15"), ("DEMO__PEPPER", "007"), ("OTHER", "x")]),
        )
        .unwrap();
        assert_eq!((demo.window_min, demo.pepper.expose_secret()), (15, "007"));
        assert_eq!(demo.note, None);
    }

    #[test]
    fn an_unknown_key_a_missing_key_and_a_wrong_value_are_errors_that_name_it() {
        let wrong =
            |pairs: &[(&str, &str)]| read::<Demo>("demo", vars(pairs)).unwrap_err().to_string();
        assert!(
            wrong(&[("DEMO__WINDOW_MIN", "15"), ("DEMO__PEPPER", "x"), ("DEMO__PEPER", "y")])
                .contains("peper")
        );
        assert!(wrong(&[("DEMO__WINDOW_MIN", "15")]).contains("pepper"));
        assert!(wrong(&[("DEMO__WINDOW_MIN", "soon"), ("DEMO__PEPPER", "x")]).contains("DEMO"));
    }

    #[test]
    fn a_secret_may_come_from_a_file_and_a_missing_file_is_named() {
        let path = std::env::temp_dir().join(format!("chassis-config-{}", std::process::id()));
        std::fs::write(&path, "s3cret\n").unwrap();
        let demo: Demo = read(
            "demo",
            vars(&[("DEMO__WINDOW_MIN", "1"), ("DEMO__PEPPER_FILE", path.to_str().unwrap())]),
        )
        .unwrap();
        assert_eq!(demo.pepper.expose_secret(), "s3cret");
        let both = [("DEMO__PEPPER", "x"), ("DEMO__PEPPER_FILE", path.to_str().unwrap())];
        let error = read::<Demo>("demo", vars(&both)).unwrap_err();
        assert!(error.to_string().contains("DEMO__PEPPER_FILE"), "{error}");
        std::fs::remove_file(&path).unwrap();
        let error =
            read::<Demo>("demo", vars(&[("DEMO__PEPPER_FILE", "/nowhere/pepper")])).unwrap_err();
        assert!(error.to_string().contains("/nowhere/pepper"), "{error}");
    }
}
