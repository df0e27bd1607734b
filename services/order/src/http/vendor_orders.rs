//! What a seller sees of its orders.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::etag::unless_seen;
use chassis::{Json, Page, Path, Problem, Query};
use contracts::user::ContactAddress;
use jiff::Timestamp;
use kernel::{Money, Phone, Pincode, SellerOrderId, StateCode, VendorId};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::queries::VendorOrdersQuery;
use super::views::{LineView, ShipmentView};
use crate::App;
use crate::domain::order::Method;
use crate::domain::seller_order::State as Status;
use crate::error::Error;
use crate::store;
use crate::store::parts::{Origin, Standing, Summary};

/// A seller order in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerOrderSummary {
    /// Which seller order.
    pub seller_order_id: SellerOrderId,
    /// Its number for people.
    pub number: String,
    /// Where it stands.
    pub status: Status,
    /// How the buyer pays.
    pub payment_method: Method,
    /// What the buyer pays for it.
    pub total: Money,
    /// When the order was placed.
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
            placed_at: summary.placed_at,
        }
    }
}

/// A seller order as its seller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct VendorOrderView {
    /// Which seller order.
    pub seller_order_id: SellerOrderId,
    /// Its number for people.
    pub number: String,
    /// Where it stands.
    pub status: Status,
    /// What to supply.
    pub lines: Vec<LineView>,
    /// Delivery.
    pub shipping: Money,
    /// Tax in lines and delivery.
    pub tax: Money,
    /// What the buyer pays for it.
    pub total: Money,
    /// What the seller is owed of it.
    pub payable: Money,
    /// How the buyer pays: with `cod` the carrier takes the total at the door.
    pub payment_method: Method,
    /// When the order was placed.
    pub placed_at: Timestamp,
    /// Where to send it; absent when the buyer asked to be forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryView>,
    /// The parcel, once it was shipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipment: Option<ShipmentView>,
}

/// Where to send a parcel. Personal data of the buyer, for this purpose only.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Who receives it.
    pub recipient: String,
    /// Whom the courier calls.
    pub phone: Phone,
    /// House and street.
    pub line1: String,
    /// Area or landmark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// Town.
    pub city: String,
    /// State.
    pub state: StateCode,
    /// Postal index number.
    pub pincode: Pincode,
}

/// A seller's orders, newest first.
#[utoipa::path(
    get,
    path = "/v1/vendors/{vendor_id}/orders",
    tag = "order",
    params(("vendor_id" = VendorId, Path, description = "The seller."), VendorOrdersQuery),
    responses(
        (status = 200, body = Page<SellerOrderSummary>, description = "A page of them."),
        (status = 400, body = Problem, description = "An unknown query parameter."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 403, body = Problem, description = "The caller acts for no seller."),
        (status = 404, body = Problem, description = "Another seller."),
        (status = 422, body = Problem, description = "A parameter is out of range."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Query(query): Query<VendorOrdersQuery>,
) -> Result<Json<Page<SellerOrderSummary>>, Problem> {
    let rows = chassis::page::rows(query.limit)?;
    let before = chassis::page::cursor(query.after.as_deref())?;
    let mut conn = app.db.read().await?;
    let found =
        store::parts::list_of_vendor(&mut conn, vendor_id, query.status, before, rows).await;
    let items = found?.into_iter().map(SellerOrderSummary::of).collect();
    Ok(Json(Page::of(items, query.limit, |order: &SellerOrderSummary| order.seller_order_id)))
}

/// One of a seller's orders, with the address to send it to.
#[utoipa::path(
    get,
    path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}",
    tag = "order",
    params(
        ("vendor_id" = VendorId, Path, description = "The seller."),
        ("seller_order_id" = SellerOrderId, Path, description = "The seller order."),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "As it stands, with an `ETag`."),
        (status = 304, description = "The client has it."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 403, body = Problem, description = "The caller acts for no seller."),
        (status = 404, body = Problem, description = "None such, or another seller's."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
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
    let delivery = store::projections::find_address(conn, address_id, version).await?;
    let standing = store::parts::find(conn, origin.order_id, id).await?;
    let standing = standing.ok_or(Error::NotFound)?;
    Ok((standing.version, VendorOrderView::of(standing, &origin, delivery.map(DeliveryView::of))))
}

impl VendorOrderView {
    fn of(standing: Standing, origin: &Origin, delivery: Option<DeliveryView>) -> Self {
        let shipment = ShipmentView::of(&standing);
        let part = standing.part;
        Self {
            seller_order_id: part.seller_order_id,
            number: part.number,
            status: standing.state,
            lines: part.lines.iter().map(LineView::of).collect(),
            shipping: part.shipping,
            tax: part.tax,
            total: part.total,
            payable: part.share.payable,
            payment_method: origin.method,
            placed_at: origin.placed_at,
            delivery,
            shipment,
        }
    }
}

impl DeliveryView {
    fn of(address: ContactAddress) -> Self {
        Self {
            recipient: address.recipient,
            phone: address.phone,
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            state: address.state,
            pincode: address.pincode,
        }
    }
}
