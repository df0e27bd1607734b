//! What the platform wrote to a seller about its commission.

use axum::extract::State;
use chassis::auth::VendorOf;
use chassis::{Json, Page, PageQuery, Problem, Query};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{InvoiceId, InvoiceNumber, Money, VendorId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::domain::series::SeriesKind;
use crate::store::commissions::{self, Summary};

/// What a document over commission says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CommissionInvoiceKind {
    /// Commission was charged: a tax invoice.
    Invoice,
    /// Commission of months before was taken back: a credit note.
    CreditNote,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CommissionInvoiceView {
    /// `POST /v1/invoices/{id}/links` makes a link to the PDF.
    invoice_id: InvoiceId,
    kind: CommissionInvoiceKind,
    /// Without gaps within the platform's series of a financial year (1 April to 31 March).
    number: InvoiceNumber,
    vendor_id: VendorId,
    /// The first day of the month.
    #[schema(value_type = String, format = Date)]
    month: Date,
    /// The commission and the tax on it, charged or taken back.
    total: Money,
    /// The date on the document.
    issued_at: Timestamp,
    /// SHA-256 of the PDF, lower-case hex.
    sha256: String,
}

impl From<Summary> for CommissionInvoiceView {
    fn from(paper: Summary) -> Self {
        Self {
            invoice_id: paper.id,
            kind: match paper.kind {
                SeriesKind::Sale => CommissionInvoiceKind::Invoice,
                SeriesKind::Credit => CommissionInvoiceKind::CreditNote,
            },
            number: paper.number,
            vendor_id: paper.vendor_id,
            month: paper.month,
            total: paper.total,
            issued_at: paper.issued_at,
            sha256: paper.sha256,
        }
    }
}

/// Lists the documents over commission that the platform issued to a seller, newest first.
///
/// Once a month is over: a tax invoice over what was charged in it, less what was taken back of that, and a credit note
/// over what was taken back of months before; none over nothing.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/commission-invoices", operation_id = "listCommissionInvoices",
    tag = "invoice", params(("vendor_id" = VendorId, Path), PageQuery),
    responses((status = 200, description = "The documents", body = Page<CommissionInvoiceView>)),
    security(("bearer" = ["seller"])),
)]
pub async fn of_seller(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<CommissionInvoiceView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = commissions::list_of_seller(&mut conn, vendor_id, before, rows).await?;
    let views = found.into_iter().map(CommissionInvoiceView::from).collect();
    Ok(Json(Page::of(views, page.limit, |view: &CommissionInvoiceView| view.invoice_id)))
}
