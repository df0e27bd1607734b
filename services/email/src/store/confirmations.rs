//! Orders whose confirmation waits for invoices.

use contracts::invoice::InvoiceIssued;
use contracts::order::OrderFact;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Money, OrderId, SellerOrderId, UserId};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::receipt::{Invoice, Receipt};

/// Makes the order's row if there is none, and locks it: without this an order and its last invoice, heard at the same
/// time, would each miss the other. Returns what the confirmation will show, and to whom; nothing before the order was
/// heard.
pub async fn lock(
    conn: &mut PgConnection,
    order: OrderId,
    now: Timestamp,
) -> sqlx::Result<Option<(UserId, Receipt)>> {
    let query = sqlx::query!(
        "insert into confirmations (order_id, created_at)
         values ($1, $2)
         on conflict (order_id) do update set order_id = excluded.order_id
         returning buyer_id, receipt",
        order.as_uuid(),
        now.to_sqlx(),
    );
    let row = query.fetch_one(conn).await?;
    Ok(row.buyer_id.zip(row.receipt.map(|Json(receipt)| receipt)))
}

/// What was ordered, as its confirmation shows it; nothing before the order was heard.
pub async fn find(conn: &mut PgConnection, order: OrderId) -> sqlx::Result<Option<Receipt>> {
    let row =
        sqlx::query!("select receipt from confirmations where order_id = $1", order.as_uuid(),)
            .fetch_optional(conn)
            .await?;
    Ok(row.and_then(|row| row.receipt).map(|Json(receipt)| receipt))
}

/// Makes the order's row, or completes it, and locks it. What was kept first stays.
pub async fn insert(
    conn: &mut PgConnection,
    order: &OrderFact,
    receipt: &Receipt,
    now: Timestamp,
) -> sqlx::Result<(UserId, Receipt)> {
    let query = sqlx::query!(
        r#"insert into confirmations as c (order_id, created_at, buyer_id, parts, receipt)
           values ($1, $2, $3, $4, $5)
           on conflict (order_id) do update
              set buyer_id = coalesce(c.buyer_id, excluded.buyer_id), parts = coalesce(c.parts, excluded.parts),
                  receipt = coalesce(c.receipt, excluded.receipt)
           returning buyer_id as "buyer_id!", receipt as "receipt!""#,
        order.order_id.as_uuid(),
        now.to_sqlx(),
        order.buyer.as_uuid(),
        i32::try_from(receipt.sections.len()).unwrap_or(i32::MAX),
        Json(receipt) as _,
    );
    let row = query.fetch_one(conn).await?;
    Ok((row.buyer_id, row.receipt.0))
}

/// Keeps an invoice; there is one per seller order.
pub async fn insert_invoice(conn: &mut PgConnection, invoice: &InvoiceIssued) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into confirmation_invoices
             (order_id, seller_order_id, invoice_id, number, vendor_id, total, currency, sealed_link)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict do nothing",
        invoice.order_id.as_uuid(),
        invoice.seller_order_id.as_uuid(),
        invoice.invoice_id.as_uuid(),
        invoice.number,
        invoice.vendor_id.as_uuid(),
        invoice.total.minor(),
        invoice.total.currency().as_str(),
        invoice.sealed_link,
    );
    query.execute(conn).await.map(drop)
}

/// The invoices of an order so far.
pub async fn list_invoices(
    conn: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<Vec<(SellerOrderId, Invoice)>> {
    let query = sqlx::query!(
        "select seller_order_id, invoice_id, number, total, currency, sealed_link
           from confirmation_invoices
          where order_id = $1",
        order.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    let invoices = rows.into_iter().map(|row| {
        let invoice = Invoice {
            id: row.invoice_id,
            number: row.number,
            total: Money::new(row.total, row.currency),
            sealed_link: row.sealed_link,
        };
        (row.seller_order_id, invoice)
    });
    Ok(invoices.collect())
}
