//! What happened to an order, step by step.

use chassis::{Json, Page, PageQuery, Query};
use jiff::Timestamp;
use kernel::SellerOrderId;
use serde::Serialize;
use utoipa::ToSchema;

use super::answers::Listed;
use super::asks::MyOrder;
use super::paths::MyOrderPath;
use crate::domain::order::Part;
use crate::domain::story::{Reader, Step, sentence};
use crate::store;
use crate::store::history::HistoryEntry;

/// One step of an order or of one of its seller orders; a remark when it has no `to`.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// Grows with time, with gaps.
    pub seq: i64,
    /// Absent for a step of the order itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller_order_id: Option<SellerOrderId>,
    /// Absent for the first step and for a remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The status after it, of the seller order if one is named. Absent for a remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What made it happen: an event (`payment.captured`, `payment.cod_collected`, `refund.done`), a request (`vendor.ship`, `buyer.cancel`,
    /// `vendor.reject`, `vendor.turned_away`, `vendor.came_back`, `vendor.lost`, `staff.cancel`, and for a return `buyer.return`, `vendor.return_approved`,
    /// `staff.return_refused` and the like) or time (`timer.window_over`, `timer.too_late`, `timer.return_over`),
    /// or the buyer's bank (`bank.took_back`, `bank.return_settled`).
    pub cause: String,
    /// What happened, in a sentence for a person.
    pub text: String,
    /// Of a remark: what it is about, for example the SKUs whose stock is gone. Of pieces that were taken back: which, how
    /// much comes back, and why (`2 x LAMP-18, ₹998.00 back: chipped`). Of a parcel: what is in it, its carrier and number.
    /// Of cash that was taken, and of money that went back: how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub at: Timestamp,
}

impl StepView {
    fn of(entry: HistoryEntry, parts: &[Part]) -> Self {
        let text = told(&entry, parts, Reader::Buyer);
        Self {
            seq: entry.seq,
            seller_order_id: entry.seller_order_id,
            from: entry.from,
            to: entry.to,
            cause: entry.cause,
            text,
            detail: entry.detail,
            at: entry.at,
        }
    }
}

/// What a step was, in a sentence.
pub fn told(entry: &HistoryEntry, parts: &[Part], reader: Reader) -> String {
    let of = |part: &&Part| Some(part.seller_order_id) == entry.seller_order_id;
    let (to, detail) = (entry.to.as_deref(), entry.detail.as_deref());
    let step = Step { to, cause: &entry.cause, detail };
    sentence(step, parts.iter().find(of), parts, reader)
}

/// Lists what happened to one of the caller's orders, oldest first.
#[utoipa::path(
    get, path = "/v1/orders/{id}/timeline", operation_id = "listOrderSteps", tag = "order",
    params(MyOrderPath, PageQuery),
    responses((status = 200, body = Page<StepView>, description = "A page of them.")),
    security(("bearer" = [])),
)]
pub async fn list(order: MyOrder, Query(page): Query<PageQuery>) -> Listed<StepView> {
    let (rows, after) = (page.rows()?, page.cursor()?);
    let mut conn = order.app.db.read().await?;
    let row = order.find(&mut conn).await?;
    let found = store::history::list(&mut conn, row.order_id, after, rows).await;
    let parts = store::parts::list(&mut conn, row.order_id).await?;
    let parts: Vec<Part> = parts.into_iter().map(|row| row.part).collect();
    let items = found?.into_iter().map(|entry| StepView::of(entry, &parts)).collect();
    Ok(Json(Page::of(items, page.limit, |step: &StepView| step.seq)))
}
