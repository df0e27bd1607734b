//! Which provider a mall has, and what it needs to be told.

use kernel::Vpa;
use secrecy::SecretString;
use serde::Deserialize;

/// The providers, as `PAYMENT__PROVIDER` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Razorpay, or a sandbox that speaks it.
    #[default]
    Razorpay,
}

/// The part of the configuration that is about the provider.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// Which provider moves the money of this mall.
    #[serde(default)]
    pub provider: Which,
    /// Where the provider's API is, without `/v1`. While it is away, payments wait as `created`.
    pub razorpay_url: String,
    /// The API key's id.
    pub razorpay_key_id: String,
    /// The API key's secret.
    pub razorpay_key_secret: SecretString,
    /// Our account at the provider. When it is given, what is told of another one is kept and not acted upon.
    pub razorpay_account_id: Option<String>,
    /// Signs the provider's webhooks, and must not be empty. What bears another signature is answered 401 and not kept.
    pub webhook_secret: SecretString,
    /// Signed them before the last change; the provider's older retries still carry it. Counts for as long as it is set.
    pub webhook_secret_previous: Option<SecretString>,
    /// Whom a payment link has to pay; another link is never shown to a buyer, and asked for again.
    pub upi_payee_vpa: Vpa,
    /// The name a buyer's app shows with the order's number.
    pub upi_payee_name: String,
    /// Given to the provider where it wants a payer's mail address; never the buyer's.
    #[serde(default = "placeholder_email")]
    pub contact_email: String,
    /// Given to the provider where it wants a payer's number; never the buyer's.
    #[serde(default = "placeholder_phone")]
    pub contact_phone: String,
    /// Our account at the provider that sellers are paid from; the sandbox takes any.
    #[serde(default = "sandbox")]
    pub payout_account: String,
}

fn placeholder_email() -> String {
    "payments@mall.invalid".to_owned()
}
fn placeholder_phone() -> String {
    "+919000090000".to_owned()
}
fn sandbox() -> String {
    "sandbox".to_owned()
}
