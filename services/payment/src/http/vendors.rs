//! What a seller is owed, and the cash it took.

use axum::extract::State;
use chassis::auth::VendorOf;
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Path, Problem, Query};
use jiff::Timestamp;
use kernel::{Currency, Money, PaymentId, SellerOrderId, VendorId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Status;
use crate::store::statements::{self, Line};
use crate::usecases::Collected;
use crate::{App, usecases};

/// What a seller is owed.
#[derive(Debug, Serialize, ToSchema)]
pub struct BalanceView {
    vendor_id: VendorId,
    currency: Currency,
    /// Sold, and not paid out before the return window is over.
    pending: Money,
    /// Paid out next.
    available: Money,
}

/// A line of a seller's statement.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    entry_id: i64,
    /// Which of the seller's accounts.
    #[schema(example = "vendor_payable_pending")]
    account: String,
    /// What brought it about.
    #[schema(example = "capture:01934e5f-0000-7000-8000-000000000040")]
    cause: String,
    payment_id: PaymentId,
    #[schema(required)]
    seller_order_id: Option<SellerOrderId>,
    /// How much more the seller is owed by it.
    amount: Money,
    posted_at: Timestamp,
}

fn line(line: Line) -> LineView {
    LineView {
        entry_id: line.posting_id,
        account: line.account,
        cause: line.cause,
        payment_id: line.payment_id,
        seller_order_id: line.seller_order_id,
        amount: line.amount,
        posted_at: line.posted_at,
    }
}

/// Cash that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct CollectedView {
    payment_id: PaymentId,
    seller_order_id: SellerOrderId,
    collected: Money,
    collected_at: Timestamp,
    /// The whole payment's.
    status: Status,
}

fn collected(collected: &Collected) -> CollectedView {
    CollectedView {
        payment_id: collected.payment.id,
        seller_order_id: collected.share.seller_order_id,
        collected: collected.share.gross,
        collected_at: collected.at,
        status: collected.payment.status,
    }
}

/// Shows what the seller is owed.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/balance", tag = "payment",
    params(("vendor_id" = VendorId, Path, description = "The seller")),
    responses(
        (status = 200, description = "What the seller is owed", body = BalanceView),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "Not a seller", body = Problem),
        (status = 404, description = "Somebody else's", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn balance(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
) -> Result<Json<BalanceView>, Problem> {
    let currency = Currency::Inr;
    let mut conn = app.db.read().await?;
    let owed = statements::balance(&mut conn, vendor_id, currency).await?;
    let (pending, available) = (owed.pending, owed.available);
    Ok(Json(BalanceView { vendor_id, currency, pending, available }))
}

/// Lists what the seller's accounts moved by, the newest first.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/ledger", tag = "payment",
    params(("vendor_id" = VendorId, Path, description = "The seller"), PageQuery),
    responses(
        (status = 200, description = "A page of the statement", body = Page<LineView>),
        (status = 400, description = "An unknown parameter", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "Not a seller", body = Problem),
        (status = 404, description = "Somebody else's", body = Problem),
        (status = 422, description = "A value is not valid", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn ledger(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<LineView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor::<i64>()?);
    let mut conn = app.db.read().await?;
    let lines = statements::list(&mut conn, vendor_id, before, rows).await?;
    Ok(Json(Page::of(lines, page.limit, |line| line.posting_id).map(line)))
}

/// Says that the cash for a delivered order was taken.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/cod-collected", tag = "payment",
    params(
        ("vendor_id" = VendorId, Path, description = "The seller"),
        ("seller_order_id" = SellerOrderId, Path, description = "Its order"),
    ),
    responses(
        (status = 200, description = "The cash is booked, now or before", body = CollectedView),
        (status = 400, description = "There is something in the body", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "Not a seller", body = Problem),
        (status = 404, description = "Not there, or somebody else's", body = Problem),
        (status = 409, description = "Not delivered yet, or no cash is due", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn collect(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Path(path): Path<(VendorId, SellerOrderId)>,
    _: Idempotent<NoBody>,
) -> Result<Json<CollectedView>, Problem> {
    let (_, seller_order_id) = path;
    let taken = usecases::collect(&app, vendor_id, seller_order_id).await?;
    Ok(Json(collected(&taken)))
}
