//! What the other services did for one order.

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Json, Path, Problem};
use jiff::Timestamp;
use kernel::{Currency, Money, OrderId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::error::Error;
use crate::store::orders;
use crate::store::trail::{self, Kept};

/// What was done for an order besides its own steps, which `GET /v1/admin/orders/{id}` has.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailView {
    order_id: OrderId,
    number: String,
    /// Payments, refunds, disputes, documents and mails, oldest first.
    steps: Vec<TrailStepView>,
}

/// One thing that was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailStepView {
    /// The event that told it, such as `payment.captured.v1`, `refund.done.v1`, `invoice.issued.v1` or `email.sent.v1`.
    event: String,
    /// With what: a payment, a refund, a dispute, a document or a message.
    subject_id: Uuid,
    /// Over how much. Absent where no money is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Money>,
    /// Of a document its number, of a mail its kind, of a refund why or the bank's number, of a dispute where it stands, of
    /// what failed the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Where to look in logs and traces.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<Kept> for TrailStepView {
    fn from(kept: Kept) -> Self {
        let currency = kept.currency.and_then(|word| word.parse::<Currency>().ok());
        let amount = kept.amount.zip(currency);
        Self {
            event: kept.event,
            subject_id: kept.subject_id,
            amount: amount.map(|(minor, currency)| Money::new(minor, currency)),
            detail: kept.detail,
            trace_id: kept.trace_id,
            at: kept.at,
        }
    }
}

/// Shows what payment, invoice and email did for an order.
///
/// It follows what they say, so that it may be a moment behind.
#[utoipa::path(
    get, path = "/v1/admin/orders/{id}/trail", operation_id = "getOrderTrail", tag = "admin",
    params(("id" = OrderId, Path, description = "The order.")),
    responses((status = 200, body = TrailView)), security(("bearer" = ["staff"])),
)]
pub async fn find(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Path(id): Path<OrderId>,
) -> Result<Json<TrailView>, Problem> {
    let mut conn = app.db.read().await?;
    let number = orders::find_number(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let steps = trail::list(&mut conn, id).await?.into_iter().map(Into::into).collect();
    Ok(Json(TrailView { order_id: id, number, steps }))
}
