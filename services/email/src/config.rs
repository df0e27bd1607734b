//! What only the email service needs to be told.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The mail server, for example `smtps://user:password@mail.example.in`; a secret, because it may hold a password.
    /// While it is away mail waits, for about a day.
    pub smtp_url: SecretString,
    /// Who mail is from, for example `Mall <no-reply@mall.example.in>`.
    pub from: String,
    /// Shared with user-service: opens the codes it sends; at least 32 characters. With another one they expire.
    pub code_seal_key: SecretString,
    /// Shared with invoice-service: opens the links it sends; at least 32 characters. With another one mail waits.
    pub link_seal_key: SecretString,
}

impl Config {
    /// Refuses keys that are too short to protect anything.
    pub fn check(&self) -> anyhow::Result<()> {
        let keys = [("CODE_SEAL_KEY", &self.code_seal_key), ("LINK_SEAL_KEY", &self.link_seal_key)];
        for (name, key) in keys {
            let long = key.expose_secret().len() >= 32;
            anyhow::ensure!(long, "EMAIL__{name} needs at least 32 characters");
        }
        Ok(())
    }
}
