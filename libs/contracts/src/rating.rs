//! What rating-service says: reviews, and the stars they add up to.

use jiff::Timestamp;
use kernel::{OrderId, ProductId, ReviewId, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::{Entry, entry};
use crate::{Event, Topic, topics};

/// What a review is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A product.
    Product(ProductId),
    /// A seller.
    Vendor(VendorId),
}

impl Subject {
    /// The record key of everything said about it.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Product(id) => id.to_string(),
            Self::Vendor(id) => id.to_string(),
        }
    }
}

/// A buyer wrote a review; it waits for moderation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewSubmitted {
    /// Which review.
    pub review_id: ReviewId,
    /// About what.
    pub subject: Subject,
    /// From which order.
    pub order_id: OrderId,
    /// By whom.
    pub author: UserId,
    /// One to five.
    pub stars: u8,
    /// A line.
    pub title: Option<String>,
    /// The review.
    pub text: Option<String>,
    /// When.
    pub submitted_at: Timestamp,
}

impl Event for ReviewSubmitted {
    const NAME: &'static str = "review.submitted.v1";
    const TOPIC: &'static Topic = &topics::RATING_REVIEW_EVT;

    fn key(&self) -> String {
        self.subject.key()
    }
}

/// A review is public and counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewPublished {
    /// Which review.
    pub review_id: ReviewId,
    /// About what.
    pub subject: Subject,
    /// One to five.
    pub stars: u8,
    /// When.
    pub published_at: Timestamp,
}

impl Event for ReviewPublished {
    const NAME: &'static str = "review.published.v1";
    const TOPIC: &'static Topic = &topics::RATING_REVIEW_EVT;

    fn key(&self) -> String {
        self.subject.key()
    }
}

/// A review is not public (any more) and does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewRemoved {
    /// Which review.
    pub review_id: ReviewId,
    /// About what.
    pub subject: Subject,
    /// When.
    pub removed_at: Timestamp,
}

impl Event for ReviewRemoved {
    const NAME: &'static str = "review.removed.v1";
    const TOPIC: &'static Topic = &topics::RATING_REVIEW_EVT;

    fn key(&self) -> String {
        self.subject.key()
    }
}

/// The stars of a subject, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RatingSummary {
    /// Of what.
    pub subject: Subject,
    /// All stars added up.
    pub sum: i64,
    /// How many reviews.
    pub count: i64,
    /// How many reviews of one, two, .. five stars.
    pub histogram: [i64; 5],
}

impl Event for RatingSummary {
    const NAME: &'static str = "rating.summary.v1";
    const TOPIC: &'static Topic = &topics::RATING_SUMMARY_STATE;

    fn key(&self) -> String {
        self.subject.key()
    }
}

pub(crate) fn events() -> Vec<Entry> {
    vec![
        entry::<ReviewSubmitted>(),
        entry::<ReviewPublished>(),
        entry::<ReviewRemoved>(),
        entry::<RatingSummary>(),
    ]
}
