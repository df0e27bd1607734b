//! What only the invoice service needs to be told.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Of this service alone: vouches for links; at least 32 characters.
    pub link_key: SecretString,
    /// Shared with email-service: seals links on their way to it; at least 32 characters.
    pub link_seal_key: SecretString,
    /// Documents printed at once; each keeps a core busy.
    #[serde(default = "one")]
    pub renderers: usize,
    /// The file with the typeface for Chinese, Japanese and Korean, read when a document needs it.
    #[serde(default = "noto_cjk")]
    pub east_asian_font: PathBuf,
}

fn noto_cjk() -> PathBuf {
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc".into()
}

fn one() -> usize {
    1
}

impl Config {
    /// Refuses secrets that can be guessed and a press that never prints.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        for (name, secret) in [("LINK_KEY", &self.link_key), ("LINK_SEAL_KEY", &self.link_seal_key)]
        {
            let long = secret.expose_secret().len() >= 32;
            anyhow::ensure!(long, "INVOICE__{name} needs at least 32 characters");
        }
        anyhow::ensure!(self.renderers >= 1, "INVOICE__RENDERERS must be at least 1");
        Ok(())
    }
}
