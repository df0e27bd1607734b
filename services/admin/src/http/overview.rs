//! Numbers, orders, and who did what.

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Json, Page, PageQuery, Paging, Problem, Query};
use jiff::Timestamp;
use kernel::{Currency, Money};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::App;
use crate::domain::part::PartStatus;
use crate::store::orders::{Order, Part};
use crate::store::{orders, watch};

/// How much of everything waits for staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenView {
    sellers: i64,
    products: i64,
    reviews: i64,
    /// Messages between services that could not be handled.
    dead_letters: i64,
}

/// The numbers of the day, by the calendar of India.
#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardView {
    orders_today: i64,
    orders_total: i64,
    /// Of the orders placed today that are confirmed.
    gross_today: Money,
    open: OpenView,
    /// Accounts that are not erased.
    users: i64,
    /// Mails that were refused for good.
    bounced_mails: i64,
    /// Payments that are not what was asked for: a person has to look.
    payments_in_review: i64,
    /// Refunds that the provider will not make: a person has to give the money back.
    refunds_by_hand: i64,
    /// Returns that buyer and seller contest: a person has to decide. `GET /v1/admin/returns?status=contested` shows them.
    returns_contested: i64,
    /// Refunds that somebody made on the provider's own pages: a person has to find out what for.
    foreign_refunds: i64,
    /// Disputes that are open, or lost and of which nobody has said who bears them.
    disputes: i64,
    /// Large payouts that wait for a second member of staff. `GET /v1/admin/payouts?state=waiting` shows them.
    payouts_waiting: i64,
}

/// Shows the numbers of the day, and how much waits for staff.
#[utoipa::path(
    get, path = "/v1/admin/dashboard", operation_id = "getDashboard", tag = "admin",
    responses((status = 200, body = DashboardView)), security(("bearer" = ["staff"])),
)]
pub async fn dashboard(
    State(app): State<App>,
    _staff: Staff<may::Look>,
) -> Result<Json<DashboardView>, Problem> {
    let mut conn = app.db.read().await?;
    let numbers = orders::numbers(&mut conn, kernel::india::day(app.clock.now())).await?;
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
        refunds_by_hand: open.refunds_by_hand,
        returns_contested: open.returns_contested,
        foreign_refunds: open.foreign_refunds,
        disputes: open.disputes,
        payouts_waiting: open.payouts_waiting,
    }))
}

/// The order's number in that of a seller order: `M261130-000042` of `M261130-000042-1`.
fn of_order(number: &str) -> &str {
    match number.rsplit_once('-') {
        Some((order, _)) if order.contains('-') => order,
        _ => number,
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrdersQuery {
    /// The whole number of an order, as its buyer sees it, or of one of its seller orders, as mail and sellers name it.
    #[param(pattern = "^[^\\u0000]*$")]
    number: Option<String>,
    /// Only those that stand here; all without it.
    #[param(inline)]
    status: Option<OrderStatus>,
}

/// `placed` (not paid yet; which step of that it is, the order itself says: `awaiting_payment` and such), `confirmed` (sold), `rejected` (could not become an order) or `cancelled`
/// (ended without being supplied).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OrderStatus {
    // As the order itself says it.
    #[serde(
        alias = "reserving",
        alias = "reserved",
        alias = "awaiting_payment",
        alias = "awaiting_cod_ok",
        alias = "cancel_pending"
    )]
    Placed,
    Confirmed,
    Rejected,
    Cancelled,
}

/// A seller's part of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartView {
    seller_order_id: Uuid,
    number: String,
    vendor_id: Uuid,
    vendor_name: String,
    total: Money,
    // Without a comment for the document: one of its own would make the word an `allOf`.
    #[schema(inline)]
    status: PartStatus,
}

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
        status: part.status,
    }
}

fn item(order: Order, parts: &[Part]) -> OrderItem {
    let currency = order.currency.parse().unwrap_or(Currency::Inr);
    let own = parts.iter().filter(|part| part.order_id == order.id);
    OrderItem {
        order_id: order.id,
        number: order.number,
        buyer_id: order.buyer_id,
        total: Money::new(order.total, currency),
        status: order.status,
        seller_orders: own.map(|one| part(one, currency)).collect(),
        placed_at: order.placed_at,
    }
}

/// Lists all orders, newest first.
#[utoipa::path(
    get, path = "/v1/admin/orders", operation_id = "searchOrders", tag = "admin",
    params(OrdersQuery, PageQuery), responses((status = 200, body = Page<OrderItem>)),
    security(("bearer" = ["staff"])),
)]
pub async fn orders(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<OrdersQuery>,
    page: Paging<Uuid>,
) -> Result<Json<Page<OrderItem>>, Problem> {
    let number = query.number.as_deref().map(of_order);
    let status = query.status.map(Into::into);
    let mut conn = app.db.read().await?;
    let found = orders::list(&mut conn, number, status, page.after, page.rows).await?;
    let page = Page::of(found, page.limit, |order| order.id);
    let ids: Vec<Uuid> = page.items.iter().map(|order| order.id).collect();
    let parts = orders::list_parts(&mut conn, &ids).await?;
    Ok(Json(page.map(|order| item(order, &parts))))
}
