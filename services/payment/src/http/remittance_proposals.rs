//! Of cash that arrived otherwise than it was taken, a second member of staff says whether it is so.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Acting};
use chassis::{Idempotent, NoBody, Path, Problem, Tx};
use kernel::RemittanceId;

use super::remittances::RemittanceView;
use crate::{App, usecases};

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
        (status = 403, description = "`payment/own-approval`: nobody approves what they said themselves", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: it is decided; `payment/not-remittable`: some of the cash arrived otherwise meanwhile", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn approve(
    State(app): State<App>,
    staff: Acting<may::ManagePayments>,
    Path(id): Path<RemittanceId>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let who = staff.caller.user_id;
    let approve = async |tx: &mut Tx, _: NoBody| {
        let remittance = usecases::approve_remittance(tx, id, who).await?;
        Ok((StatusCode::OK, RemittanceView::from(remittance)))
    };
    staff.once(&app.db, Act::new("cash.approve").on(id.as_uuid()), once, approve).await
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
        (status = 409, description = "`payment/nothing-to-approve`: it is decided", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decline(
    State(app): State<App>,
    staff: Acting<may::ManagePayments>,
    Path(id): Path<RemittanceId>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let who = staff.caller.user_id;
    let decline = async |tx: &mut Tx, _: NoBody| {
        let remittance = usecases::decline_remittance(tx, id, who).await?;
        Ok((StatusCode::OK, RemittanceView::from(remittance)))
    };
    staff.once(&app.db, Act::new("cash.decline").on(id.as_uuid()), once, decline).await
}
