//! A buyer tries again to pay the same order.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chassis::Claim;
use chassis::idempotency::Key;
use kernel::{PaymentId, UserId};
use serde::Serialize;
use tracing::info;

use super::open::Open;
use crate::App;
use crate::domain::Payment;
use crate::error::Error;
use crate::store::attempts::{self, Attempt};
use crate::store::payments;

/// Lets another way to pay be opened; the same key opens one. While one is being opened, asking again changes nothing.
pub async fn retry<T: Serialize>(
    app: &App,
    (buyer, id): (UserId, PaymentId),
    key: Option<&Key>,
    view: impl Fn(Payment, Vec<Attempt>) -> T,
) -> Result<Response, Error> {
    let scope = buyer.to_string();
    let mut tx = app.db.begin().await?;
    if let Claim::Answered(replay) = tx.claim(&scope, key).await? {
        return Ok(replay.into_response());
    }
    let now = tx.now();
    let found = payments::lock(tx.conn(), id).await?;
    let mut payment = found.filter(|payment| payment.buyer == buyer).ok_or(Error::NotFound)?;
    let tried = attempts::list(tx.conn(), id).await?;
    if payment.retry(tried.len(), now)? {
        payment.opening = true;
        payments::update(tx.conn(), &mut payment, now).await?;
        tx.schedule(&Open { payment_id: id }, now).await?;
        info!(payment.id = %id, "payment {id} is tried again");
    }
    let view = view(payment, tried);
    let answer = tx.answer(&scope, key, (StatusCode::ACCEPTED, &view)).await?;
    tx.commit().await?;

    Ok(answer)
}
