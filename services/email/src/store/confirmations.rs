//! Orders whose confirmation waits for invoices.

use std::collections::BTreeSet;

use contracts::invoice::InvoiceIssued;
use contracts::order::OrderFact;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, InvoiceId, Money, OrderId, SellerOrderId, UserId};
use sqlx::PgConnection;
use sqlx::types::{Json, Uuid};

use crate::domain::receipt::{Invoice, Receipt};

/// An order whose buyer is to be written to.
#[derive(Debug)]
pub struct Confirmation {
    /// Which.
    pub order_id: OrderId,
    /// To whom.
    pub buyer: UserId,
    /// What the mail will show.
    pub receipt: Receipt,
}

/// Makes the order's row, or completes it, and locks it: without this an order and its last invoice, heard at the same
/// time, would each miss the other. What was kept first stays.
pub async fn keep(
    conn: &mut PgConnection,
    order: &OrderFact,
    receipt: &Receipt,
    now: Timestamp,
) -> sqlx::Result<Confirmation> {
    let row = sqlx::query!(
        r#"insert into confirmations as c (order_id, created_at, buyer_id, parts, receipt)
           values ($1, $2, $3, $4, $5)
           on conflict (order_id) do update
              set buyer_id = coalesce(c.buyer_id, excluded.buyer_id), parts = coalesce(c.parts, excluded.parts),
                  receipt = coalesce(c.receipt, excluded.receipt)
           returning buyer_id as "buyer_id!", receipt as "receipt!: Json<Receipt>""#,
        order.order_id.as_uuid(),
        now.to_sqlx() as _,
        order.buyer.as_uuid(),
        i32::try_from(receipt.sections.len()).unwrap_or(i32::MAX),
        Json(receipt) as _,
    )
    .fetch_one(conn)
    .await?;
    let (buyer, receipt) = (UserId::from_uuid(row.buyer_id), row.receipt.0);
    Ok(Confirmation { order_id: order.order_id, buyer, receipt })
}

/// Makes the rows of orders that there are none of, and locks all of them. Returns those whose order was heard.
pub async fn lock(
    conn: &mut PgConnection,
    orders: &BTreeSet<OrderId>,
    now: Timestamp,
) -> sqlx::Result<Vec<Confirmation>> {
    let ids: Vec<Uuid> = orders.iter().map(OrderId::as_uuid).collect();
    let rows = sqlx::query!(
        r#"insert into confirmations (order_id, created_at)
           select id, $2 from unnest($1::uuid[]) as id order by id
           on conflict (order_id) do update set order_id = excluded.order_id
           returning order_id, buyer_id, receipt as "receipt: Json<Receipt>""#,
        &ids,
        now.to_sqlx() as _,
    )
    .fetch_all(conn)
    .await?;
    let heard = rows.into_iter().filter_map(|row| {
        let (buyer, receipt) = (UserId::from_uuid(row.buyer_id?), row.receipt?.0);
        Some(Confirmation { order_id: OrderId::from_uuid(row.order_id), buyer, receipt })
    });
    Ok(heard.collect())
}

/// Keeps invoices; there is one per seller order.
pub async fn insert_invoices(
    conn: &mut PgConnection,
    invoices: &[InvoiceIssued],
) -> sqlx::Result<()> {
    let uuids = |of: fn(&InvoiceIssued) -> Uuid| -> Vec<Uuid> { invoices.iter().map(of).collect() };
    let numbers: Vec<&str> = invoices.iter().map(|invoice| &*invoice.number).collect();
    let totals: Vec<i64> = invoices.iter().map(|invoice| invoice.total.minor()).collect();
    let currencies: Vec<&str> =
        invoices.iter().map(|invoice| invoice.total.currency().as_str()).collect();
    let links: Vec<&str> = invoices.iter().map(|invoice| &*invoice.sealed_link).collect();
    sqlx::query!(
        "insert into confirmation_invoices
             (order_id, seller_order_id, invoice_id, number, vendor_id, total, currency, sealed_link)
         select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::bigint[], $7::text[],
                              $8::text[])
         on conflict do nothing",
        &uuids(|invoice| invoice.order_id.as_uuid()),
        &uuids(|invoice| invoice.seller_order_id.as_uuid()),
        &uuids(|invoice| invoice.invoice_id.as_uuid()),
        &numbers as _,
        &uuids(|invoice| invoice.vendor_id.as_uuid()),
        &totals,
        &currencies as _,
        &links as _,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// The invoices of these orders so far, each with the seller order it is for.
pub async fn list_invoices(
    conn: &mut PgConnection,
    orders: &[OrderId],
) -> sqlx::Result<Vec<(SellerOrderId, Invoice)>> {
    let ids: Vec<Uuid> = orders.iter().map(OrderId::as_uuid).collect();
    let rows = sqlx::query!(
        "select seller_order_id, invoice_id, number, total, currency, sealed_link
           from confirmation_invoices
          where order_id = any((select $1::uuid[])::uuid[])",
        &ids,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let currency = Currency::parse(&row.currency)
                .map_err(|_| super::unknown("currency", &row.currency))?;
            let invoice = Invoice {
                id: InvoiceId::from_uuid(row.invoice_id),
                number: row.number,
                total: Money::new(row.total, currency),
                sealed_link: row.sealed_link,
            };
            Ok((SellerOrderId::from_uuid(row.seller_order_id), invoice))
        })
        .collect()
}
