//! The port to whoever moves the money: everything that a provider does for us. What it answers is not trusted: it is
//! read as what it must be, or not at all. A further provider is a module, a [`Which`], its [`Door`] and an arm in
//! [`open`].

#[cfg(test)]
mod contract;
pub mod payouts;
mod razorpay;
pub mod settings;
pub mod settlements;
mod signature;
pub mod webhooks;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::Money;

use crate::domain::progress::Sighting;
use crate::domain::refund::RefundSighting;
use payouts::Payouts;
use razorpay::Razorpay;
use settings::{Settings, Which};
use settlements::Settlements;
use webhooks::{Door, Webhooks};

const LONGEST_ID: usize = 64;

/// Where each of them brings its webhooks. What comes in at the door of one that was not chosen is forged.
pub const DOORS: [Door; 1] = [razorpay::DOOR];

/// The provider that the settings name. Nothing is asked yet.
pub fn open(settings: &Settings, public_url: &str) -> anyhow::Result<Arc<dyn Provider>> {
    match settings.provider {
        Which::Razorpay => Ok(Arc::new(Razorpay::try_new(settings, public_url)?)),
    }
}

/// Everything that a provider does for us.
pub trait Provider: Payments + Payouts + Settlements + Webhooks {}

impl<P: Payments + Payouts + Settlements + Webhooks> Provider for P {}

/// What the provider is to collect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Our unique name for it: asking twice is asking once.
    pub receipt: String,
    pub amount: Money,
    /// Its number for people.
    pub order_number: String,
}

/// What the provider calls what it is to collect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderOrder {
    pub id: String,
    /// Whether all of it was paid already.
    pub paid: bool,
}

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The provider's name for the attempt.
    pub provider_payment_id: String,
    /// The link that opens the buyer's app, to be passed on as it is.
    pub link: String,
}

/// What the provider is to give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveBack {
    /// The capture that it is taken from.
    pub provider_payment_id: String,
    pub amount: Money,
    /// Our unique name for it: asking twice is asking once.
    pub key: String,
}

/// Collects money by UPI and gives it back. What a bank has granted is captured without being asked for: a provider that
/// wants to be asked is asked by its adapter.
#[async_trait]
pub trait Payments: Debug + Send + Sync {
    /// Announces what is to be collected, or finds what was announced before.
    async fn open_order(&self, ask: &Ask) -> Result<ProviderOrder, ProviderError>;

    /// Opens a way to pay it. Twice opens two.
    async fn begin_upi(&self, order_id: &str, ask: &Ask) -> Result<Begun, ProviderError>;

    /// Every attempt to pay it.
    async fn attempts(&self, order_id: &str) -> Result<Vec<Sighting>, ProviderError>;

    /// Gives money back, or finds what was given back under the same name before.
    async fn refund(&self, back: &GiveBack) -> Result<RefundSighting, ProviderError>;

    /// Everything that was given back of a capture.
    async fn refunds(
        &self,
        provider_payment_id: &str,
    ) -> Result<Vec<RefundSighting>, ProviderError>;
}

/// Why the provider could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It did not answer in time, or not at all.
    #[error("it did not answer")]
    Away(#[source] reqwest::Error),
    /// It is in trouble, or does not let us in.
    #[error("it answered {0}")]
    Status(u16),
    /// It answered something else than it must.
    #[error("its answer makes no sense: {0}")]
    Unreadable(&'static str),
    /// It has too little of our money to give back what is asked for. It gets more with every sale.
    #[error("our balance there is too low")]
    NoBalance,
    /// It will not do it, however often it is asked.
    #[error("it refused with {status} {code}")]
    Refused {
        status: u16,
        /// Its own word for the reason.
        code: String,
    },
}

/// An id is kept, logged and put into URLs.
fn id(id: String) -> Result<String, ProviderError> {
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    if plain && (1..=LONGEST_ID).contains(&id.len()) {
        Ok(id)
    } else {
        Err(ProviderError::Unreadable("an id has characters that no id has"))
    }
}
