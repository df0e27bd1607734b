//! Staff's view of money that goes back.

use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Caller;
use chassis::{Json, Page, PageQuery, Problem, Tx};
use jiff::Timestamp;
use kernel::ids::RefundMark;
use kernel::line::Line;
use kernel::{CreditId, DisputeId, Money, OrderId, PaymentId, RefundId, SellerOrderId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::look::Look;
use super::wish::Wish;
use crate::domain::bank_reference::BankReference;
use crate::domain::hands::Question;
use crate::domain::refund::Kind;
use crate::domain::{Refund, RefundStatus};
use crate::store::refunds;
use crate::usecases;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RefundsQuery {
    /// Only refunds of this status.
    status: Option<RefundStatus>,
    /// Only those of this order.
    order_id: Option<OrderId>,
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
    /// `stuck` and `by_hand` need a person; `proposed` needs a second one.
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
    /// Why it did not succeed so far. `disputed`: the buyer's bank asks for the same money, or took it.
    #[schema(required)]
    reason: Option<String>,
    /// The dispute by which the buyer has the money: then the provider gave nothing back.
    #[schema(required)]
    dispute_id: Option<DisputeId>,
    requested_at: Timestamp,
    #[schema(required)]
    accepted_at: Option<Timestamp>,
    #[schema(required)]
    done_at: Option<Timestamp>,
    /// When the provider is asked next what became of it.
    #[schema(required)]
    next_look_at: Option<Timestamp>,
    /// What a second member of staff is asked: `proposal` (shall it be given?), `report` (was it paid out?) or
    /// `dismissal` (is it lost?).
    #[schema(required)]
    approval: Option<Approval>,
    /// Why, in the words of whoever proposed it.
    #[schema(required)]
    words: Option<String>,
    #[schema(required)]
    proposed_by: Option<UserId>,
    /// Who agreed to the proposal. `null` of one that was declined.
    #[schema(required)]
    approved_by: Option<UserId>,
    /// Who agreed to the proposal, or did not.
    #[schema(required)]
    decided_by: Option<UserId>,
    /// Who says that it was paid out by hand.
    #[schema(required)]
    reported_by: Option<UserId>,
    /// Under which number at the bank.
    #[schema(required)]
    reported_reference: Option<String>,
    /// Why it was not paid to the buyer's account, in the words of whoever reported it.
    #[schema(required)]
    without_account: Option<String>,
    /// Who says so, too.
    #[schema(required)]
    confirmed_by: Option<UserId>,
    /// Of cash, and of what is `stuck`: whether its buyer has said where it goes. `GET /v1/admin/refunds/{id}/account` shows it
    /// until it is paid.
    has_account: bool,
    /// Whether its buyer was erased since, so that no mail reaches them. Cash still goes to an account that they gave before;
    /// without one it can be paid for a written reason only.
    buyer_erased: bool,
}

/// What a second member of staff is asked.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RefundApproval)]
pub enum Approval {
    /// Whether it shall be given.
    Proposal,
    /// Whether it was paid out.
    Report,
    /// Whether what somebody gave back on the provider's own pages is the platform's loss.
    Dismissal,
}

pub fn view(order_number: String, refund: Refund) -> RefundView {
    let approval = refund.question().map(|question| match question {
        Question::Proposal => Approval::Proposal,
        Question::Report => Approval::Report,
        Question::Dismissal => Approval::Dismissal,
    });
    let to_account = refund.is_to_account() || refund.hands.paid_to.is_some();
    let is_declined = refund.status == RefundStatus::Declined;
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
        dispute_id: refund.dispute_id,
        requested_at: refund.requested_at,
        accepted_at: refund.accepted_at,
        done_at: refund.done_at,
        next_look_at: refund.next_look_at,
        approval,
        words: refund.hands.words,
        proposed_by: refund.hands.proposed_by,
        approved_by: refund.hands.approved_by.filter(|_| !is_declined),
        decided_by: refund.hands.approved_by,
        reported_by: refund.hands.reported_by,
        reported_reference: refund.hands.reported_reference,
        without_account: refund.hands.without_account,
        confirmed_by: refund.hands.confirmed_by,
        has_account: to_account && refund.account.is_some(),
        buyer_erased: refund.is_forgotten,
    }
}

/// Lists refunds, newest first.
#[utoipa::path(
    get, path = "/v1/admin/refunds", operation_id = "listRefunds", tag = "payment",
    params(RefundsQuery, PageQuery),
    responses((status = 200, description = "A page of refunds", body = Page<RefundView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(mut look: Look<RefundsQuery>) -> Result<Json<Page<RefundView>>, Problem> {
    let RefundsQuery { status, order_id } = look.query;
    let listed = refunds::list(&mut look.conn, status, order_id, look.before, look.rows).await?;
    let page = look.page(listed, |listed| listed.seq);
    Ok(Json(page.map(|listed| view(listed.order_number, listed.refund))))
}

/// How a person gave the money back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleRequest {
    /// The bank's number for the transfer (RRN, ARN or UTR), 6 to 40 letters and digits.
    bank_reference: BankReference,
    /// Why it was not paid to the account that the buyer gave, in a few words. Cash, and what is `stuck`, needs one or the
    /// other.
    without_account: Option<Line<200>>,
}

/// Reports that a refund was paid out by hand.
///
/// It has to be `by_hand` or `stuck`, and waits until a second member of staff approves the report. Cash, and what is `stuck`,
/// goes to the account that its buyer gave (`has_account`); without one the report says why it was paid all the same. One
/// number stands for one refund. Reported again with the same number, it answers as before. A report that waits is not
/// replaced by another one: decline it first, which whoever reported it may, too.
#[utoipa::path(
    post, path = "/v1/admin/refunds/{id}/settled", operation_id = "settleRefund", tag = "payment",
    request_body = SettleRequest,
    params(
        ("id" = RefundId, Path, description = "The refund"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It waits for approval, or is done under this number; or it is `requested`, because the buyer's bank gave the same money, and nobody has to pay it by hand", body = RefundView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody decides about what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/not-by-hand`: the provider is at it, it is done, or the buyer's bank asks for the same money; `payment/another-report`: a report under another number waits; `payment/no-refund-account`: it was cash or is `stuck`, its buyer has not said where it goes, and no reason is given; `payment/bank-reference-taken`: another refund was paid out under this number", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn settle(wish: Wish<RefundMark, SettleRequest>) -> Result<Response, Problem> {
    let id = wish.id;
    let settle = async |tx: &mut Tx, staff: &Caller, body: SettleRequest| {
        let (who, bank_reference) = (staff.user_id, &body.bank_reference);
        let without_account = body.without_account.map(|why| why.as_str().to_owned());
        let reported = usecases::Reported { bank_reference, without_account };
        usecases::refuse_own(tx, id.as_uuid(), staff).await?;
        let (payment, refund) = usecases::settle_refund(tx, id, reported, who).await?;
        Ok((StatusCode::OK, view(payment.order_number, refund)))
    };
    wish.once("refund.settle", settle).await
}
