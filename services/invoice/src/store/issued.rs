//! Documents that are issued, and the lists of them.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{
    CheckoutId, CreditId, Currency, InvoiceId, InvoiceNumber, Money, OrderId, SellerOrderId,
    UserId, VendorId,
};
use sqlx::PgConnection;
use sqlx::types::Uuid;

mod lists;
pub use lists::{list_issued, list_of_order, list_of_seller};

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

impl Reduces {
    const fn of(credit_id: CreditId, against: InvoiceId, against_number: InvoiceNumber) -> Self {
        Self { credit_id, against, against_number }
    }
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
        // The table holds all of them or, of a sale, none.
        let reduces = row.credit_id.zip(row.against.zip(row.against_number));
        let reduces =
            reduces.map(|(credit, (against, number))| Reduces::of(credit, against, number));
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
