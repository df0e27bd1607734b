//! What only the user service needs to be told.

use anyhow::Context as _;
use chassis::Sealer;
use jiff::SignedDuration;
use kernel::EmailAddress;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::domain::Pepper;

/// Read once at start; a wrong key or value, or a limit of 0, stops the service before it takes a request. Who meets a
/// limit is told 429, and when to come back.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where codes and their limits are kept. While it is away nobody signs in (503); sessions go on.
    pub redis_url: SecretString,
    /// Put before every Redis key, so that several malls can share a server; none for a server of its own.
    #[serde(default)]
    pub redis_prefix: String,
    /// Without it stored codes cannot be guessed through; at least 32 characters. Another one voids the open codes.
    pub otp_pepper: SecretString,
    /// Shared with email-service: seals codes on their way to it; at least 32 characters.
    pub code_seal_key: SecretString,
    /// Of this service alone: seals signing keys and what must be kept for a moment; at least 32 characters. If it is
    /// lost, no token can be issued until `signing_keys` is emptied.
    pub key_seal_key: SecretString,
    /// Mail addresses of staff, comma separated: who signs in with one, letter by letter, holds every permission.
    #[serde(default)]
    pub staff_emails: String,
    /// Codes for one account in 15 minutes, a third of it in half a minute, ten thirds in a day: they fill a mailbox.
    #[serde(default = "three")]
    pub codes_per_account: u32,
    /// Codes for one network in 15 minutes: a /24 or /64, which a household or an office shares.
    #[serde(default = "sixty")]
    pub codes_per_network: u32,
    /// Codes for everybody together in a minute, whichever networks they come from.
    #[serde(default = "six_hundred")]
    pub codes_per_minute: u32,
    /// Wrong codes from one network in 15 minutes; then not even a right one is looked at. One guess at each of many
    /// accounts never meets the limit of an account.
    #[serde(default = "thirty")]
    pub wrong_codes_per_network: u32,
    /// Wrong codes from everybody together in a minute: one in a million guesses is right, whoever makes them.
    #[serde(default = "hundred")]
    pub wrong_codes_per_minute: u32,
    /// Days that a key signs. Then the next one is published, and takes over minutes later.
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
    pub pepper: Pepper,
    pub mail_seal: Sealer,
    pub own_seal: Sealer,
    pub staff: Vec<EmailAddress>,
    pub key_life: SignedDuration,
}

impl Settings {
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
