//! What the provider tells by itself: whether it did, and what it says.

use std::fmt::Debug;

use jiff::Timestamp;
use reqwest::header::HeaderMap;

use super::ProviderError;
use crate::domain::dispute::DisputeSighting;
use crate::domain::payout::PayoutSighting;
use crate::domain::progress::Sighting;
use crate::domain::refund::RefundSighting;

/// A webhook that the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The provider's id of the event. It need not be signed; without it an event is known by its bytes.
    pub event_id: Option<String>,
    /// When the provider says it happened, or was sent.
    pub said_at: Option<Timestamp>,
}

/// Tells the provider's webhooks from anybody else's, and reads them.
pub trait Webhooks: Debug + Send + Sync {
    /// Whether the provider signed exactly these bytes.
    fn vouch(&self, headers: &HeaderMap, body: &[u8]) -> Option<Vouched>;

    /// Reads one that was vouched for. It is kept and may be read again, without its headers.
    fn read(&self, body: &[u8]) -> Result<Told, ProviderError>;
}

/// What a webhook tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Something about an attempt to pay.
    Attempt {
        /// The kind of event.
        event: String,
        /// The provider's name for what is paid.
        order_id: String,
        sighting: Sighting,
    },
    /// Something about money that went back.
    Refund {
        /// The kind of event.
        event: String,
        sighting: RefundSighting,
        /// Whether the money ever came here. It did not where the provider gave it back by itself.
        captured: bool,
    },
    /// Something about money that a buyer's bank asks back.
    Dispute {
        /// The kind of event.
        event: String,
        /// The provider's name for what was paid.
        order_id: Option<String>,
        sighting: DisputeSighting,
    },
    /// Something about money that goes to a seller.
    Payout {
        /// The kind of event.
        event: String,
        sighting: PayoutSighting,
    },
    /// Something that we do not act upon.
    Note(String),
}

/// Where a provider brings its webhooks, as the document of the API says it.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    pub path: &'static str,
    pub operation_id: &'static str,
    pub headers: &'static [Header],
}

/// A header that a webhook comes with.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    pub name: &'static str,
    pub required: bool,
    pub pattern: &'static str,
    /// How many characters it has, from and to, where its pattern does not say it.
    pub lengths: Option<(usize, usize)>,
    pub meaning: &'static str,
}
