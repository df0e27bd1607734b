//! Documents: the frozen model, the number, and what was printed of it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{
    CheckoutId, CreditId, Currency, InvoiceId, InvoiceNumber, Money, OrderId, SellerOrderId,
    UserId, VendorId,
};
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

/// What a credit note reduces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduces {
    /// By which credit.
    pub credit_id: CreditId,
    /// Which sale.
    pub against: InvoiceId,
    /// Its number.
    pub against_number: InvoiceNumber,
}

/// A document without its model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub id: InvoiceId,
    pub number: InvoiceNumber,
    pub checkout_id: CheckoutId,
    pub order_id: OrderId,
    /// For which seller order.
    pub seller_order_id: SellerOrderId,
    pub vendor_id: VendorId,
    pub buyer: UserId,
    /// What it is over.
    pub total: Money,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// SHA-256 of the printed document, once it lies in the store.
    pub sha256: Option<String>,
    /// Nothing of a sale.
    pub reduces: Option<Reduces>,
}

#[derive(Debug)]
struct Row {
    id: InvoiceId,
    number: InvoiceNumber,
    checkout_id: CheckoutId,
    order_id: OrderId,
    seller_order_id: SellerOrderId,
    vendor_id: VendorId,
    buyer: UserId,
    total_minor: i64,
    currency: Currency,
    issued_at: Timestamp,
    sha256: Option<String>,
    credit_id: Option<CreditId>,
    against: Option<InvoiceId>,
    against_number: Option<InvoiceNumber>,
}

impl From<Row> for Summary {
    fn from(row: Row) -> Self {
        let reduces = match (row.credit_id, row.against, row.against_number) {
            (Some(credit_id), Some(against), Some(against_number)) => {
                Some(Reduces { credit_id, against, against_number })
            }
            // A sale: the table holds all of them or none.
            (_, _, _) => None,
        };
        Self {
            id: row.id,
            number: row.number,
            checkout_id: row.checkout_id,
            order_id: row.order_id,
            seller_order_id: row.seller_order_id,
            vendor_id: row.vendor_id,
            buyer: row.buyer,
            total: Money::new(row.total_minor, row.currency),
            issued_at: row.issued_at,
            sha256: row.sha256,
            reduces,
        }
    }
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

/// What lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Which document.
    pub invoice_id: InvoiceId,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
    /// How many there are.
    pub size_bytes: i64,
    /// Where they lie.
    pub object_key: String,
}

/// These documents, in this order.
async fn load(conn: &mut PgConnection, ids: &[InvoiceId]) -> sqlx::Result<Vec<Summary>> {
    let ids: Vec<Uuid> = ids.iter().map(InvoiceId::as_uuid).collect();
    let query = sqlx::query_as!(
        Row,
        r#"select i.id, i.number, i.checkout_id, i.order_id, i.seller_order_id, i.vendor_id, i.buyer, i.total_minor,
                  i.currency, i.issued_at, i.sha256, i.credit_id, i.against, a.number as "against_number?"
             from invoices i
             left join invoices a on a.id = i.against
            where i.id = any((select $1::uuid[])::uuid[])
            order by array_position($1, i.id)"#,
        &ids,
    );
    let rows = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(Summary::from).collect())
}

/// An issued document: nothing before it is printed.
pub async fn find_issued(conn: &mut PgConnection, id: InvoiceId) -> sqlx::Result<Option<Summary>> {
    let found = load(conn, &[id]).await?.pop();
    Ok(found.filter(|document| document.sha256.is_some()))
}

/// Locks an issued document, so that what is done with it takes turns.
pub async fn lock_issued(conn: &mut PgConnection, id: InvoiceId) -> sqlx::Result<Option<Summary>> {
    sqlx::query!("select id from invoices where id = $1 for update", id.as_uuid())
        .fetch_optional(&mut *conn)
        .await?;
    find_issued(conn, id).await
}

/// Notes what lies in the store, and where, of those that are not issued yet. Returns these: what another runner recorded
/// stands.
pub async fn set_issued(
    conn: &mut PgConnection,
    printed: &[Printed],
    now: Timestamp,
) -> sqlx::Result<Vec<Summary>> {
    let ids: Vec<Uuid> = printed.iter().map(|p| p.invoice_id.as_uuid()).collect();
    let hashes: Vec<&str> = printed.iter().map(|p| &*p.sha256).collect();
    let sizes: Vec<i64> = printed.iter().map(|p| p.size_bytes).collect();
    let keys: Vec<&str> = printed.iter().map(|p| &*p.object_key).collect();
    let query = sqlx::query_as!(
        Row,
        r#"update invoices i
              set state = 'issued', sha256 = p.sha256, size_bytes = p.size_bytes, object_key = p.object_key,
                  stored_at = $5
             from unnest((select $1::uuid[]), (select $2::text[]), (select $3::bigint[]), (select $4::text[]))
                  as p (id, sha256, size_bytes, object_key)
            where i.id = p.id and i.state = 'numbered'
        returning i.id, i.number, i.checkout_id, i.order_id, i.seller_order_id, i.vendor_id, i.buyer,
                  i.total_minor, i.currency, i.issued_at, i.sha256, i.credit_id, i.against,
                  (select a.number from invoices a where a.id = i.against) as "against_number?: InvoiceNumber""#,
        &ids,
        &hashes as _,
        &sizes,
        &keys as _,
        now.to_sqlx(),
    );
    let rows = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(Summary::from).collect())
}

/// Every document of an order, printed or not, oldest first.
pub async fn list_of_order(conn: &mut PgConnection, id: OrderId) -> sqlx::Result<Vec<Summary>> {
    let query = sqlx::query_scalar!(
        "select id from invoices where order_id = $1 order by id",
        id.as_uuid(),
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// Issued documents of a seller, newest first, below `before`.
pub async fn list_of_seller(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    before: Option<InvoiceId>,
    rows: i64,
) -> sqlx::Result<Vec<Summary>> {
    let query = sqlx::query_scalar!(
        "select id
           from invoices
          where vendor_id = $1 and state = 'issued' and ($2::uuid is null or id < $2)
          order by id desc
          limit $3",
        vendor_id.as_uuid(),
        before.map(|id| id.as_uuid()),
        rows,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// Issued documents of everybody, or of one order, newest first, below `before`.
pub async fn list_issued(
    conn: &mut PgConnection,
    order_id: Option<OrderId>,
    before: Option<InvoiceId>,
    rows: i64,
) -> sqlx::Result<Vec<Summary>> {
    let query = sqlx::query_scalar!(
        "select id
           from invoices
          where state = 'issued' and ($1::uuid is null or order_id = $1) and ($2::uuid is null or id < $2)
          order by id desc
          limit $3",
        order_id.map(|id| id.as_uuid()),
        before.map(|id| id.as_uuid()),
        rows,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}
