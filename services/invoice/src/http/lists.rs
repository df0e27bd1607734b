//! Which documents there are.

use axum::extract::State;
use chassis::auth::{Buyer, VendorOf};
use chassis::{Json, Page, PageQuery, Path, Problem, Query};
use jiff::Timestamp;
use kernel::{InvoiceId, InvoiceNumber, Money, OrderId, SellerOrderId, VendorId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::error::Error;
use crate::store::invoices::{self, Summary};
use crate::usecases;

/// An issued document.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvoiceView {
    invoice_id: InvoiceId,
    /// Its number in the seller's series.
    number: InvoiceNumber,
    vendor_id: VendorId,
    order_id: OrderId,
    seller_order_id: SellerOrderId,
    total: Money,
    issued_at: Timestamp,
    /// SHA-256 of the PDF, lower-case hex.
    sha256: String,
}

impl InvoiceView {
    /// Nothing before the document is printed.
    fn of(invoice: Summary) -> Option<Self> {
        Some(Self {
            invoice_id: invoice.id,
            number: invoice.number,
            vendor_id: invoice.vendor_id,
            order_id: invoice.order_id,
            seller_order_id: invoice.seller_order_id,
            total: invoice.total,
            issued_at: invoice.issued_at,
            sha256: invoice.sha256?,
        })
    }
}

/// The documents of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvoicesView {
    items: Vec<InvoiceView>,
}

/// Lists the documents of an order: the buyer sees all, a seller its own. Those still being printed are not in it.
#[utoipa::path(
    get, path = "/v1/orders/{id}/invoices", tag = "invoice",
    params(("id" = OrderId, Path, description = "The order")),
    responses(
        (status = 200, description = "The documents", body = InvoicesView),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "No order of the caller", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn of_order(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<OrderId>,
) -> Result<Json<InvoicesView>, Problem> {
    let mut conn = app.db.read().await?;
    let mut all = invoices::list_of_order(&mut conn, id).await?;
    all.retain(|invoice| usecases::reader(&caller, invoice).is_some());
    if all.is_empty() {
        return Err(Error::NotFound.into());
    }
    Ok(Json(InvoicesView { items: all.into_iter().filter_map(InvoiceView::of).collect() }))
}

/// Lists a seller's documents, newest first.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/invoices", tag = "invoice",
    params(("vendor_id" = VendorId, Path, description = "The seller"), PageQuery),
    responses(
        (status = 200, description = "The documents", body = Page<InvoiceView>),
        (status = 400, description = "An unknown parameter", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "Not a member of any seller", body = Problem),
        (status = 404, description = "No seller of the caller", body = Problem),
        (status = 422, description = "A parameter is not valid", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn of_seller(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<InvoiceView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = invoices::list_of_seller(&mut conn, vendor_id, before, rows).await;
    let views = found?.into_iter().filter_map(InvoiceView::of).collect();
    Ok(Json(Page::of(views, page.limit, |view: &InvoiceView| view.invoice_id)))
}
