//! One order in full, for staff who have to find out what happened to it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::etag::unless_seen;
use chassis::{Path, Problem};
use jiff::Timestamp;
use kernel::{
    CheckoutId, Money, OrderId, ProductId, SellerOrderId, Sku, StateCode, UserId, VendorId,
};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::credits::CreditView;
use super::pieces::ParcelView;
use super::since::{self, Since};
use super::timeline::told;
use super::views::OrderPaymentView;
use crate::App;
use crate::domain::order::{OrderLine, Part};
use crate::domain::saga::OrderState;
use crate::domain::seller_order::SellerOrderState;
use crate::domain::split::Share;
use crate::domain::standing::Standing;
use crate::domain::story::{Author, Reader};
use crate::error::Error;
use crate::store;
use crate::store::history::HistoryEntry;
use crate::store::lines::Taken;
use crate::store::orders::OrderRow;
use crate::store::parts::SellerOrderRow;

/// More steps than any order has taken.
const STEPS: i64 = 1000;

/// An order as staff see it. The address is not in it: nobody has to know it to answer for an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffOrderView {
    order_id: OrderId,
    checkout_id: CheckoutId,
    /// For people, such as `M261130-000042`.
    number: String,
    buyer: UserId,
    status: OrderState,
    /// How it stands as a whole, its seller orders considered.
    standing: Standing,
    /// Why it shall end or ended: `payment_window_over`, `buyer_cancelled` or `cod_refused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_reason: Option<&'static str>,
    /// The state that it is sent to, which decides over its tax.
    place_of_supply: StateCode,
    /// What the buyer pays, tax and delivery included.
    total: Money,
    payment: OrderPaymentView,
    /// Until when it can be paid. Absent until stock was held.
    #[serde(skip_serializing_if = "Option::is_none")]
    payable_until: Option<Timestamp>,
    seller_orders: Vec<StaffPartView>,
    /// Everything that happened, oldest first.
    steps: Vec<StaffStepView>,
    links: LinksView,
    placed_at: Timestamp,
}

/// What one seller supplies, with what it earns.
#[derive(Debug, Serialize, ToSchema)]
struct StaffPartView {
    seller_order_id: SellerOrderId,
    number: String,
    vendor_id: VendorId,
    vendor_name: String,
    status: SellerOrderState,
    /// Until when its seller, or the parcel, has time; then it is taken back. Of what is `delivered`: until when it can be
    /// sent back; then it is `completed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivered_at: Option<Timestamp>,
    lines: Vec<StaffLineView>,
    shipping: Money,
    /// The GST contained in `total`.
    tax: Money,
    total: Money,
    share: ShareView,
    credits: Vec<CreditView>,
    parcels: Vec<ParcelView>,
}

/// A line, and what became of its pieces.
#[derive(Debug, Serialize, ToSchema)]
struct StaffLineView {
    position: u32,
    sku: Sku,
    product_id: ProductId,
    title: String,
    /// In hundredths of a percent.
    gst_rate_bp: u32,
    /// How many were ordered.
    quantity: u32,
    /// How many of them were not taken back.
    left: u32,
    /// How many were taken back before they were shipped.
    cancelled: u32,
    /// How many came back.
    returned: u32,
    /// How many were lost on the way.
    lost: u32,
    /// How many the buyer's bank paid back after they were sent.
    settled: u32,
    unit_price: Money,
    total: Money,
}

/// How the total was shared when the order was placed.
#[derive(Debug, Serialize, ToSchema)]
struct ShareView {
    taxable: Money,
    commission: Money,
    commission_tax: Money,
    tcs: Money,
    tds: Money,
    payable: Money,
}

/// A step of the order or of a seller order.
#[derive(Debug, Serialize, ToSchema)]
struct StaffStepView {
    seq: i64,
    /// Absent for a step of the order itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    seller_order_id: Option<SellerOrderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    /// The event, the request or the timer that made it happen.
    cause: String,
    /// Whose doing it was.
    by: Author,
    /// What happened, in a sentence.
    text: String,
    /// What was taken back, and the reason that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Where to look in logs and traces. Absent of steps that an earlier release took.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    at: Timestamp,
}

/// Where the rest of it is to be read, each with a permission of its own.
#[derive(Debug, Serialize, ToSchema)]
struct LinksView {
    payments: String,
    refunds: String,
    invoices: String,
    messages: String,
    /// All of these at a glance, each step with its trace.
    trail: String,
}

