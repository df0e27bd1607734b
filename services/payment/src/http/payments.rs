//! A buyer's own payment.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Buyer;
use chassis::etag::Hashed;
use chassis::{Idempotent, NoBody, Path, Problem, Tx};
use jiff::Timestamp;
use kernel::{Money, OrderId, PaymentId};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{AttemptStatus, Method, Payment, PaymentProgress};
use crate::error::Error;
use crate::store::attempts::{self, Attempt};
use crate::store::payments;
use crate::{App, usecases};

#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentView {
    payment_id: PaymentId,
    order_id: OrderId,
    /// `created`: the link is being made. `pending`: it can be paid. `failed`: the last attempt failed, try again.
    /// `closing`: it shall end, and the provider is asked for the last time.
    /// `payment_review`: another amount came, staff look at it. `captured_late`: money came after the end.
    status: PaymentProgress,
    method: Method,
    amount: Money,
    /// `null` until the provider knows the payment, and for cash.
    #[schema(required)]
    provider_order_id: Option<String>,
    /// The link that opens the buyer's UPI app. `null` before there is one, and once nothing is to be paid any more.
    #[schema(required, example = "upi://pay?pa=mall@upi&pn=Mall&tr=1&am=1499.00&cu=INR")]
    upi_intent: Option<String>,
    /// The same link as a picture (SVG), for another device. `null` without a link, or if it is too long for one.
    #[schema(required)]
    qr: Option<String>,
    /// The end of the payment window: then the order is cancelled, unless money came.
    expires_at: Timestamp,
    /// What was tried at the provider, oldest first.
    attempts: Vec<AttemptView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    provider_payment_id: String,
    /// `failed` is not final: the bank may still say yes.
    status: AttemptStatus,
    amount: Money,
    /// Why it failed, in the provider's word; else `null`.
    #[schema(required)]
    reason: Option<String>,
    created_at: Timestamp,
}

fn view(payment: Payment, attempts: Vec<Attempt>) -> PaymentView {
    let upi_intent = payment.upi_intent.filter(|_| payment.status.is_open());
    PaymentView {
        payment_id: payment.id,
        order_id: payment.order_id,
        status: payment.status,
        method: payment.method,
        amount: payment.amount,
        provider_order_id: payment.provider_order_id,
        qr: upi_intent.as_deref().and_then(qr),
        upi_intent,
        expires_at: payment.expires_at,
        attempts: attempts.into_iter().map(attempt).collect(),
    }
}

fn attempt(attempt: Attempt) -> AttemptView {
    AttemptView {
        provider_payment_id: attempt.provider_payment_id,
        status: attempt.status,
        amount: attempt.amount,
        reason: attempt.reason,
        created_at: attempt.created_at,
    }
}

/// The link as a bare picture; a link that is too long for one is shown without.
fn qr(link: &str) -> Option<String> {
    let code = QrCode::new(link).ok()?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    picture.find("<svg").map(|start| picture[start..].to_owned())
}

/// Shows one of the caller's payments.
///
/// It can be paid from `pending` on, which follows when its checkout is `awaiting_payment`.
#[utoipa::path(
    get, path = "/v1/payments/{id}", operation_id = "getPayment", tag = "payment",
    params(("id" = PaymentId, Path, description = "The payment")),
    responses((status = 200, description = "The payment, with an ETag", body = PaymentView)),
    security(("bearer" = [])),
)]
pub async fn show(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<PaymentId>,
) -> Result<Hashed<PaymentView>, Problem> {
    let mut conn = app.db.read().await?;
    let found = payments::find(&mut conn, id).await?;
    let payment = found.filter(|payment| payment.buyer == caller.user_id).ok_or(Error::NotFound)?;
    let attempts = attempts::list(&mut conn, id).await?;
    Ok(Hashed(view(payment, attempts)))
}

/// Opens another way to pay the same order.
///
/// Ten attempts at most, and only until `expires_at`. Look at the payment until its link has changed.
#[utoipa::path(
    post, path = "/v1/payments/{id}/retry", operation_id = "retryPayment", tag = "payment",
    params(
        ("id" = PaymentId, Path, description = "The payment"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 202, description = "Another way to pay is being opened", body = PaymentView),
        (status = 409, description = "`payment/not-retryable`: neither pending nor failed, too late, or tried too often", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn retry(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<PaymentId>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let retry = async |tx: &mut Tx, _| {
        let (payment, attempts) = usecases::retry(tx, caller.user_id, id).await?;
        Ok((StatusCode::ACCEPTED, view(payment, attempts)))
    };
    once.answer(&app.db, &caller.user_id.to_string(), retry).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_bare_picture() {
        let picture = qr("upi://pay?pa=mall@upi&pn=Mall&tr=1&am=1499.00&cu=INR").unwrap();
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"));
    }

    #[test]
    fn a_link_that_no_picture_holds_is_shown_without() {
        assert_eq!(qr(&"x".repeat(5_000)), None);
    }
}
