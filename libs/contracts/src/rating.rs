//! What rating-service says: reviews, and the stars they add up to.

use std::fmt::{self, Display, Formatter};

use jiff::Timestamp;
use kernel::{OrderId, ProductId, ReviewId, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::events;

/// What a review is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A product.
    Product(ProductId),
    /// A seller.
    Vendor(VendorId),
}

/// The record key of everything said about it.
impl Display for Subject {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Product(id) => id.fmt(f),
            Self::Vendor(id) => id.fmt(f),
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

events! {
    ReviewSubmitted = "review.submitted.v1" on RATING_REVIEW_EVT by subject;
    ReviewPublished = "review.published.v1" on RATING_REVIEW_EVT by subject;
    ReviewRemoved = "review.removed.v1" on RATING_REVIEW_EVT by subject;
    RatingSummary = "rating.summary.v1" on RATING_SUMMARY_STATE by subject;
}
