//! Where this installation is: environment variables that the native stack sets.

use std::path::PathBuf;

use anyhow::Context as _;
use secrecy::SecretString;

/// The addresses the operator's command works with.
#[derive(Debug, Clone)]
pub struct Settings {
    pub gateway: String,
    /// The payment provider of development.
    pub sandbox: String,
    /// The reading side of the mail sink.
    pub mail: String,
    /// Where traces can be asked for; empty while traces are off.
    pub traces: String,
    /// Where numbers can be asked for.
    pub prometheus: String,
    /// The settings files of the twelve services.
    pub env_dir: PathBuf,
}

impl Settings {
    /// Reads the variables.
    pub fn from_env() -> anyhow::Result<Self> {
        let var = |name: &str| {
            std::env::var(name).with_context(|| {
                format!("{name} is not set: use `deploy/native/stack mall ..`, which knows this installation")
            })
        };
        Ok(Self {
            gateway: var("MALL_GATEWAY_URL")?,
            sandbox: var("MALL_SANDBOX_URL")?,
            mail: var("MALL_MAIL_API")?,
            traces: std::env::var("MALL_TRACES_URL").unwrap_or_default(),
            prometheus: std::env::var("MALL_PROMETHEUS_URL").unwrap_or_default(),
            env_dir: var("MALL_ENV_DIR")?.into(),
        })
    }

    /// An account that may create databases, if the operator has one here: `MALL_ADMIN_DATABASE_URL`, or the secret that
    /// the native stack keeps.
    pub fn admin_database_url(&self) -> Option<SecretString> {
        let kept = || std::fs::read_to_string(self.home().join("secrets/database_url"));
        let url = std::env::var("MALL_ADMIN_DATABASE_URL").or_else(|_| kept()).ok()?;
        Some(url.trim().to_owned().into())
    }

    /// The folder of the installation.
    pub fn home(&self) -> PathBuf {
        self.env_dir.parent().map_or_else(|| self.env_dir.clone(), PathBuf::from)
    }
}
