//! What happened to an order, step by step.

use axum::extract::State;
use chassis::auth::Buyer;
use chassis::{Json, Page, PageQuery, Path, Problem, Query};
use jiff::Timestamp;
use kernel::{OrderId, SellerOrderId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::error::Error;
use crate::store;
use crate::store::history::Entry;

/// One step of an order or of one of its seller orders; a remark when it has no `to`.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// Its place in the history.
    pub seq: i64,
    /// Of which seller order; absent for the order itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller_order_id: Option<SellerOrderId>,
    /// From which status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// To which status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What made it happen, for example `payment.captured`.
    pub cause: String,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl StepView {
    fn of(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            seller_order_id: entry.seller_order_id,
            from: entry.from,
            to: entry.to,
            cause: entry.cause,
            detail: entry.detail,
            at: entry.at,
        }
    }
}

/// The steps of one of the caller's orders, from its beginning.
#[utoipa::path(
    get,
    path = "/v1/orders/{id}/timeline",
    tag = "order",
    params(("id" = OrderId, Path, description = "The order."), PageQuery),
    responses(
        (status = 200, body = Page<StepView>, description = "A page of them."),
        (status = 400, body = Problem, description = "An unknown query parameter."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 404, body = Problem, description = "None such, or somebody else's."),
        (status = 422, body = Problem, description = "A parameter is out of range."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<OrderId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<StepView>>, Problem> {
    let (rows, after) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let header = store::orders::find(&mut conn, id, caller.user_id).await?;
    let header = header.ok_or(Error::NotFound)?;
    let found = store::history::list(&mut conn, header.order_id, after, rows).await;
    let items = found?.into_iter().map(StepView::of).collect();
    Ok(Json(Page::of(items, page.limit, |step: &StepView| step.seq)))
}
