//! The platform's documents to sellers, and the counters that their numbers come from.

use chassis::row;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{FinancialYear, InvoiceId, InvoiceNumber, Money, VendorId};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::issued::Printed;
use crate::domain::commission::{Charged, CommissionPaper};
use crate::domain::series::SeriesKind;

/// A document that has a number and is not printed yet.
#[derive(Debug)]
pub struct Numbered {
    pub id: InvoiceId,
    /// Where its number comes from, and which one it is.
    pub year: FinancialYear,
    pub kind: SeriesKind,
    pub serial: i32,
    pub vendor_id: VendorId,
    /// Where it will lie.
    pub object_key: String,
    /// Everything that will stand on it.
    pub document: CommissionPaper,
}

/// A document without its model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub id: InvoiceId,
    pub number: InvoiceNumber,
    pub kind: SeriesKind,
    pub vendor_id: VendorId,
    pub month: Date,
    pub total: Money,
    pub issued_at: Timestamp,
    /// SHA-256 of the printed document.
    pub sha256: String,
}

/// Locks a counter until the transaction ends, and returns the last number taken from it.
pub async fn lock_counter(
    conn: &mut PgConnection,
    year: FinancialYear,
    kind: SeriesKind,
) -> sqlx::Result<i32> {
    let query = sqlx::query_scalar!(
        "insert into platform_counters as c (financial_year, series, last) values ($1, $2, 0)
         on conflict (financial_year, series) do update set last = c.last
         returning last",
        year.to_string(),
        kind.as_str(),
    );
    query.fetch_one(conn).await
}

/// Whether a month of a seller has its document of this kind. Under the lock of the counter.
pub async fn is_written(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    month: Date,
    kind: SeriesKind,
) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        "select id from commission_papers where vendor_id = $1 and month = $2 and series = $3",
        vendor_id.as_uuid(),
        month.to_sqlx() as _,
        kind.as_str(),
    );
    Ok(found.fetch_optional(conn).await?.is_some())
}

/// Keeps a numbered document, and notes that its number was taken.
pub async fn insert(conn: &mut PgConnection, numbered: &Numbered) -> sqlx::Result<()> {
    let Numbered { id, year, kind, serial, vendor_id, object_key, document } = numbered;
    let tax = document.tax.total.minor() - document.tax.taxable.minor();
    let query = sqlx::query!(
        "with counted as (
             update platform_counters set last = $4 where financial_year = $2 and series = $3
         )
         insert into commission_papers
             (id, number, financial_year, series, serial, vendor_id, month, total_minor, tax_minor, currency, document,
              object_key, state, issued_at)
         values ($1, $5, $2, $3, $4, $6, $7, $8, $9, $10, $11, $12, 'numbered', $13)",
        id.as_uuid(),
        year.to_string(),
        kind.as_str(),
        serial,
        document.number.as_str(),
        vendor_id.as_uuid(),
        document.month.to_sqlx() as _,
        document.tax.total.minor(),
        tax,
        document.tax.total.currency().as_str(),
        Json(document) as _,
        object_key,
        document.issued_at.to_sqlx() as _,
    );
    query.execute(conn).await.map(drop)
}

/// The invoices of a seller's months before `month`, newest first, with what each is over.
pub async fn list_charges_before(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    month: Date,
) -> sqlx::Result<Vec<(Charged, i64)>> {
    let query = sqlx::query!(
        "select number, issued_at, total_minor
           from commission_papers
          where vendor_id = $1 and series = 'sale' and month < $2
          order by month desc",
        vendor_id.as_uuid(),
        month.to_sqlx() as _,
    );
    let rows = query.fetch_all(conn).await?;
    let read = rows.into_iter().map(|row| {
        let charged = Charged { number: row.number, issued_at: row.issued_at.to_jiff() };
        (charged, row.total_minor)
    });
    Ok(read.collect())
}

/// What is to be printed, and where it lies or will lie.
pub async fn find_document(
    conn: &mut PgConnection,
    id: InvoiceId,
) -> sqlx::Result<Option<(CommissionPaper, String)>> {
    let row = sqlx::query!(
        "select document, object_key from commission_papers where id = $1",
        id.as_uuid(),
    );
    let row = row.fetch_optional(conn).await?;
    Ok(row.map(|row| (row.document.0, row.object_key)))
}

/// Notes what lies in the store, and where, unless another runner recorded it: then that stands.
pub async fn set_issued(
    conn: &mut PgConnection,
    printed: &Printed,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update commission_papers
            set state = 'issued', sha256 = $2, size_bytes = $3, object_key = $4, stored_at = $5
          where id = $1 and state = 'numbered'",
        printed.invoice_id.as_uuid(),
        printed.sha256,
        printed.size_bytes,
        printed.object_key,
        now.to_sqlx() as _,
    );
    query.execute(conn).await.map(drop)
}

/// Locks an issued document, so that what is done with it takes turns. Returns whose it is.
pub async fn lock_issued(conn: &mut PgConnection, id: InvoiceId) -> sqlx::Result<Option<VendorId>> {
    let query = sqlx::query_scalar!(
        "select vendor_id from commission_papers where id = $1 and state = 'issued' for update",
        id.as_uuid(),
    );
    query.fetch_optional(conn).await
}

/// Issued documents to a seller, newest first, below `before`.
pub async fn list_of_seller(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    before: Option<InvoiceId>,
    rows: i64,
) -> sqlx::Result<Vec<Summary>> {
    let query = sqlx::query!(
        r#"select id, number, series, vendor_id, month, total_minor, currency, issued_at, sha256 as "sha256!"
             from commission_papers
            where vendor_id = $1 and state = 'issued' and ($2::uuid is null or id < $2)
            order by id desc
            limit $3"#,
        vendor_id.as_uuid(),
        before.map(|id| id.as_uuid()),
        rows,
    );
    let rows = query.fetch_all(conn).await?;
    let read = rows.into_iter().map(|found| {
        Ok(Summary {
            id: found.id,
            number: found.number,
            kind: row::parse("commission_papers.series", &found.series)?,
            vendor_id: found.vendor_id,
            month: found.month.to_jiff(),
            total: Money::new(found.total_minor, found.currency),
            issued_at: found.issued_at.to_jiff(),
            sha256: found.sha256,
        })
    });
    read.collect()
}
