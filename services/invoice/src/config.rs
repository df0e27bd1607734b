//! What only the invoice service needs to be told.

use std::path::PathBuf;

use anyhow::Context as _;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::domain::platform::Platform;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Of this service alone: vouches for links; at least 32 characters. With another one, former links open nothing.
    pub link_key: SecretString,
    /// Shared with email-service: seals links on their way to it. At least 32 characters.
    pub link_seal_key: SecretString,
    /// Documents printed at once, the others wait. Each keeps a core busy, hence one.
    #[serde(default = "one")]
    pub renderers: usize,
    /// The typeface for Chinese, Japanese and Korean, read when a document needs it. Without the file they are boxes.
    #[serde(default = "noto_cjk")]
    pub east_asian_font: PathBuf,
    /// The first four characters of the numbers of the platform's own documents, those over commission.
    pub platform_prefix: String,
    /// The platform's name, as it is registered.
    pub platform_name: String,
    /// The platform's registration. Its state decides which taxes are on the commission.
    pub platform_gstin: String,
    /// Where the platform does business: house and street.
    pub platform_line1: String,
    /// What else there is of the address.
    #[serde(default)]
    pub platform_line2: Option<String>,
    /// The city; the state is that of the registration.
    pub platform_city: String,
    /// The PIN code.
    pub platform_pincode: String,
}

fn noto_cjk() -> PathBuf {
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc".into()
}

fn one() -> usize {
    1
}

impl Config {
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        for (name, secret) in [("LINK_KEY", &self.link_key), ("LINK_SEAL_KEY", &self.link_seal_key)]
        {
            let long = secret.expose_secret().len() >= 32;
            anyhow::ensure!(long, "INVOICE__{name} needs at least 32 characters");
        }
        anyhow::ensure!(self.renderers >= 1, "INVOICE__RENDERERS must be at least 1");
        Ok(())
    }

    /// Who charges commission.
    pub(crate) fn platform(&self) -> anyhow::Result<Platform> {
        let lines = [Some(&self.platform_line1), self.platform_line2.as_ref()];
        let lines = lines.into_iter().flatten().filter(|line| !line.is_empty()).cloned().collect();
        Platform::new(
            &self.platform_prefix,
            &self.platform_name,
            &self.platform_gstin,
            lines,
            &self.platform_city,
            &self.platform_pincode,
        )
        .context("INVOICE__PLATFORM_*")
    }
}
