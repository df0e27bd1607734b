//! Of cash that arrived otherwise than it was taken, a second member of staff says whether it is so.

use axum::response::Response;
use chassis::{NoBody, Problem};
use kernel::RemittanceId;
use kernel::ids::RemittanceMark;

use super::remittances::RemittanceView;
use super::wish::Wish;
use crate::domain::remittance::Remittance;

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
pub async fn approve(wish: Wish<RemittanceMark>) -> Result<Response, Problem> {
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
pub async fn decline(wish: Wish<RemittanceMark>) -> Result<Response, Problem> {
    wish.decline::<Remittance, RemittanceView>("cash.decline").await
}
