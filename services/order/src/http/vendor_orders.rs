//! What a seller sees of its orders.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::etag::unless_seen;
use chassis::{Json, Page, PageQuery, Path, Problem, Query};
use jiff::Timestamp;
use kernel::{Money, SellerOrderId, VendorId};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::{IntoResponses, ToSchema};

use super::answers::{self, Listed, Responses};
use super::credits::CreditView;
use super::delivery::DeliveryView;
use super::pieces::{ParcelView, ReturnableView, ShipmentView};
use super::queries::VendorOrdersQuery;
use super::returns::OpenReturnView;
use super::since::{self, Since};
use super::views::OrderLineView;
use crate::App;
use crate::domain::order::Method;
use crate::domain::seller_order::SellerOrderState;
use crate::error::Error;
use crate::store;
use crate::store::parts::{Origin, SellerOrderRow};
use crate::store::vendor_lists::{Count, Summary};

/// A seller order in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerOrderSummary {
    pub seller_order_id: SellerOrderId,
    pub number: String,
    pub status: SellerOrderState,
    pub payment_method: Method,
    /// What the buyer pays for it, tax and delivery included.
    pub total: Money,
    /// Until when it has to be accepted, shipped, delivered or back, or can be sent back, as in the seller order itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    pub placed_at: Timestamp,
}

impl SellerOrderSummary {
    fn of(summary: Summary) -> Self {
        Self {
            seller_order_id: summary.seller_order_id,
            number: summary.number,
            status: summary.state,
            payment_method: summary.method,
            total: summary.total,
            due_at: summary.due_at,
            placed_at: summary.placed_at,
        }
    }
}

/// A seller order as its seller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct VendorOrderView {
    pub seller_order_id: SellerOrderId,
    /// The order's number and the seller's place in it, such as `M261130-000042-1`.
    pub number: String,
    /// `confirmed`, then `accepted`, `packed`, `shipped` and `delivered` as the seller moves it on. When nothing of it is
    /// left: `buyer_cancelled`, `staff_cancelled`, `vendor_rejected`, `sla_expired` when the seller took too long, or
    /// `unavailable` when it was paid for too late and is gone. `rto`: it was not taken at the door and goes back;
    /// `rto_received`: it is back. `lost`: it never arrived. `returned`: the buyer sent it back.
    pub status: SellerOrderState,
    /// Until when it has to be accepted (`confirmed`), shipped (`accepted`, `packed`), delivered (`shipped`) or back (`rto`);
    /// then it is taken back. Of what is `delivered` it is `returnable_until`; then it is `completed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Until when the buyer can ask to send it back, or pieces of it. Absent unless it is `delivered`, and when nothing of it
    /// may be sent back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returnable_until: Option<Timestamp>,
    /// The returns of it that are open. As long as there is one, it is not `completed`.
    pub returns: Vec<OpenReturnView>,
    pub lines: Vec<OrderLineView>,
    /// What the buyer pays for delivery.
    pub shipping: Money,
    /// The GST contained in `total`.
    pub tax: Money,
    /// What the buyer pays for it, tax and delivery included, as ordered. What was taken back is not deducted.
    pub total: Money,
    /// What was taken back, oldest first. Only the pieces that are left are to be sent.
    pub credits: Vec<CreditView>,
    /// What the seller is owed of `total`: less commission, the tax on it, and taxes withheld (TCS, TDS).
    pub payable: Money,
    /// How the buyer pays: with `cod` the carrier takes `due_at_door`.
    pub payment_method: Method,
    /// What the carrier has to take in cash: `total` less `credits`. Absent when that is nothing, or not any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at_door: Option<Money>,
    pub placed_at: Timestamp,
    /// Absent once it arrived, came back or was cancelled, and the buyer asked to be forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryView>,
    /// What it goes out in. While something is left to send, it is `packed`.
    pub parcels: Vec<ParcelView>,
    /// The parcel that was sent last, whatever became of it; `parcels` has all of them. Absent before all of it is shipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipment: Option<ShipmentView>,
}

