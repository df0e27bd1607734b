//! What only the payment service needs to be told.

use std::path::PathBuf;

use anyhow::Context as _;
use chassis::Sealer;
use jiff::civil::Weekday;
use kernel::Money;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::domain::payout::Terms;
use crate::provider::settings::Settings as ProviderSettings;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The provider, and what it needs to be told.
    #[serde(flatten)]
    pub provider: ProviderSettings,
    /// Seals the accounts of buyers who paid in cash; at least 32 characters. What was sealed opens with no other.
    pub pii_seal_key: SecretString,
    /// The most that may be paid at the door, in paise. An order above it is refused cash, and so cancelled.
    #[serde(default = "fifty_thousand_rupees")]
    pub cod_max_paise: i64,
    /// What the platform bears of a dispute, or cash that arrived too much, above this, in paise, needs two members of staff.
    #[serde(default = "ten_thousand_rupees")]
    pub second_person_over_paise: i64,
    /// On which day of the week sellers are paid, at 10:00 in India, in lower case.
    #[serde(default = "monday")]
    pub payout_weekday: String,
    /// Less than this is not paid out, in paise: it waits for more.
    #[serde(default = "hundred_rupees")]
    pub payout_min_paise: i64,
    /// How much of what came free in the seven days before stays here for one more run, in basis points, 10000 at most.
    #[serde(default)]
    pub payout_reserve_bp: u32,
    /// A payout of more than this, in paise, waits until a second member of staff lets it go.
    #[serde(default = "ten_lakh_rupees")]
    pub payout_four_eyes_paise: i64,
    /// The typeface for Chinese, Japanese and Korean in statements, read when one needs it. Without the file they are boxes.
    #[serde(default = "noto_cjk")]
    pub east_asian_font: PathBuf,
    /// From which hour on, by India's clock, the day before is gone through with the provider: by then it has settled it.
    #[serde(default = "six")]
    pub reconcile_hour: u8,
}

fn fifty_thousand_rupees() -> i64 {
    5_000_000
}
fn ten_thousand_rupees() -> i64 {
    1_000_000
}
fn monday() -> String {
    "monday".to_owned()
}
fn six() -> u8 {
    6
}
fn hundred_rupees() -> i64 {
    10_000
}
fn noto_cjk() -> PathBuf {
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc".into()
}
fn ten_lakh_rupees() -> i64 {
    100_000_000
}

/// The configuration, checked and ready to use.
#[derive(Debug)]
pub struct Settings {
    /// For the accounts of buyers who paid in cash.
    pub sealer: Sealer,
    pub cod_max: Money,
    /// The platform's name, as buyers and sellers see it.
    pub platform: String,
    /// How much one member of staff may say is lost, or arrived too much.
    pub alone_up_to: Money,
    pub payday: Weekday,
    pub payout_terms: Terms,
    /// When the day before is gone through.
    pub reconcile_hour: u8,
}

impl Settings {
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        anyhow::ensure!(config.cod_max_paise >= 0, "PAYMENT__COD_MAX_PAISE is negative");
        anyhow::ensure!(
            config.second_person_over_paise >= 0,
            "PAYMENT__SECOND_PERSON_OVER_PAISE is negative"
        );
        let long = config.pii_seal_key.expose_secret().len() >= 32;
        anyhow::ensure!(long, "PAYMENT__PII_SEAL_KEY needs at least 32 characters");
        let sealer = Sealer::new(&config.pii_seal_key)?;
        anyhow::ensure!(config.payout_min_paise >= 0, "PAYMENT__PAYOUT_MIN_PAISE is negative");
        let reserve_bp = config.payout_reserve_bp;
        anyhow::ensure!(reserve_bp <= 10_000, "PAYMENT__PAYOUT_RESERVE_BP is over 10000");
        anyhow::ensure!(
            config.payout_four_eyes_paise >= 0,
            "PAYMENT__PAYOUT_FOUR_EYES_PAISE is negative"
        );
        let payday =
            weekday(&config.payout_weekday).context("PAYMENT__PAYOUT_WEEKDAY is no day")?;
        let payout_terms = Terms {
            least: Money::inr(config.payout_min_paise),
            reserve_bp,
            alone_up_to: Money::inr(config.payout_four_eyes_paise),
        };
        let cod_max = Money::inr(config.cod_max_paise);
        let alone_up_to = Money::inr(config.second_person_over_paise);
        let platform = config.provider.upi_payee_name.clone();
        let reconcile_hour = config.reconcile_hour;
        anyhow::ensure!(reconcile_hour < 24, "PAYMENT__RECONCILE_HOUR is no hour");
        Ok(Self { sealer, cod_max, platform, alone_up_to, payday, payout_terms, reconcile_hour })
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    Weekday::Monday.cycle_forward().zip(names).find(|(_, known)| *known == name).map(|(day, _)| day)
}

#[cfg(test)]
mod tests;
