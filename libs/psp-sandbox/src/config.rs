//! What the sandbox has to be told: by a test in code, or by the environment.

use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Parser;

/// Whether UPI payments wait for a buyer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Autopay {
    /// They wait.
    #[default]
    Off,
    /// Each is captured the moment it is created.
    Captured,
}

impl Autopay {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "" | "off" => Ok(Self::Off),
            "captured" => Ok(Self::Captured),
            _ => Err("must be 'captured', 'off' or empty".to_owned()),
        }
    }
}

/// Everything a sandbox needs except the address it listens on.
#[derive(Clone)]
pub struct Config {
    /// The user name of HTTP Basic.
    pub key_id: String,
    /// The password of HTTP Basic, which also signs checkouts.
    pub key_secret: String,
    /// Signs webhooks.
    pub webhook_secret: String,
    /// Where webhooks go; may be set later by `POST /sandbox/webhook-url`.
    pub webhook_url: Option<String>,
    /// The append-only file that holds everything; made when it is not there.
    pub ledger_file: PathBuf,
    /// Whether UPI payments wait for a buyer.
    pub autopay: Autopay,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("key_id", &self.key_id)
            .field("webhook_url", &self.webhook_url)
            .field("ledger_file", &self.ledger_file)
            .field("autopay", &self.autopay)
            .finish_non_exhaustive()
    }
}

/// A payment provider for development: speaks Razorpay's API and misbehaves on request.
///
/// Every option can be given by the environment variable named beside it.
#[derive(Debug, Clone, Parser)]
#[command(name = "psp-sandbox", version)]
pub struct Settings {
    /// Address to listen on
    #[arg(long, env = "SANDBOX__ADDR", default_value = "127.0.0.1:18300")]
    pub addr: SocketAddr,
    /// File that holds the API key's id
    #[arg(long, env = "SANDBOX__KEY_ID_FILE")]
    pub key_id_file: PathBuf,
    /// File that holds the API key's secret
    #[arg(long, env = "SANDBOX__KEY_SECRET_FILE")]
    pub key_secret_file: PathBuf,
    /// File that holds the secret webhooks are signed with
    #[arg(long, env = "SANDBOX__WEBHOOK_SECRET_FILE")]
    pub webhook_secret_file: PathBuf,
    /// Where webhooks go; none are sent while it is not known
    #[arg(long, env = "SANDBOX__WEBHOOK_URL")]
    pub webhook_url: Option<String>,
    /// Append-only file that holds every order, payment, refund and webhook
    #[arg(long, env = "SANDBOX__LEDGER_FILE")]
    pub ledger_file: PathBuf,
    /// File that says by how many seconds the clock is ahead
    #[arg(long, env = "SANDBOX__CLOCK_SHIFT_S_FILE")]
    pub clock_shift_s_file: Option<PathBuf>,
    /// 'captured' pays each UPI payment at once when it is created
    #[arg(long, env = "MALL_SANDBOX_AUTOPAY", default_value = "", value_parser = Autopay::parse)]
    pub autopay: Autopay,
}

impl Settings {
    /// Reads the secrets from their files.
    pub fn config(&self) -> anyhow::Result<Config> {
        Ok(Config {
            key_id: secret(&self.key_id_file)?,
            key_secret: secret(&self.key_secret_file)?,
            webhook_secret: secret(&self.webhook_secret_file)?,
            webhook_url: self.webhook_url.clone().filter(|url| !url.is_empty()),
            ledger_file: self.ledger_file.clone(),
            autopay: self.autopay,
        })
    }
}

impl Settings {
    /// By how many seconds the clock is ahead.
    pub fn clock_shift_s(&self) -> anyhow::Result<i64> {
        let Some(path) = &self.clock_shift_s_file else { return Ok(0) };
        let text =
            fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        text.trim().parse().with_context(|| format!("{} is no number", path.display()))
    }
}

/// Takes an `http` or `https` URL.
pub fn check_url(url: &str) -> anyhow::Result<()> {
    let parsed = reqwest::Url::parse(url).context("the webhook URL is not a URL")?;
    if !matches!(parsed.scheme(), "http" | "https") {
        bail!("the webhook URL is neither http nor https");
    }
    Ok(())
}

fn secret(path: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let secret = text.trim();
    if secret.is_empty() {
        bail!("{} is empty", path.display());
    }
    Ok(secret.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn autopay_is_off_unless_it_says_captured() {
        assert_eq!(Autopay::parse(""), Ok(Autopay::Off));
        assert_eq!(Autopay::parse("captured"), Ok(Autopay::Captured));
        assert!(Autopay::parse("Captured").is_err());
    }

    #[test]
    fn only_web_addresses_receive_webhooks() {
        assert!(check_url("http://127.0.0.1:8080/v1/webhooks/razorpay").is_ok());
        assert!(check_url("file:///etc/hosts").is_err());
        assert!(check_url("not a url").is_err());
    }
}