/// Shows an order in full.
///
/// The lists that it links to hold what the other services know of it. An order is found by its number with
/// `GET /v1/admin/orders?number=`.
#[utoipa::path(
    get, path = "/v1/admin/orders/{id}", operation_id = "getOrderAsStaff", tag = "order",
    params(("id" = OrderId, Path, description = "The order.")),
    responses(
        (status = 200, body = StaffOrderView, description = "The order, with an `ETag`."),
        (status = 304, description = "Nothing new since the `ETag` in `If-None-Match`."),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn find(
    State(app): State<App>,
    _: Staff<may::Look>,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut conn = app.db.read().await?;
    let (version, view) = view(&mut conn, id).await?;
    Ok(unless_seen(&headers, version, view))
}

async fn view(conn: &mut PgConnection, id: OrderId) -> Result<(i64, StaffOrderView), Error> {
    let row = store::orders::find_any(conn, id).await?.ok_or(Error::NotFound)?;
    let rows = store::parts::list(conn, id).await?;
    let since = since::find(conn, id, &rows).await?;
    let steps = store::history::list(conn, id, None, STEPS).await?;
    Ok((row.version, StaffOrderView::of(row, &rows, &since, steps)))
}

impl StaffOrderView {
    fn of(
        row: OrderRow,
        parts: &[SellerOrderRow],
        since: &BTreeMap<SellerOrderId, Since>,
        steps: Vec<HistoryEntry>,
    ) -> Self {
        let standing = Standing::of(row.state, parts.iter().map(|part| part.state));
        let payment = OrderPaymentView::of(&row, parts);
        let sold: Vec<Part> = parts.iter().map(|row| row.part.clone()).collect();
        let of_part = |part: &SellerOrderRow| {
            since.get(&part.part.seller_order_id).map(|since| StaffPartView::of(part, since))
        };
        Self {
            order_id: row.order_id,
            checkout_id: row.checkout_id,
            number: row.number,
            buyer: row.buyer,
            status: row.state,
            standing,
            cancel_reason: row.reason.map(|reason| reason.into_str()),
            place_of_supply: row.destination.state,
            total: row.total,
            payment,
            payable_until: row.payment.expires_at,
            seller_orders: parts.iter().filter_map(of_part).collect(),
            steps: steps.into_iter().map(|step| StaffStepView::of(step, &sold)).collect(),
            links: LinksView::of(row.order_id),
            placed_at: row.placed_at,
        }
    }
}

impl StaffPartView {
    fn of(row: &SellerOrderRow, since: &Since) -> Self {
        let part = &row.part;
        let lines = part.lines.iter().zip(&row.left).zip(&row.taken).zip(0..);
        Self {
            seller_order_id: part.seller_order_id,
            number: part.number.clone(),
            vendor_id: part.vendor_id,
            vendor_name: part.vendor_name.clone(),
            status: row.state,
            due_at: row.due_at,
            delivered_at: since.delivered_at,
            lines: lines
                .map(|(((sold, left), taken), nth)| line(sold, *left, *taken, nth))
                .collect(),
            shipping: part.shipping,
            tax: part.tax,
            total: part.total,
            share: ShareView::of(part.share),
            credits: since.credits.iter().map(|credit| CreditView::of(credit, part)).collect(),
            parcels: ParcelView::all(&since.parcels),
        }
    }
}

fn line(sold: &OrderLine, left: u32, taken: Taken, position: u32) -> StaffLineView {
    StaffLineView {
        position,
        sku: sold.sku.clone(),
        product_id: sold.product_id,
        title: sold.title.clone(),
        gst_rate_bp: sold.gst_rate_bp,
        quantity: sold.quantity,
        left,
        cancelled: taken.cancelled,
        returned: taken.returned,
        lost: taken.lost,
        settled: taken.settled,
        unit_price: sold.unit_price,
        total: sold.total,
    }
}

impl ShareView {
    fn of(share: Share) -> Self {
        Self {
            taxable: share.taxable,
            commission: share.commission,
            commission_tax: share.commission_tax,
            tcs: share.tcs,
            tds: share.tds,
            payable: share.payable,
        }
    }
}

impl StaffStepView {
    fn of(entry: HistoryEntry, parts: &[Part]) -> Self {
        let text = told(&entry, parts, Reader::Staff);
        Self {
            seq: entry.seq,
            seller_order_id: entry.seller_order_id,
            from: entry.from,
            to: entry.to,
            by: Author::of(&entry.cause),
            cause: entry.cause,
            text,
            detail: entry.detail,
            trace_id: entry.trace_id,
            at: entry.at,
        }
    }
}

impl LinksView {
    fn of(id: OrderId) -> Self {
        let list = |name: &str| format!("/v1/admin/{name}?order_id={id}");
        Self {
            payments: list("payments"),
            refunds: list("refunds"),
            invoices: list("invoices"),
            messages: list("messages"),
            trail: format!("/v1/admin/orders/{id}/trail"),
        }
    }
}
