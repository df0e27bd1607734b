//! Sellers: who may be paid, what is there for them, and the lock under which something is taken from it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, VendorId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::domain::ledger::{AVAILABLE, TDS_ADJUSTABLE};

/// Keeps whether a seller may be paid, unless something later is known.
pub async fn upsert(
    conn: &mut PgConnection,
    vendor: VendorId,
    is_approved: bool,
    version: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into sellers as s (vendor_id, is_approved, version)
         values ($1, $2, $3)
         on conflict (vendor_id) do update set is_approved = excluded.is_approved, version = excluded.version
          where s.version < excluded.version",
        vendor.as_uuid(),
        is_approved,
        version,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Whether a seller may be paid.
pub async fn is_approved(conn: &mut PgConnection, vendor: VendorId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from sellers where vendor_id = $1 and is_approved) as "is_approved!""#,
        vendor.as_uuid(),
    )
    .fetch_one(conn)
    .await
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
    sqlx::query!(
        "insert into vendor_balances (vendor_id, currency)
         select vendor_id, $2 from unnest($1::uuid[]) as v (vendor_id) order by vendor_id
         on conflict do nothing",
        &ids,
        currency.as_str(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "select vendor_id from vendor_balances
          where vendor_id = any($1) and currency = $2 order by vendor_id for update",
        &ids,
        currency.as_str(),
    )
    .fetch_all(conn)
    .await
    .map(drop)
}

/// What a seller could be paid, and how much of it came free since `since`.
pub async fn available(
    conn: &mut PgConnection,
    vendor: VendorId,
    currency: Currency,
    since: Timestamp,
) -> sqlx::Result<(Money, Money)> {
    let sums = sqlx::query!(
        r#"select coalesce(-sum(p.amount), 0)::bigint as "available!",
                  coalesce(-sum(p.amount) filter (where j.cause like 'release:%' and j.posted_at > $4), 0)::bigint
                      as "released!"
             from accounts a
             join postings p on p.account_id = a.account_id
             join journals j on j.journal_id = p.journal_id
            where a.vendor_id = $1 and a.code = $3 and p.currency = $2"#,
        vendor.as_uuid(),
        currency.as_str(),
        AVAILABLE,
        since.to_sqlx(),
    );
    let sums = sums.fetch_one(conn).await?;
    Ok((Money::new(sums.available, currency), Money::new(sums.released, currency)))
}

/// Approved sellers of whom at least `least` is free, and more than nothing.
pub async fn list_owed(conn: &mut PgConnection, least: Money) -> sqlx::Result<Vec<VendorId>> {
    sqlx::query_scalar!(
        r#"select a.vendor_id as "vendor_id!"
             from accounts a
             join sellers s on s.vendor_id = a.vendor_id and s.is_approved
             join postings p on p.account_id = a.account_id
            where a.code = $1 and p.currency = $2
            group by a.vendor_id
           having -sum(p.amount) >= greatest($3::bigint, 1)
            order by a.vendor_id"#,
        AVAILABLE,
        least.currency().as_str(),
        least.minor(),
    )
    .fetch_all(conn)
    .await
}

/// Income tax of each of these sellers that is with the state since `since` for sales that were taken back; only those
/// that have some.
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
