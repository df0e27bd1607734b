//! The verbs of the rating service.

use chassis::Tx;
use chassis::auth::Caller;
use contracts::admin::{Decision, ReviewModerated};
use contracts::order::SellerOrderDelivered;
use contracts::rating::{RatingSummary, ReviewPublished, ReviewRemoved, ReviewSubmitted, Subject};
use jiff::Timestamp;
use kernel::{OrderId, ReviewId, Stars};

use crate::App;
use crate::domain::review::{ReviewStatus, ReviewStep};
use crate::error::Error;
use crate::store::reviews::Locked;
use crate::store::{purchases, reviews, summaries};

/// What was delivered may be rated: each product, and its seller.
pub async fn remember_delivery(tx: &mut Tx, event: &SellerOrderDelivered) -> Result<(), Error> {
    let of = &event.seller_order;
    let products = event.lines.iter().map(|line| Subject::Product(line.product_id));
    for target in products.chain([Subject::Vendor(of.vendor_id)]) {
        purchases::insert(tx.conn(), of.buyer, of.order_id, of.vendor_id, target, of.at).await?;
    }
    Ok(())
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    pub subject: Subject,
    pub order_id: OrderId,
    pub stars: Stars,
    pub title: Option<String>,
    pub text: Option<String>,
}

/// Takes a review in; it waits for moderation.
pub async fn submit(tx: &mut Tx, caller: &Caller, opinion: Opinion) -> Result<ReviewId, Error> {
    let Opinion { subject, order_id, stars, title, text } = opinion;
    check(tx, caller, order_id, subject).await?;
    let review_id = ReviewId::new();
    let review = ReviewSubmitted {
        review_id,
        subject,
        order_id,
        author: caller.user_id,
        stars: stars.into(),
        title,
        text,
        submitted_at: tx.now(),
    };
    // The constraint decides: two requests at once would both find no review.
    reviews::insert(tx.conn(), &review).await.map_err(already_reviewed)?;
    tx.emit(&review);
    Ok(review_id)
}

/// Who bought it may rate it, unless it is their own shop.
async fn check(tx: &mut Tx, caller: &Caller, id: OrderId, of: Subject) -> Result<(), Error> {
    let vendor = purchases::find_vendor(tx.conn(), caller.user_id, id, of).await?;
    let vendor = vendor.ok_or(Error::NotEligible)?;
    if caller.vendors.contains(&vendor) { Err(Error::OwnShop) } else { Ok(()) }
}

fn already_reviewed(error: sqlx::Error) -> Error {
    match chassis::violated(&error) {
        Some("reviews_once_key") => Error::AlreadyReviewed,
        _ => error.into(),
    }
}

pub async fn moderate(tx: &mut Tx, event: &ReviewModerated) -> Result<(), Error> {
    // Locked, so that decisions and the author take turns, and a review is counted once.
    let Some(review) = reviews::lock(tx.conn(), event.review_id).await? else {
        tracing::error!(review.id = %event.review_id, "staff decided about a review nobody wrote");
        return Ok(());
    };
    let step = match event.decision {
        Decision::Approve => review.status.approve(),
        Decision::Reject => review.status.reject(),
        Decision::Suspend => review.status.remove(),
        Decision::Unknown => ReviewStep::Same,
    };
    carry_out(tx, event.review_id, &review, step).await
}

pub async fn take_back(app: &App, caller: &Caller, id: ReviewId) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let review = reviews::lock(tx.conn(), id).await?;
    let review = review.filter(|r| r.author == caller.user_id).ok_or(Error::NotFound)?;
    let step = review.status.remove();
    carry_out(&mut tx, id, &review, step).await?;
    tx.commit().await?;
    Ok(())
}

// The row of the review is locked before that of its summary, always: no two wait for each other.
async fn carry_out(
    tx: &mut Tx,
    id: ReviewId,
    review: &Locked,
    step: ReviewStep,
) -> Result<(), Error> {
    let at = tx.now();
    let (subject, stars) = (review.subject, review.stars);
    match step {
        ReviewStep::Publish => {
            reviews::set_status(tx.conn(), id, ReviewStatus::Published, at).await?;
            tx.emit(&ReviewPublished { review_id: id, subject, stars, published_at: at });
            recount(tx, subject, stars, 1).await
        }
        ReviewStep::Withdraw => {
            reviews::set_status(tx.conn(), id, ReviewStatus::Removed, at).await?;
            tx.emit(&ReviewRemoved { review_id: id, subject, removed_at: at });
            recount(tx, subject, stars, -1).await
        }
        ReviewStep::TurnDown(status) => turn_down(tx, id, subject, status, at).await,
        ReviewStep::Same => Ok(()),
    }
}

async fn turn_down(
    tx: &mut Tx,
    id: ReviewId,
    subject: Subject,
    status: ReviewStatus,
    at: Timestamp,
) -> Result<(), Error> {
    reviews::set_status(tx.conn(), id, status, at).await?;
    tx.emit(&ReviewRemoved { review_id: id, subject, removed_at: at });
    Ok(())
}

async fn recount(tx: &mut Tx, subject: Subject, stars: u8, by: i64) -> Result<(), Error> {
    let summary = summaries::add(tx.conn(), subject, stars, by).await?;
    tx.emit(&RatingSummary {
        subject,
        sum: summary.sum(),
        count: summary.count(),
        histogram: summary.histogram,
    });
    Ok(())
}
