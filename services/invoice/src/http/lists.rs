//! Which documents there are.

use axum::extract::State;
use chassis::auth::callers::may;
use chassis::auth::{Buyer, Staff, VendorOf};
use chassis::{Json, Page, PageQuery, Path, Problem, Query};
use jiff::Timestamp;
use kernel::{InvoiceId, InvoiceNumber, Money, OrderId, SellerOrderId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::error::Error;
use crate::store::issued::{self, Summary};
use crate::usecases;

/// What a document says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum InvoiceKind {
    /// Something was sold: an invoice or a bill of supply.
    Sale,
    /// Something sold was taken back: a credit note.
    Credit,
}

/// The document that a credit note reduces.
#[derive(Debug, Serialize, ToSchema)]
struct AgainstView {
    invoice_id: InvoiceId,
    number: InvoiceNumber,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct InvoiceView {
    invoice_id: InvoiceId,
    kind: InvoiceKind,
    /// Of a credit note only.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<AgainstView>,
    /// Without gaps within the seller's series of a financial year (1 April to 31 March).
    number: InvoiceNumber,
    vendor_id: VendorId,
    order_id: OrderId,
    seller_order_id: SellerOrderId,
    /// What the buyer pays or gets back, tax included.
    total: Money,
    /// The date on the document. It is printed a moment later.
    issued_at: Timestamp,
    /// SHA-256 of the PDF, lower-case hex.
    sha256: String,
}

impl InvoiceView {
    /// Nothing before the document is printed.
    fn of(invoice: Summary) -> Option<Self> {
        let sha256 = invoice.sha256?;
        let against = invoice
            .reduces
            .map(|of| AgainstView { invoice_id: of.against, number: of.against_number });
        Some(Self {
            invoice_id: invoice.id,
            kind: if against.is_some() { InvoiceKind::Credit } else { InvoiceKind::Sale },
            against,
            number: invoice.number,
            vendor_id: invoice.vendor_id,
            order_id: invoice.order_id,
            seller_order_id: invoice.seller_order_id,
            total: invoice.total,
            issued_at: invoice.issued_at,
            sha256,
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct InvoicesView {
    items: Vec<InvoiceView>,
}

/// Lists the documents of an order.
///
/// The buyer sees all of them, a seller its own: invoices, and credit notes over what was taken back. They are made once the order is confirmed: 404 until they have numbers,
/// and those still being printed are left out.
#[utoipa::path(
    get, path = "/v1/orders/{id}/invoices", operation_id = "listOrderInvoices", tag = "invoice",
    params(("id" = OrderId, Path, description = "The order")),
    responses((status = 200, description = "The documents", body = InvoicesView)),
    security(("bearer" = [])),
)]
pub async fn of_order(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<OrderId>,
) -> Result<Json<InvoicesView>, Problem> {
    let mut conn = app.db.read().await?;
    let mut all = issued::list_of_order(&mut conn, id).await?;
    all.retain(|invoice| usecases::reader(&caller, invoice).is_some());
    if all.is_empty() {
        return Err(Error::NotFound.into());
    }
    Ok(Json(InvoicesView { items: all.into_iter().filter_map(InvoiceView::of).collect() }))
}

/// Lists a seller's documents, newest first.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/invoices", operation_id = "listVendorInvoices",
    tag = "invoice", params(("vendor_id" = VendorId, Path), PageQuery),
    responses((status = 200, description = "The documents", body = Page<InvoiceView>)),
    security(("bearer" = ["seller"])),
)]
pub async fn of_seller(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<InvoiceView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = issued::list_of_seller(&mut conn, vendor_id, before, rows).await;
    let views = found?.into_iter().filter_map(InvoiceView::of).collect();
    Ok(Json(Page::of(views, page.limit, |view: &InvoiceView| view.invoice_id)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InvoicesQuery {
    /// Only those of this order.
    order_id: Option<OrderId>,
}

/// Lists the documents of all sellers, newest first.
///
/// Those still being printed are left out. What they say about people is read through a link of the buyer or the seller.
#[utoipa::path(
    get, path = "/v1/admin/invoices", operation_id = "listInvoices", tag = "invoice",
    params(InvoicesQuery, PageQuery),
    responses((status = 200, description = "The documents", body = Page<InvoiceView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn for_staff(
    State(app): State<App>,
    _: Staff<may::Look>,
    Query(query): Query<InvoicesQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<InvoiceView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = issued::list_issued(&mut conn, query.order_id, before, rows).await;
    let views = found?.into_iter().filter_map(InvoiceView::of).collect();
    Ok(Json(Page::of(views, page.limit, |view: &InvoiceView| view.invoice_id)))
}