/// Lists a seller's orders, newest first.
///
/// Those that are not confirmed are not shown.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/orders", operation_id = "listVendorOrders", tag = "order",
    params(("vendor_id" = VendorId, Path), VendorOrdersQuery, PageQuery),
    responses((status = 200, body = Page<SellerOrderSummary>, description = "A page of them.")),
    security(("bearer" = ["seller"])),
)]
pub async fn list(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Query(query): Query<VendorOrdersQuery>,
    Query(page): Query<PageQuery>,
) -> Listed<SellerOrderSummary> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = store::vendor_lists::list(&mut conn, vendor_id, query.status, before, rows).await;
    let items = found?.into_iter().map(SellerOrderSummary::of).collect();
    Ok(Json(Page::of(items, page.limit, |order: &SellerOrderSummary| order.seller_order_id)))
}

/// How many of a seller's orders stand at a status.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountView {
    status: SellerOrderState,
    count: i64,
    /// When the oldest of them was placed.
    oldest_at: Timestamp,
}

/// Counts a seller's orders by status.
///
/// A status at which none stands is left out.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/orders/counts", operation_id = "countVendorOrders",
    tag = "order",
    params(("vendor_id" = VendorId, Path)),
    responses((status = 200, body = Vec<CountView>)),
    security(("bearer" = ["seller"])),
)]
pub async fn counts(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
) -> Result<Json<Vec<CountView>>, Problem> {
    let mut conn = app.db.read().await?;
    let counts = store::vendor_lists::count(&mut conn, vendor_id).await?.into_iter();
    let view =
        |Count { state, orders, oldest_at }| CountView { status: state, count: orders, oldest_at };
    Ok(Json(counts.map(view).collect()))
}

/// Shows one of a seller's orders, with the address to send it to.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}",
    operation_id = "getVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "The seller order, with an `ETag`."),
        (status = 304, description = "Nothing new since the `ETag` in `If-None-Match`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn find(
    State(app): State<App>,
    _: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (version, view) = view(&mut *app.db.read().await?, vendor_id, id).await?;
    Ok(unless_seen(&headers, version, view))
}

/// A seller's order with its version.
pub async fn view(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    id: SellerOrderId,
) -> Result<(i64, VendorOrderView), Problem> {
    let origin = store::parts::find_origin(conn, id, vendor_id).await?;
    let origin = origin.ok_or(Error::NotFound)?;
    let (address_id, version) = (origin.address_id, origin.address_version);
    // It is nobody's business any more, even while another seller's parcel still needs it.
    let delivery = if store::erasure::is_done_for(conn, id).await? {
        None
    } else {
        store::projections::find_address(conn, address_id, version).await?
    };
    let seller_order = store::parts::find(conn, origin.order_id, id).await?;
    let seller_order = seller_order.ok_or(Error::NotFound)?;
    let since = since::find_one(conn, origin.order_id, &seller_order).await?;
    let (version, delivery) = (seller_order.version, delivery.map(DeliveryView::of));
    Ok((version, VendorOrderView::of(seller_order, &since, &origin, delivery)))
}

impl IntoResponses for VendorOrderView {
    fn responses() -> Responses {
        answers::done::<Self>("Done, with an `ETag`.")
    }
}

impl VendorOrderView {
    fn of(
        seller_order: SellerOrderRow,
        since: &Since,
        origin: &Origin,
        delivery: Option<DeliveryView>,
    ) -> Self {
        let shipment = ShipmentView::of(&seller_order);
        let returnable = ReturnableView::of(&seller_order, &since.held.pieces);
        let lines = OrderLineView::all(&seller_order);
        let due_at_door = since.due_at_door(&seller_order);
        let part = seller_order.part;
        let credits = since.credits.iter().map(|credit| CreditView::of(credit, &part)).collect();
        Self {
            seller_order_id: part.seller_order_id,
            number: part.number,
            status: seller_order.state,
            due_at: seller_order.due_at,
            returnable_until: returnable.map(|view| view.until),
            returns: OpenReturnView::all(&since.held.open),
            lines,
            shipping: part.shipping,
            tax: part.tax,
            total: part.total,
            credits,
            payable: part.share.payable,
            payment_method: origin.method,
            due_at_door,
            placed_at: origin.placed_at,
            delivery,
            parcels: ParcelView::all(&since.parcels),
            shipment,
        }
    }
}
