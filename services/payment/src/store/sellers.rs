//! Sellers: who may be paid, what is there for them, and the lock under which something is taken from it.

use contracts::vendor::VendorChanged;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Gstin, Money, VendorId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::domain::ledger::{AVAILABLE, TDS_ADJUSTABLE};

/// What is copied of a seller, beside its names.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub is_approved: bool,
    /// Whether the provider knows where it is paid.
    pub has_account: bool,
    /// From when on it may be paid there, if not always.
    pub payable_from: Option<Timestamp>,
}

/// Keeps where a seller stands, and its names, unless something later is known.
pub async fn upsert(
    conn: &mut PgConnection,
    vendor: &VendorChanged,
    standing: Standing,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into sellers as s (vendor_id, is_approved, legal_name, gstin, version, has_account, payable_from)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (vendor_id) do update
            set is_approved = excluded.is_approved, legal_name = excluded.legal_name, gstin = excluded.gstin,
                version = excluded.version, has_account = excluded.has_account,
                payable_from = excluded.payable_from
          where s.version < excluded.version",
        vendor.vendor_id.as_uuid(),
        standing.is_approved,
        vendor.legal_name,
        vendor.gstin.as_ref().map(Gstin::as_str),
        version,
        standing.has_account,
        standing.payable_from.map(ToSqlx::to_sqlx) as _,
    );
    query.execute(conn).await.map(drop)
}

/// What a seller is called on documents and its GSTIN, once they were heard.
pub async fn find_named(
    conn: &mut PgConnection,
    vendor: VendorId,
) -> sqlx::Result<Option<(String, Option<String>)>> {
    let query = sqlx::query!(
        r#"select legal_name as "legal_name!", gstin from sellers
            where vendor_id = $1 and legal_name is not null"#,
        vendor.as_uuid(),
    );
    Ok(query.fetch_optional(conn).await?.map(|row| (row.legal_name, row.gstin)))
}

/// From when on, `now` at the earliest, a seller may be paid whose account the provider knows.
pub async fn find_payable_from(
    conn: &mut PgConnection,
    vendor: VendorId,
    now: Timestamp,
) -> sqlx::Result<Option<Timestamp>> {
    let from = sqlx::query_scalar!(
        "select payable_from from sellers where vendor_id = $1 and has_account",
        vendor.as_uuid(),
    );
    let from = from.fetch_optional(conn).await?;
    Ok(from.map(|from| from.map_or(now, |from| from.to_jiff().max(now))))
}

/// Whether a seller may be paid, as far as staff are concerned.
pub async fn is_approved(conn: &mut PgConnection, vendor: VendorId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from sellers where vendor_id = $1 and is_approved) as "is_approved!""#,
        vendor.as_uuid(),
    );
    query.fetch_one(conn).await
}

/// Has whatever else takes from what these sellers are owed wait for the end of this transaction. Locked after the
/// payment, and before anything is posted.
pub async fn lock(
    conn: &mut PgConnection,
    vendors: &[VendorId],
    currency: Currency,
) -> sqlx::Result<()> {
    // In one order everywhere, so that two transactions cannot wait for each other.
    let mut ids: Vec<Uuid> = vendors.iter().map(VendorId::as_uuid).collect();
    ids.sort_unstable();
    ids.dedup();
    let query = sqlx::query!(
        "insert into vendor_balances (vendor_id, currency)
         select vendor_id, $2 from unnest($1::uuid[]) as v (vendor_id) order by vendor_id
         on conflict do nothing",
        &ids,
        currency.as_str(),
    );
    query.execute(&mut *conn).await?;
    let query = sqlx::query!(
        "select vendor_id from vendor_balances
          where vendor_id = any($1) and currency = $2 order by vendor_id for update",
        &ids,
        currency.as_str(),
    );
    query.fetch_all(conn).await.map(drop)
}

/// What a seller could be paid.
pub async fn available(
    conn: &mut PgConnection,
    vendor: VendorId,
    currency: Currency,
) -> sqlx::Result<Money> {
    let kept = sqlx::query_scalar!(
        "select available from vendor_balances where vendor_id = $1 and currency = $2",
        vendor.as_uuid(),
        currency.as_str(),
    );
    Ok(Money::new(kept.fetch_optional(conn).await?.unwrap_or(0), currency))
}

/// How much of what a seller has came free since `since`.
pub async fn released(
    conn: &mut PgConnection,
    vendor: VendorId,
    currency: Currency,
    since: Timestamp,
) -> sqlx::Result<Money> {
    let sum = sqlx::query_scalar!(
        r#"select coalesce(-sum(p.amount), 0)::bigint as "released!"
             from accounts a
             join postings p on p.account_id = a.account_id
             join journals j on j.journal_id = p.journal_id
            where a.vendor_id = $1 and a.code = $3 and p.currency = $2
              and j.cause like 'release:%' and j.posted_at > $4"#,
        vendor.as_uuid(),
        currency.as_str(),
        AVAILABLE,
        since.to_sqlx(),
    );
    Ok(Money::new(sum.fetch_one(conn).await?, currency))
}

/// Approved sellers whose account the provider knows, and of whom at least `least` is free, and more than nothing.
pub async fn list_owed(conn: &mut PgConnection, least: Money) -> sqlx::Result<Vec<VendorId>> {
    let query = sqlx::query_scalar!(
        "select b.vendor_id
           from vendor_balances b
           join sellers s on s.vendor_id = b.vendor_id
          where s.is_approved and s.has_account and b.currency = $1 and b.available >= greatest($2::bigint, 1)
          order by b.vendor_id",
        least.currency().as_str(),
        least.minor(),
    );
    query.fetch_all(conn).await
}

/// Income tax of each of these sellers that is with the state since `since` for sales that were taken back; only those
/// that have some. What was charged for the year before is not of this one.
pub async fn list_adjustable(
    conn: &mut PgConnection,
    vendors: &[VendorId],
    currency: Currency,
    since: Timestamp,
) -> sqlx::Result<Vec<(VendorId, Money)>> {
    let ids: Vec<Uuid> = vendors.iter().map(VendorId::as_uuid).collect();
    let rows = sqlx::query!(
        r#"select a.vendor_id as "vendor_id!", sum(p.amount)::bigint as "amount!"
             from accounts a
             join postings p on p.account_id = a.account_id
             join journals j on j.journal_id = p.journal_id
            where a.vendor_id = any($1) and a.code = $3 and p.currency = $2 and j.posted_at >= $4
              and j.cause not like 'tds_year:%'
            group by a.vendor_id
           having sum(p.amount) > 0"#,
        &ids,
        currency.as_str(),
        TDS_ADJUSTABLE,
        since.to_sqlx(),
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    Ok(rows.map(|row| (row.vendor_id, Money::new(row.amount, currency))).collect())
}
