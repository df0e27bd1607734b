//! Documents: the frozen model, the number, and what was printed of it.

use jiff_sqlx::ToSqlx;
use kernel::{CheckoutId, CreditId, InvoiceId, OrderId, SellerOrderId, UserId};
use sqlx::PgConnection;
use sqlx::types::{Json, Uuid};

use crate::domain::invoice::Invoice;
use crate::domain::series::Series;

/// A document that has a number and is not printed yet.
#[derive(Debug)]
pub struct Numbered {
    pub id: InvoiceId,
    /// Where its number comes from, and which one it is.
    pub serial: (Series, i32),
    /// What it is about: checkout, order, seller order.
    pub about: (CheckoutId, OrderId, SellerOrderId),
    pub buyer: UserId,
    /// Where it will lie.
    pub object_key: String,
    /// Of a credit note: which credit it documents, and which sale it reduces.
    pub reduces: Option<(CreditId, InvoiceId)>,
    /// Everything that will stand on it.
    pub document: Invoice,
}

/// Which of these seller orders have their document already.
pub async fn list_numbered(
    conn: &mut PgConnection,
    ids: &[SellerOrderId],
) -> sqlx::Result<Vec<SellerOrderId>> {
    let ids: Vec<Uuid> = ids.iter().map(SellerOrderId::as_uuid).collect();
    let query = sqlx::query_scalar!(
        "select seller_order_id from invoices where seller_order_id = any($1) and kind = 'sale'",
        &ids,
    );
    query.fetch_all(conn).await
}

/// Keeps numbered documents.
pub async fn insert(conn: &mut PgConnection, numbered: &[Numbered]) -> sqlx::Result<()> {
    let uuids = |of: fn(&Numbered) -> Uuid| -> Vec<Uuid> { numbered.iter().map(of).collect() };
    let texts = |of: fn(&Numbered) -> String| -> Vec<String> { numbered.iter().map(of).collect() };
    let serials: Vec<i32> = numbered.iter().map(|n| n.serial.1).collect();
    let totals: Vec<i64> = numbered.iter().map(|n| n.document.total().minor()).collect();
    let documents: Vec<_> = numbered.iter().map(|n| Json(&n.document)).collect();
    let moments: Vec<_> =
        numbered.iter().map(|n| n.document.particulars.issued_at.to_sqlx()).collect();
    let credits: Vec<Option<Uuid>> =
        numbered.iter().map(|n| n.reduces.map(|(credit, _)| credit.as_uuid())).collect();
    let against: Vec<Option<Uuid>> =
        numbered.iter().map(|n| n.reduces.map(|(_, sold)| sold.as_uuid())).collect();
    let query = sqlx::query!(
        "insert into invoices
             (id, number, vendor_id, financial_year, series, serial, checkout_id, order_id,
              seller_order_id, buyer, total_minor, currency, document, object_key, state, issued_at,
              kind, credit_id, against)
         select n.id, n.number, n.vendor_id, n.financial_year, n.series, n.serial, n.checkout_id,
                n.order_id, n.seller_order_id, n.buyer, n.total_minor, n.currency, n.document,
                n.object_key, 'numbered', n.issued_at, n.series, n.credit_id, n.against
         from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::integer[],
                     $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::bigint[], $12::text[],
                     $13::jsonb[], $14::text[], $15::timestamptz[], $16::uuid[], $17::uuid[])
              as n (id, number, vendor_id, financial_year, series, serial, checkout_id, order_id,
                    seller_order_id, buyer, total_minor, currency, document, object_key, issued_at,
                    credit_id, against)",
        &uuids(|n| n.id.as_uuid()),
        &texts(|n| n.document.particulars.number.to_string()),
        &uuids(|n| n.serial.0.vendor_id.as_uuid()),
        &texts(|n| n.serial.0.year.to_string()),
        &texts(|n| n.serial.0.kind().to_owned()),
        &serials,
        &uuids(|n| n.about.0.as_uuid()),
        &uuids(|n| n.about.1.as_uuid()),
        &uuids(|n| n.about.2.as_uuid()),
        &uuids(|n| n.buyer.as_uuid()),
        &totals,
        &texts(|n| n.document.total().currency().as_str().to_owned()),
        &documents as _,
        &texts(|n| n.object_key.clone()),
        &moments as _,
        &credits as _,
        &against as _,
    );
    query.execute(conn).await.map(drop)
}

/// A document that is to be printed.
#[derive(Debug)]
pub struct Document {
    pub id: InvoiceId,
    /// Everything that will stand on it.
    pub model: Invoice,
    /// Where the print of it lies or will lie.
    pub object_key: String,
}

/// Those of the documents that there are.
pub async fn list_documents(
    conn: &mut PgConnection,
    ids: &[InvoiceId],
) -> sqlx::Result<Vec<Document>> {
    let ids: Vec<Uuid> = ids.iter().map(InvoiceId::as_uuid).collect();
    let query = sqlx::query!(
        "select id, document, object_key
           from invoices
          where id = any((select $1::uuid[])::uuid[])",
        &ids,
    );
    let rows = query.fetch_all(conn).await?;
    let read = rows.into_iter().map(|row| Document {
        id: row.id,
        model: row.document.0,
        object_key: row.object_key,
    });
    Ok(read.collect())
}
