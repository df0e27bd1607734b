//! Numbers, orders, and who did what.

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::page::{cursor, rows};
use chassis::{Json, Page, PageQuery, Problem, Query};
use jiff::Timestamp;
use kernel::{Currency, Money, SessionId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::App;
use crate::domain::audit::Entry;
use crate::store::orders::Part;
use crate::store::{audit, orders, watch, wire};

/// How much of everything waits for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenView {
    sellers: i64,
    products: i64,
    reviews: i64,
    dead_letters: i64,
}

/// The numbers of the day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardView {
    orders_today: i64,
    orders_total: i64,
    /// Of confirmed orders.
    gross_today: Money,
    open: OpenView,
    users: i64,
    bounced_mails: i64,
    payments_in_review: i64,
}

/// The dashboard.
#[utoipa::path(get, path = "/v1/admin/dashboard", tag = "admin",
    responses((status = 200, body = DashboardView), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn dashboard(
    State(app): State<App>,
    _staff: Staff<may::Look>,
) -> Result<Json<DashboardView>, Problem> {
    let mut conn = app.db.read().await?;
    let numbers = orders::numbers(&mut conn, orders::day(app.clock.now())).await?;
    let open = watch::open(&mut conn).await?;
    Ok(Json(DashboardView {
        orders_today: numbers.placed_today,
        orders_total: numbers.placed,
        gross_today: Money::new(numbers.gross_today, Currency::Inr),
        open: OpenView {
            sellers: open.sellers,
            products: open.products,
            reviews: open.reviews,
            dead_letters: open.dead_letters,
        },
        users: open.users,
        bounced_mails: open.bounced_mails,
        payments_in_review: open.payments_in_review,
    }))
}

/// Which orders are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrdersQuery {
    /// The order's number for people.
    #[param(pattern = "^[^\\u0000]*$")]
    number: Option<String>,
    /// Where they stand; all without it.
    #[param(inline)]
    status: Option<OrderStatus>,
    /// How many, 1 to 100.
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: i64,
    /// The `next` of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$")]
    after: Option<String>,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Nothing is held or paid yet.
    Placed,
    /// Sold.
    Confirmed,
    /// Could not become an order.
    Rejected,
    /// Ended without being supplied.
    Cancelled,
}

fn twenty() -> i64 {
    20
}

/// A seller's part of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartView {
    seller_order_id: Uuid,
    number: String,
    vendor_id: Uuid,
    vendor_name: String,
    total: Money,
    status: String,
}

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderItem {
    order_id: Uuid,
    number: String,
    buyer_id: Uuid,
    total: Money,
    status: String,
    seller_orders: Vec<PartView>,
    #[schema(value_type = String, format = DateTime)]
    placed_at: Timestamp,
}

fn part(part: &Part, currency: Currency) -> PartView {
    PartView {
        seller_order_id: part.id,
        number: part.number.clone(),
        vendor_id: part.vendor_id,
        vendor_name: part.vendor_name.clone(),
        total: Money::new(part.total, currency),
        status: part.status.clone(),
    }
}

/// Every order, newest first.
#[utoipa::path(get, path = "/v1/admin/orders", tag = "admin", params(OrdersQuery),
    responses((status = 200, body = Page<OrderItem>), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn orders(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<OrdersQuery>,
) -> Result<Json<Page<OrderItem>>, Problem> {
    let (rows, after) = (rows(query.limit)?, cursor(query.after.as_deref())?);
    let status = query.status.as_ref().map(wire);
    let (number, status) = (query.number.as_deref(), status.as_deref());
    let mut conn = app.db.read().await?;
    let found = orders::list(&mut conn, number, status, after, rows).await?;
    let page = Page::of(found, query.limit, |order| order.id);
    let ids: Vec<Uuid> = page.items.iter().map(|order| order.id).collect();
    let parts = orders::list_parts(&mut conn, &ids).await?;
    Ok(Json(page.map(|order| {
        let currency = order.currency.parse().unwrap_or(Currency::Inr);
        let own = parts.iter().filter(|p| p.order_id == order.id);
        OrderItem {
            order_id: order.id,
            number: order.number,
            buyer_id: order.buyer_id,
            total: Money::new(order.total, currency),
            status: order.status,
            seller_orders: own.map(|p| part(p, currency)).collect(),
            placed_at: order.placed_at,
        }
    })))
}

/// An act of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditItem {
    seq: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    staff_id: UserId,
    session_id: SessionId,
    /// For example `vendor.approve`.
    act: String,
    subject_kind: String,
    subject_id: Uuid,
    before: serde_json::Value,
    after: serde_json::Value,
    reason: String,
    previous_hash: String,
    /// SHA-256 over this entry and the hash before.
    hash: String,
}

fn audit_item((entry, hash): (Entry, String)) -> AuditItem {
    let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
    AuditItem {
        seq: entry.seq,
        at: entry.at,
        staff_id: entry.staff_id,
        session_id: entry.session_id,
        act: entry.act,
        subject_kind: entry.subject_kind,
        subject_id: entry.subject_id,
        before: json(&entry.before),
        after: json(&entry.after),
        reason: entry.reason,
        previous_hash: entry.previous_hash,
        hash,
    }
}

/// Who did what, newest first.
#[utoipa::path(get, path = "/v1/admin/audit", tag = "admin", params(PageQuery),
    responses((status = 200, body = Page<AuditItem>), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn audit(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<AuditItem>>, Problem> {
    let (rows, after) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = audit::list(&mut conn, after, rows).await?;
    Ok(Json(Page::of(found, page.limit, |(entry, _)| entry.seq).map(audit_item)))
}
