//! Sales that are reduced, and the credit notes that reduce them.

use kernel::{CheckoutId, CreditId, InvoiceId, OrderId, SellerOrderId, UserId, VendorId};
use sqlx::PgConnection;

use crate::domain::invoice::Invoice;

/// The document of a seller order, as it was frozen.
#[derive(Debug)]
pub struct Sale {
    pub id: InvoiceId,
    pub vendor_id: VendorId,
    pub checkout_id: CheckoutId,
    pub order_id: OrderId,
    pub buyer: UserId,
    pub document: Invoice,
}

/// Locks the document of a seller order, if it has one, so that credit notes against it take turns.
pub async fn lock_sale(conn: &mut PgConnection, id: SellerOrderId) -> sqlx::Result<Option<Sale>> {
    let query = sqlx::query!(
        "select id, vendor_id, checkout_id, order_id, buyer, document
           from invoices
          where seller_order_id = $1 and kind = 'sale'
            for no key update",
        id.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    Ok(row.map(|row| Sale {
        id: row.id,
        vendor_id: row.vendor_id,
        checkout_id: row.checkout_id,
        order_id: row.order_id,
        buyer: row.buyer,
        document: row.document.0,
    }))
}

/// Whether a credit has its note already.
pub async fn is_noted(conn: &mut PgConnection, id: CreditId) -> sqlx::Result<bool> {
    let found = sqlx::query!("select id from invoices where credit_id = $1", id.as_uuid());
    Ok(found.fetch_optional(conn).await?.is_some())
}

/// The credit notes against a document.
pub async fn list_notes(conn: &mut PgConnection, against: InvoiceId) -> sqlx::Result<Vec<Invoice>> {
    let query = sqlx::query!(
        "select document from invoices where against = $1 order by id",
        against.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| row.document.0).collect())
}
