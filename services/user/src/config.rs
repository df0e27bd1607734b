//! What only the user service needs to be told.

use anyhow::Context as _;
use chassis::Sealer;
use jiff::SignedDuration;
use kernel::EmailAddress;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::domain::Pepper;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where codes and their limits are kept.
    pub redis_url: SecretString,
    /// Put before every Redis key, so that several malls can share a server.
    #[serde(default)]
    pub redis_prefix: String,
    /// Mixed into the stored form of every code; at least 32 characters.
    pub otp_pepper: SecretString,
    /// Shared with email-service: seals codes on their way to it; at least 32 characters.
    pub code_seal_key: SecretString,
    /// Of this service alone: seals signing keys and what must be kept for a moment; at least 32 characters.
    pub key_seal_key: SecretString,
    /// Mail addresses of staff, comma separated: they hold every permission.
    #[serde(default)]
    pub staff_emails: String,
    /// Codes asked for by one account in 15 minutes at most; a third of it in half a minute, ten thirds in a day.
    #[serde(default = "three")]
    pub codes_per_account: u32,
    /// Codes asked for from one network in 15 minutes at most.
    #[serde(default = "sixty")]
    pub codes_per_network: u32,
    /// Codes asked for by everybody together in a minute at most.
    #[serde(default = "six_hundred")]
    pub codes_per_minute: u32,
    /// Wrong codes from one network in 15 minutes at most.
    #[serde(default = "thirty")]
    pub wrong_codes_per_network: u32,
    /// Wrong codes from everybody together in a minute at most: one in a million guesses is right, whoever makes them.
    #[serde(default = "hundred")]
    pub wrong_codes_per_minute: u32,
    /// After so many days the next signing key takes over.
    #[serde(default = "thirty")]
    pub key_rotation_days: u32,
}

fn three() -> u32 {
    3
}
fn sixty() -> u32 {
    60
}
fn six_hundred() -> u32 {
    600
}
fn thirty() -> u32 {
    30
}
fn hundred() -> u32 {
    100
}

/// The configuration, checked and ready to use.
#[derive(Debug)]
pub struct Settings {
    /// Makes codes and addresses unrecognisable.
    pub pepper: Pepper,
    /// Seals for email-service.
    pub mail_seal: Sealer,
    /// Seals for this service alone.
    pub own_seal: Sealer,
    /// Who is staff.
    pub staff: Vec<EmailAddress>,
    /// How long a signing key is used.
    pub key_life: SignedDuration,
}

impl Settings {
    /// Checks a configuration.
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        let secrets = [
            ("OTP_PEPPER", &config.otp_pepper),
            ("CODE_SEAL_KEY", &config.code_seal_key),
            ("KEY_SEAL_KEY", &config.key_seal_key),
        ];
        for (name, secret) in secrets {
            let long = secret.expose_secret().len() >= 32;
            anyhow::ensure!(long, "USER__{name} needs at least 32 characters");
        }
        let limits = [
            ("CODES_PER_ACCOUNT", config.codes_per_account),
            ("CODES_PER_NETWORK", config.codes_per_network),
            ("CODES_PER_MINUTE", config.codes_per_minute),
            ("WRONG_CODES_PER_NETWORK", config.wrong_codes_per_network),
            ("WRONG_CODES_PER_MINUTE", config.wrong_codes_per_minute),
            ("KEY_ROTATION_DAYS", config.key_rotation_days),
        ];
        for (name, limit) in limits {
            anyhow::ensure!(limit >= 1, "USER__{name} must be at least 1");
        }
        Ok(Self {
            pepper: Pepper::new(config.otp_pepper.clone()),
            mail_seal: Sealer::new(&config.code_seal_key)?,
            own_seal: Sealer::new(&config.key_seal_key)?,
            staff: staff(&config.staff_emails)?,
            key_life: SignedDuration::from_hours(24 * i64::from(config.key_rotation_days)),
        })
    }
}

fn staff(addresses: &str) -> anyhow::Result<Vec<EmailAddress>> {
    let named = addresses.split(',').map(str::trim).filter(|address| !address.is_empty());
    named
        .map(|address| EmailAddress::parse(address).context("USER__STAFF_EMAILS names no address"))
        .collect()
}
