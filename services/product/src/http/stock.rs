//! A seller's own stock.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::etag::Hashed;
use chassis::{Idempotent, Path, Problem, Tx};
use kernel::{MovementId, Sku, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::domain::stock::{Count, Counters, Level};
use crate::domain::text::Reason;
use crate::error::Error;
use crate::store;
use crate::usecases::move_stock::{Moved, move_stock};

/// Pieces that came in or went out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMovement {
    /// How many came in; negative to write off. Not 0, a million at most.
    quantity: Count,
    /// Why, in one line of 1 to 200 characters.
    reason: Reason,
}

/// How much is left to be sold. `out`: nothing. `low`: 1 to 5. `in`: more.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockLevel {
    Out,
    Low,
    In,
}

/// How many of a SKU there are, and where: available + held + committed = received - shipped.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockView {
    sku: Sku,
    /// Came in, less what was written off.
    received: i64,
    /// On the shelf, to be sold.
    available: i64,
    /// Held for checkouts that are not paid for yet.
    held: i64,
    /// Sold, not yet shipped.
    committed: i64,
    /// On the way or delivered.
    shipped: i64,
    level: StockLevel,
}

/// A movement of stock, and what there is afterwards.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovementView {
    movement_id: MovementId,
    /// How many came in; negative if they were written off.
    quantity: i64,
    stock: StockView,
}

impl StockView {
    fn of(sku: &Sku, counters: Counters) -> Self {
        Self {
            sku: sku.clone(),
            received: counters.received,
            available: counters.available,
            held: counters.held,
            committed: counters.committed,
            shipped: counters.shipped,
            level: match counters.level() {
                Level::Out => StockLevel::Out,
                Level::Low => StockLevel::Low,
                Level::In => StockLevel::In,
            },
        }
    }
}

impl From<&Moved> for MovementView {
    fn from(moved: &Moved) -> Self {
        Self {
            movement_id: moved.id,
            quantity: moved.entry.quantity,
            stock: StockView::of(&moved.entry.sku, moved.counters),
        }
    }
}

/// Counts pieces in, or writes them off.
///
/// What is held or sold cannot be written off.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/stock/{sku}/movements", operation_id = "moveStock",
    tag = "product",
    params(
        ("vendor_id" = VendorId, Path),
        ("sku" = Sku, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = NewMovement,
    responses((status = 201, body = MovementView), (status = 409, description = "`product/stock-negative`: fewer are available", body = Problem)),
    security(("bearer" = ["seller"])),
)]
pub async fn add(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, Sku)>,
    once: Idempotent<NewMovement>,
) -> Result<Response, Problem> {
    let (_, sku) = path;
    let scope = seller.caller.user_id.to_string();
    let count = async |tx: &mut Tx, body: NewMovement| {
        let moved = move_stock(tx, &seller, sku, body.quantity, body.reason).await?;
        Ok((StatusCode::CREATED, MovementView::from(&moved)))
    };
    once.answer(&app.db, &scope, count).await
}

/// Shows how many of a SKU there are, and where.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/stock/{sku}", operation_id = "getStock", tag = "product",
    params(("vendor_id" = VendorId, Path), ("sku" = Sku, Path)),
    responses(
        (status = 200, body = StockView, headers(("ETag" = String, description = "a hash of the answer"))),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn find(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, Sku)>,
) -> Result<Hashed<StockView>, Problem> {
    let (_, sku) = path;
    let mut conn = app.db.read().await?;
    let counters = store::stock::find(&mut conn, seller.vendor_id, &sku).await?;
    Ok(Hashed(StockView::of(&sku, counters.ok_or(Error::NotFound)?)))
}
