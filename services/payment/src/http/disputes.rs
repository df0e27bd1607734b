//! Staff look at disputes, and say who bears what was lost.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Acting, Staff};
use chassis::{Idempotent, Json, Page, PageQuery, Path, Problem, Query, Tx};
use jiff::Timestamp;
use kernel::{DisputeId, Money, PaymentId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::dispute::{self, Bearer, Dispute};
use crate::store::disputes;
use crate::{App, usecases};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DisputesQuery {
    /// `true`: only those that are open, or lost and of which nobody has said who bears them. `false`: only the others.
    waiting: Option<bool>,
}

/// Money that a buyer's bank asks back, or took.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisputeView {
    dispute_id: DisputeId,
    provider_dispute_id: String,
    payment_id: PaymentId,
    order_number: String,
    /// The capture that is disputed.
    provider_payment_id: String,
    amount: Money,
    state: dispute::State,
    /// `null` until it is lost and somebody has said so.
    #[schema(required)]
    bearer: Option<Bearer>,
    /// Who said who bears it.
    #[schema(required)]
    borne_by: Option<UserId>,
    /// How much of it is taken back from the sellers; what is neither that nor `covered` is the platform's.
    #[schema(required)]
    by_sellers: Option<Money>,
    /// How much of it paid refunds that were owed anyway: what was taken back before the buyer's bank decided.
    covered: Money,
    opened_at: Timestamp,
    #[schema(required)]
    decided_at: Option<Timestamp>,
}

fn view(order_number: String, dispute: Dispute) -> DisputeView {
    DisputeView {
        dispute_id: dispute.id,
        provider_dispute_id: dispute.provider_dispute_id,
        payment_id: dispute.payment_id,
        order_number,
        provider_payment_id: dispute.provider_payment_id,
        amount: dispute.amount,
        state: dispute.state,
        bearer: dispute.bearer,
        borne_by: dispute.borne_by,
        by_sellers: dispute.by_sellers,
        covered: dispute.covered,
        opened_at: dispute.opened_at,
        decided_at: dispute.decided_at,
    }
}

/// Lists disputes, newest first.
#[utoipa::path(
    get, path = "/v1/admin/disputes", operation_id = "listDisputes", tag = "payment",
    params(DisputesQuery, PageQuery),
    responses((status = 200, description = "A page of disputes", body = Page<DisputeView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Query(query): Query<DisputesQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<DisputeView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let listed = disputes::list(&mut conn, query.waiting, before, rows).await?;
    let page = Page::of(listed, page.limit, |listed| listed.seq);
    Ok(Json(page.map(|listed| view(listed.order_number, listed.dispute))))
}

/// Who bears what was lost.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BearerRequest {
    /// `sellers`: all that is left of the order is taken back from them, and the platform bears what the dispute is more
    /// than that. `platform`: it bears all.
    bearer: Bearer,
}

/// Says who bears a dispute that is lost.
///
/// Sellers bear one that is over at least all that is left of the order. Said again, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/disputes/{id}/bearer", operation_id = "bearDispute", tag = "payment",
    request_body = BearerRequest,
    params(
        ("id" = DisputeId, Path, description = "The dispute"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is decided, now or before", body = DisputeView),
        (status = 409, description = "`payment/not-bearable`: it is not lost, it is decided otherwise, it is about less than is left of the order, or a refund of the same money is on its way", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn bear(
    State(app): State<App>,
    staff: Acting<may::ManagePayments>,
    Path(id): Path<DisputeId>,
    once: Idempotent<BearerRequest>,
) -> Result<Response, Problem> {
    let who = staff.caller.user_id;
    let bear = async |tx: &mut Tx, body: BearerRequest| {
        let (payment, dispute) = usecases::bear(tx, id, body.bearer, who).await?;
        Ok((StatusCode::OK, view(payment.order_number, dispute)))
    };
    staff.once(&app.db, Act::new("dispute.bear").on(id.as_uuid()), once, bear).await
}
