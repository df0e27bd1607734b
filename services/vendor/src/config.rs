//! What only the vendor service needs to be told.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Seals permanent account and bank account numbers; at least 32 characters. What was sealed opens with no other.
    pub pii_seal_key: SecretString,
    /// What a seller who applies from now on pays, in basis points, before tax, 5000 at most: more would leave
    /// a seller too little for the taxes that are withheld. The others keep theirs.
    #[serde(default = "ten_per_cent")]
    pub commission_bp: u32,
    /// Where the API of the provider is that pays sellers, without `/v1`. It is told their bank accounts.
    pub razorpay_url: String,
    /// The API key's id: one of its own, that registers accounts and pays nobody.
    pub razorpay_key_id: String,
    /// The API key's secret.
    pub razorpay_key_secret: SecretString,
}

fn ten_per_cent() -> u32 {
    1000
}

impl Config {
    /// Checks what types cannot say.
    pub fn check(&self) -> anyhow::Result<()> {
        let long = self.pii_seal_key.expose_secret().len() >= 32;
        anyhow::ensure!(long, "VENDOR__PII_SEAL_KEY needs at least 32 characters");
        let share = self.commission_bp <= 5000;
        anyhow::ensure!(share, "VENDOR__COMMISSION_BP must be at most 5000");
        Ok(())
    }
}
