//! What one member of staff says and another one agrees to.

use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::{Act, Caller};
use chassis::{NoBody, Problem, Tx};
use kernel::ids::RefundMark;
use kernel::line::Line;
use kernel::{Money, OrderId, PaymentId, RefundId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::refunds::{RefundView, view};
use super::wish::{Asked, Wish};
use crate::domain::bank_reference::BankReference;
use crate::usecases;

/// Money that the platform gives of its own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(try_from = "GoodwillMembers", deny_unknown_fields)]
pub struct GoodwillRequest {
    /// The payment that the buyer made. Either this or `order_id`.
    #[schema(value_type = Option<PaymentId>)]
    payment_id: Option<PaymentId>,
    /// The order that the buyer paid.
    #[schema(value_type = Option<OrderId>)]
    order_id: Option<OrderId>,
    /// How much.
    amount: Money,
    /// Why, in a few words.
    reason: Line<200>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GoodwillMembers {
    payment_id: Option<PaymentId>,
    order_id: Option<OrderId>,
    amount: Money,
    reason: Line<200>,
}

impl TryFrom<GoodwillMembers> for GoodwillRequest {
    type Error = &'static str;

    fn try_from(members: GoodwillMembers) -> Result<Self, Self::Error> {
        let GoodwillMembers { payment_id, order_id, amount, reason } = members;
        if payment_id.is_some() == order_id.is_some() {
            return Err("names either payment_id or order_id");
        }
        Ok(Self { payment_id, order_id, amount, reason })
    }
}

/// Proposes goodwill: money of the platform's own for a buyer.
///
/// Nothing is owed before a second member of staff approves it. It is never more than what was paid less what goes back of
/// it, takes nothing from the sellers, and has no credit note.
#[utoipa::path(
    post, path = "/v1/admin/refunds", operation_id = "proposeGoodwill", tag = "payment",
    request_body = GoodwillRequest,
    params(("Idempotency-Key" = String, Header)),
    responses(
        (status = 201, description = "It is `proposed`", body = RefundView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody decides about what they bought, or a seller they act for sold", body = Problem),
        (status = 422, description = "`payment/goodwill-too-much`: so much is not left, or nothing was paid; `idempotency/key-required`", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn propose(asked: Asked<GoodwillRequest>) -> Result<Response, Problem> {
    let name = asked.name()?;
    let propose = async |tx: &mut Tx, staff: &Caller, body: GoodwillRequest| {
        let paid = match (body.payment_id, body.order_id) {
            (Some(payment), _) => usecases::Paid::Payment(payment),
            (None, Some(order)) => usecases::Paid::Order(order),
            (None, None) => return Err(Problem::not_found()),
        };
        let about = match paid {
            usecases::Paid::Payment(id) => id.as_uuid(),
            usecases::Paid::Order(id) => id.as_uuid(),
        };
        usecases::refuse_own(tx, about, staff).await?;
        let words = body.reason.as_str().to_owned();
        let goodwill =
            usecases::Goodwill { who: staff.user_id, name: &name, amount: body.amount, words };
        let (payment, refund) = usecases::propose_goodwill(tx, paid, goodwill).await?;
        Ok((StatusCode::CREATED, view(payment.order_number, refund)))
    };
    asked.once(Act::new("goodwill.propose"), propose).await
}

/// Why nobody is asked any more what a refund was for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissRequest {
    /// In a few words.
    reason: Line<200>,
}

/// Proposes to dismiss what somebody gave back on the provider's own pages.
///
/// When a second member of staff approves it, it is the platform's loss, and no credit takes it over any more. Proposed
/// again, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/refunds/{id}/dismiss", operation_id = "dismissRefund", tag = "payment",
    request_body = DismissRequest,
    params(
        ("id" = RefundId, Path, description = "The refund"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It waits for approval, or is dismissed, now or before", body = RefundView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody decides about what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/not-dismissable`: it is not `foreign`, not `done`, or of money that belonged to no order", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn dismiss(wish: Wish<RefundMark, DismissRequest>) -> Result<Response, Problem> {
    let id = wish.id;
    let dismiss = async |tx: &mut Tx, staff: &Caller, body: DismissRequest| {
        let words = body.reason.as_str().to_owned();
        usecases::refuse_own(tx, id.as_uuid(), staff).await?;
        let (payment, refund) = usecases::dismiss(tx, id, staff.user_id, words).await?;
        Ok((StatusCode::OK, view(payment.order_number, refund)))
    };
    wish.once("refund.dismiss", dismiss).await
}

/// What it is that is approved.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(from = "Option<ApproveMembers>", deny_unknown_fields)]
pub struct ApproveRefundRequest {
    /// Of a report: under which number it was, as `reported_reference` shows it. When it was reported otherwise since, nothing
    /// is approved.
    #[schema(value_type = Option<BankReference>)]
    bank_reference: Option<BankReference>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApproveMembers {
    bank_reference: Option<BankReference>,
}

impl From<Option<ApproveMembers>> for ApproveRefundRequest {
    fn from(members: Option<ApproveMembers>) -> Self {
        members
            .map_or_else(Self::default, |members| Self { bank_reference: members.bank_reference })
    }
}

/// Approves what another member of staff said of a refund.
///
/// That goodwill shall be given, that a refund was paid out by hand, or that a foreign one is dismissed; `approval` says what is asked. Approved again by the
/// same person, it answers as before. Where a bank gave the buyer the money after the report, the report is forgotten, and
/// the refund goes on as `requested`: the dispute pays it.
#[utoipa::path(
    post, path = "/v1/admin/refunds/{id}/approve", operation_id = "approveRefund", tag = "payment",
    request_body(content = ApproveRefundRequest),
    params(
        ("id" = RefundId, Path, description = "The refund"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is approved, now or before", body = RefundView),
        (status = 403, description = "`payment/own-approval`: nobody approves what they said themselves; `payment/own-purchase`, `payment/own-seller`: nobody decides about what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: nothing is asked; `payment/another-report`: it was not reported under the number that the body names; `payment/not-by-hand`: the buyer's bank asks for the same money", body = Problem),
        (status = 422, description = "`payment/goodwill-too-much`: so much is not left any more", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn approve(wish: Wish<RefundMark, ApproveRefundRequest>) -> Result<Response, Problem> {
    let id = wish.id;
    let approve = async |tx: &mut Tx, staff: &Caller, body: ApproveRefundRequest| {
        usecases::refuse_own(tx, id.as_uuid(), staff).await?;
        let (who, seen) = (staff.user_id, body.bank_reference.as_ref());
        let (payment, refund) = usecases::approve_refund(tx, id, who, seen).await?;
        Ok((StatusCode::OK, view(payment.order_number, refund)))
    };
    wish.once("refund.approve", approve).await
}

/// Declines what a member of staff said of a refund, or takes it back.
///
/// Proposed goodwill is `declined`. A refund that was reported as paid out by hand waits for another report, and a foreign one
/// for a credit that takes it over.
#[utoipa::path(
    post, path = "/v1/admin/refunds/{id}/decline", operation_id = "declineRefund", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = RefundId, Path, description = "The refund"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is declined, now or before", body = RefundView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody decides about what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: nothing is asked", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decline(wish: Wish<RefundMark>) -> Result<Response, Problem> {
    let id = wish.id;
    let decline = async |tx: &mut Tx, staff: &Caller, _| {
        usecases::refuse_own(tx, id.as_uuid(), staff).await?;
        let (payment, refund) = usecases::decline_refund(tx, id, staff.user_id).await?;
        Ok((StatusCode::OK, view(payment.order_number, refund)))
    };
    wish.once("refund.decline", decline).await
}
