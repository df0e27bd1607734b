//! Staff's view of money that goes back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Idempotent, Json, Page, Path, Problem, Query, Tx, page};
use jiff::Timestamp;
use kernel::{CreditId, Money, PaymentId, RefundId, SellerOrderId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::bank_reference::BankReference;
use crate::domain::refund::Kind;
use crate::domain::{Refund, RefundStatus};
use crate::store::refunds;
use crate::{App, usecases};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RefundsQuery {
    /// Only refunds of this status.
    status: Option<RefundStatus>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: i64,
    /// The `next` of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$")]
    after: Option<String>,
}

fn twenty() -> i64 {
    20
}

/// Money on its way back to a buyer.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundView {
    refund_id: RefundId,
    payment_id: PaymentId,
    order_number: String,
    kind: Kind,
    /// The credit that it pays out; `null` for money that belongs to no order.
    #[schema(required)]
    credit_id: Option<CreditId>,
    #[schema(required)]
    seller_order_id: Option<SellerOrderId>,
    amount: Money,
    /// `stuck` and `by_hand` need a person.
    status: RefundStatus,
    /// Which attempt at the provider is the present one.
    attempt: i32,
    /// The capture that it pays back; `null` for cash.
    #[schema(required)]
    provider_payment_id: Option<String>,
    /// `null` until the provider has accepted it, and for money that was given back by hand.
    #[schema(required)]
    provider_refund_id: Option<String>,
    /// The bank's number for the transfer (RRN, ARN or UTR).
    #[schema(required)]
    bank_reference: Option<String>,
    /// Why it did not succeed so far.
    #[schema(required)]
    reason: Option<String>,
    requested_at: Timestamp,
    #[schema(required)]
    accepted_at: Option<Timestamp>,
    #[schema(required)]
    done_at: Option<Timestamp>,
    /// When the provider is asked next what became of it.
    #[schema(required)]
    next_look_at: Option<Timestamp>,
}

fn view(order_number: String, refund: Refund) -> RefundView {
    RefundView {
        refund_id: refund.id,
        payment_id: refund.payment_id,
        order_number,
        kind: refund.kind,
        credit_id: refund.credit_id,
        seller_order_id: refund.seller_order_id,
        amount: refund.amount,
        status: refund.status,
        attempt: refund.attempt,
        provider_payment_id: refund.provider_payment_id,
        provider_refund_id: refund.provider_refund_id,
        bank_reference: refund.bank_reference,
        reason: refund.reason,
        requested_at: refund.requested_at,
        accepted_at: refund.accepted_at,
        done_at: refund.done_at,
        next_look_at: refund.next_look_at,
    }
}

/// Lists refunds, newest first.
#[utoipa::path(
    get, path = "/v1/admin/refunds", operation_id = "listRefunds", tag = "payment",
    params(RefundsQuery),
    responses((status = 200, description = "A page of refunds", body = Page<RefundView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Query(query): Query<RefundsQuery>,
) -> Result<Json<Page<RefundView>>, Problem> {
    let rows = page::rows(query.limit)?;
    let before = page::cursor::<i64>(query.after.as_deref())?;
    let mut conn = app.db.read().await?;
    let listed = refunds::list(&mut conn, query.status, before, rows).await?;
    let page = Page::of(listed, query.limit, |listed| listed.seq);
    Ok(Json(page.map(|listed| view(listed.order_number, listed.refund))))
}

/// How a person gave the money back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleRequest {
    /// The bank's number for the transfer (RRN, ARN or UTR), 6 to 40 letters and digits.
    bank_reference: BankReference,
}

/// Reports that a refund was paid out by hand.
///
/// It has to be `by_hand` or `stuck`. Reported again with the same number, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/refunds/{id}/settled", operation_id = "settleRefund", tag = "payment",
    request_body = SettleRequest,
    params(
        ("id" = RefundId, Path, description = "The refund"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is done, now or before", body = RefundView),
        (status = 409, description = "`payment/not-by-hand`: the provider is at it, or it is done", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn settle(
    State(app): State<App>,
    staff: Staff<may::ManagePayments>,
    Path(id): Path<RefundId>,
    once: Idempotent<SettleRequest>,
) -> Result<Response, Problem> {
    let settle = async |tx: &mut Tx, body: SettleRequest| {
        let (payment, refund) = usecases::settle_refund(tx, id, &body.bank_reference).await?;
        Ok((StatusCode::OK, view(payment.order_number, refund)))
    };
    once.answer(&app.db, &staff.caller.user_id.to_string(), settle).await
}
