//! Where a buyer wants back what cannot go where it came from: given by the buyer, read by whoever pays it.

use axum::extract::State;
use chassis::auth::callers::may;
use chassis::auth::{Act, Acting, Buyer};
use chassis::{Json, Path, Problem};
use jiff::Timestamp;
use kernel::{PaymentId, RefundId, Vpa};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::usecases::OwnAccount;
use crate::{App, usecases};

/// Where it goes back to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundAccountRequest {
    /// The UPI address of the buyer.
    vpa: Vpa,
}

/// Where the buyer wants money back, as far as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundAccountView {
    /// Masked; `null` until it was given.
    #[schema(required, example = "a***@okaxis")]
    vpa: Option<String>,
    #[schema(required)]
    given_at: Option<Timestamp>,
    /// Whether it can be given or changed now: only of an order that is paid in cash, or while the provider will not give
    /// back a refund of it, and not while a refund is being paid.
    changeable: bool,
}

impl From<OwnAccount> for RefundAccountView {
    fn from(own: OwnAccount) -> Self {
        Self {
            vpa: own.account.as_ref().map(|account| account.vpa.masked().into_owned()),
            given_at: own.account.map(|account| account.given_at),
            changeable: own.changeable,
        }
    }
}

/// Shows where money for the caller's order goes back to.
///
/// What was paid by UPI goes back where it came from: of it nothing has to be given, unless that turns out impossible.
#[utoipa::path(
    get, path = "/v1/payments/{id}/refund-account", operation_id = "getRefundAccount", tag = "payment",
    params(("id" = PaymentId, Path, description = "The payment")),
    responses((status = 200, description = "The account, masked", body = RefundAccountView)),
    security(("bearer" = [])),
)]
pub async fn show(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<PaymentId>,
) -> Result<Json<RefundAccountView>, Problem> {
    Ok(Json(usecases::show_account(&app, caller.user_id, id).await?.into()))
}

/// Says where cash for the caller's order goes back to, or what cannot go back where it came from.
///
/// Whoever paid at the door gives a UPI address before or after something is taken back; whoever paid by UPI, once a refund is
/// found impossible at the bank, and is asked for it by mail. It may be changed until somebody has paid a refund there. It is
/// kept sealed, and forgotten with the account of its owner, once no refund waits for it.
#[utoipa::path(
    put, path = "/v1/payments/{id}/refund-account", operation_id = "giveRefundAccount", tag = "payment",
    request_body = RefundAccountRequest,
    params(("id" = PaymentId, Path, description = "The payment")),
    responses(
        (status = 200, description = "It is kept, now or before", body = RefundAccountView),
        (status = 409, description = "`payment/not-cash`: it goes back where it came from, or nothing is due; `payment/refund-underway`: it is being paid to the one that is known", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn give(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<PaymentId>,
    Json(body): Json<RefundAccountRequest>,
) -> Result<Json<RefundAccountView>, Problem> {
    Ok(Json(usecases::give_account(&app, caller.user_id, id, &body.vpa).await?.into()))
}

/// Where to pay a refund by hand.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayeeView {
    /// The UPI address, in full.
    vpa: Vpa,
    given_at: Timestamp,
}

/// Shows where to pay a refund by hand.
///
/// Only while it is cash `by_hand`, or `stuck`. That it was read, and by whom, goes into the audit trail.
#[utoipa::path(
    get, path = "/v1/admin/refunds/{id}/account", operation_id = "readRefundAccount", tag = "payment",
    params(("id" = RefundId, Path, description = "The refund")),
    responses(
        (status = 200, description = "The account, in full", body = PayeeView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody looks at where money goes for what they bought, or a seller they act for sold", body = Problem),
        (status = 404, description = "There is no such refund, or its buyer has not said where to", body = Problem),
        (status = 409, description = "`payment/not-by-hand`: it does not wait to be paid, or goes back where it came from", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn read(
    State(app): State<App>,
    staff: Acting<may::ManagePayments>,
    Path(id): Path<RefundId>,
) -> Result<Json<PayeeView>, Problem> {
    let mut tx = app.db.begin().await?;
    usecases::refuse_own(&mut tx, id.as_uuid(), &staff.caller).await?;
    let account = usecases::read_account(&app, &mut tx, id).await?;
    staff.tell(&mut tx, Act::new("refund.read_account").on(id.as_uuid()), &json!({}));
    tx.commit().await?;
    Ok(Json(PayeeView { vpa: account.vpa, given_at: account.given_at }))
}
