//! A second member of staff decides what one proposed: of each kind the same two routes.

use axum::response::Response;
use chassis::{NoBody, Problem};
use kernel::ids::{ExplanationMark, RemittanceMark, TaxDepositMark, WriteOffMark};
use kernel::{ExplanationId, RemittanceId, TaxDepositId, WriteOffId};

use super::explanations::ExplanationView;
use super::remittances::RemittanceView;
use super::tax_deposits::TaxDepositView;
use super::wish::Wish;
use super::write_offs::WriteOffView;
use crate::domain::debt::WriteOff;
use crate::domain::remittance::Remittance;
use crate::domain::settlement::Explanation;
use crate::domain::tax::Deposit;

/// Approves what another member of staff said of a difference: it is booked.
///
/// Approved again by the same person, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/settlement-explanations/{id}/approve", operation_id = "approveExplanation", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = ExplanationId, Path, description = "The explanation"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is booked, now or before", body = ExplanationView),
        (status = 403, description = "`payment/own-approval`: nobody approves what they said themselves", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: it is decided; `payment/not-explainable`: the provider or our books say something else by now", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn approve_explanation(wish: Wish<ExplanationMark>) -> Result<Response, Problem> {
    wish.approve::<Explanation, ExplanationView>("explanation.approve").await
}

/// Declines what a member of staff said of a difference, or takes it back.
#[utoipa::path(
    post, path = "/v1/admin/settlement-explanations/{id}/decline", operation_id = "declineExplanation", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = ExplanationId, Path, description = "The explanation"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is declined, now or before", body = ExplanationView),
        (status = 409, description = "`payment/nothing-to-approve`: it is decided", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decline_explanation(wish: Wish<ExplanationMark>) -> Result<Response, Problem> {
    wish.decline::<Explanation, ExplanationView>("explanation.decline").await
}

/// Approves a write-off that another member of staff proposed: it is booked.
///
/// Approved again by the same person, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/write-offs/{id}/approve", operation_id = "approveWriteOff", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = WriteOffId, Path, description = "The write-off"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is booked, now or before", body = WriteOffView),
        (status = 403, description = "`payment/own-approval`: nobody approves what they said themselves; `payment/own-seller`: nor decides about the debt of a seller they act for", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: it is decided; `payment/not-writable-off`: a payout is on its way, or the seller does not owe so much any more", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn approve_write_off(wish: Wish<WriteOffMark>) -> Result<Response, Problem> {
    wish.approve::<WriteOff, WriteOffView>("write_off.approve").await
}

/// Declines a write-off that a member of staff proposed, or takes it back.
#[utoipa::path(
    post, path = "/v1/admin/write-offs/{id}/decline", operation_id = "declineWriteOff", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = WriteOffId, Path, description = "The write-off"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is declined, now or before", body = WriteOffView),
        (status = 403, description = "`payment/own-seller`: nobody decides about the debt of a seller they act for", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: it is decided", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decline_write_off(wish: Wish<WriteOffMark>) -> Result<Response, Problem> {
    wish.decline::<WriteOff, WriteOffView>("write_off.decline").await
}

/// Approves a transfer that another member of staff reported: it is booked.
///
/// Approved again by the same person, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/cod-remittances/{id}/approve", operation_id = "approveRemittance", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = RemittanceId, Path, description = "The transfer"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is booked, now or before", body = RemittanceView),
        (status = 403, description = "`payment/own-approval`: nobody approves what they said themselves; `payment/own-purchase`, `payment/own-seller`: nobody decides about cash for what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: it is decided; `payment/not-remittable`: some of the cash arrived otherwise meanwhile", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn approve_remittance(wish: Wish<RemittanceMark>) -> Result<Response, Problem> {
    wish.approve::<Remittance, RemittanceView>("cash.approve").await
}

/// Declines a transfer that a member of staff reported, or takes it back. Its cash stays due.
#[utoipa::path(
    post, path = "/v1/admin/cod-remittances/{id}/decline", operation_id = "declineRemittance", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = RemittanceId, Path, description = "The transfer"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is declined, now or before", body = RemittanceView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody decides about cash for what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: it is decided", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decline_remittance(wish: Wish<RemittanceMark>) -> Result<Response, Problem> {
    wish.decline::<Remittance, RemittanceView>("cash.decline").await
}

/// Approves a deposit that another member of staff reported: it is booked.
///
/// Approved again by the same person, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/tax/deposits/{id}/approve", operation_id = "approveTaxDeposit", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = TaxDepositId, Path, description = "The deposit"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is booked, now or before", body = TaxDepositView),
        (status = 403, description = "`payment/own-approval`: nobody approves what they said themselves", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: it is decided", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn approve_tax_deposit(wish: Wish<TaxDepositMark>) -> Result<Response, Problem> {
    wish.approve::<Deposit, TaxDepositView>("tax_deposit.approve").await
}

/// Declines a deposit that a member of staff reported, or takes it back.
#[utoipa::path(
    post, path = "/v1/admin/tax/deposits/{id}/decline", operation_id = "declineTaxDeposit", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = TaxDepositId, Path, description = "The deposit"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is declined, now or before", body = TaxDepositView),
        (status = 409, description = "`payment/nothing-to-approve`: it is decided", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decline_tax_deposit(wish: Wish<TaxDepositMark>) -> Result<Response, Problem> {
    wish.decline::<Deposit, TaxDepositView>("tax_deposit.decline").await
}
