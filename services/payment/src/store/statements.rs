//! What sellers read of the ledger. They are owed what stands on the credit side, so signs are turned around.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, PaymentId, PayoutId, SellerOrderId, VendorId};
use sqlx::PgConnection;

use super::earnings;
use crate::domain::ledger::{AVAILABLE, PENDING};
use crate::domain::statement::{Balance, Entry};

/// A line of a seller's statement.
#[derive(Debug, Clone)]
pub struct StatementLine {
    /// Its place in the ledger.
    pub posting_id: i64,
    pub account: String,
    /// What brought it about.
    pub cause: String,
    /// None for a payout.
    pub payment_id: Option<PaymentId>,
    pub seller_order_id: Option<SellerOrderId>,
    /// How much more the seller is owed by it.
    pub amount: Money,
    /// When it was posted.
    pub posted_at: Timestamp,
}

struct Row {
    posting_id: i64,
    account: String,
    cause: String,
    payment_id: Option<PaymentId>,
    seller_order_id: Option<SellerOrderId>,
    amount: i64,
    currency: Currency,
    posted_at: Timestamp,
}

impl From<Row> for StatementLine {
    fn from(row: Row) -> Self {
        Self {
            posting_id: row.posting_id,
            account: row.account,
            cause: row.cause,
            payment_id: row.payment_id,
            seller_order_id: row.seller_order_id,
            amount: Money::new(row.amount, row.currency),
            posted_at: row.posted_at,
        }
    }
}

/// What a seller is owed in `currency`.
pub async fn balance(
    conn: &mut PgConnection,
    vendor: VendorId,
    currency: Currency,
) -> sqlx::Result<Balance> {
    let sums = sqlx::query!(
        r#"select coalesce(-sum(p.amount) filter (where a.code = $3), 0)::bigint as "pending!",
                  coalesce(-sum(p.amount) filter (where a.code = $4), 0)::bigint as "available!"
             from accounts a
             join postings p on p.account_id = a.account_id
            where a.vendor_id = $1 and p.currency = $2"#,
        vendor.as_uuid(),
        currency.as_str(),
        PENDING,
        AVAILABLE
    );
    let sums = sums.fetch_one(conn).await?;
    Ok(Balance {
        pending: Money::new(sums.pending, currency),
        available: Money::new(sums.available, currency),
    })
}

/// A seller's statement, the newest line first.
pub async fn list(
    conn: &mut PgConnection,
    vendor: VendorId,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<StatementLine>> {
    let ids = sqlx::query_scalar!(
        "select p.posting_id
           from accounts a
           join postings p on p.account_id = a.account_id
          where a.vendor_id = $1 and a.code in ($4, $5) and ($2::bigint is null or p.posting_id < $2)
          order by p.posting_id desc
          limit $3",
        vendor.as_uuid(),
        before,
        limit,
        PENDING,
        AVAILABLE
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    read(conn, &ids).await
}

/// What was booked for a payout to a seller, the newest line first.
pub async fn list_of_payout(
    conn: &mut PgConnection,
    vendor: VendorId,
    payout: PayoutId,
) -> sqlx::Result<Vec<StatementLine>> {
    let ids = sqlx::query_scalar!(
        "select p.posting_id
           from journals j
           join postings p on p.journal_id = j.journal_id
           join accounts a on a.account_id = p.account_id
          where j.cause in ('payout:' || $2::text, 'payout_back:' || $2::text) and a.vendor_id = $1",
        vendor.as_uuid(),
        payout.to_string(),
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    read(conn, &ids).await
}

/// These postings as lines, the newest first. What was posted does not change.
async fn read(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<StatementLine>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select p.posting_id, a.code as account, j.cause, j.payment_id, p.seller_order_id,
                  -p.amount as "amount!", p.currency, j.posted_at
             from postings p
             join accounts a on a.account_id = p.account_id
             join journals j on j.journal_id = p.journal_id
            where p.posting_id = any((select $1::bigint[])::bigint[])
            order by p.posting_id desc"#,
        ids
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(StatementLine::from).collect())
}

/// What is read in this transaction from here on is of one moment.
pub async fn freeze(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(conn)
        .await
        .map(drop)
}

/// The days by India's clock on which something happened to what a seller is owed, the newest first.
pub async fn list_days(conn: &mut PgConnection, vendor: VendorId) -> sqlx::Result<Vec<Date>> {
    let days = sqlx::query_scalar!(
        r#"select distinct (j.posted_at at time zone 'Asia/Kolkata')::date as "day!"
             from accounts a
             join postings p on p.account_id = a.account_id
             join journals j on j.journal_id = p.journal_id
            where a.vendor_id = $1 and a.code in ($2, $3)
            order by 1 desc"#,
        vendor.as_uuid(),
        PENDING,
        AVAILABLE
    );
    Ok(days.fetch_all(conn).await?.into_iter().map(jiff_sqlx::Date::to_jiff).collect())
}

/// What a seller was owed in `currency` before `until`.
pub async fn balance_before(
    conn: &mut PgConnection,
    vendor: VendorId,
    currency: Currency,
    until: Timestamp,
) -> sqlx::Result<Balance> {
    let sums = sqlx::query!(
        r#"select coalesce(-sum(p.amount) filter (where a.code = $4), 0)::bigint as "pending!",
                  coalesce(-sum(p.amount) filter (where a.code = $5), 0)::bigint as "available!"
             from accounts a
             join postings p on p.account_id = a.account_id
             join journals j on j.journal_id = p.journal_id
            where a.vendor_id = $1 and p.currency = $2 and j.posted_at < $3"#,
        vendor.as_uuid(),
        currency.as_str(),
        until.to_sqlx(),
        PENDING,
        AVAILABLE
    );
    let sums = sums.fetch_one(conn).await?;
    Ok(Balance {
        pending: Money::new(sums.pending, currency),
        available: Money::new(sums.available, currency),
    })
}

/// What was posted to a seller from `start` to before `end`, the oldest first.
pub async fn list_between(
    conn: &mut PgConnection,
    vendor: VendorId,
    currency: Currency,
    start: Timestamp,
    end: Timestamp,
) -> sqlx::Result<Vec<Entry>> {
    let rows = sqlx::query!(
        r#"select a.code, j.cause, pay.order_number as "order_number?", p.seller_order_id, -p.amount as "amount!",
                  j.posted_at
             from accounts a
             join postings p on p.account_id = a.account_id
             join journals j on j.journal_id = p.journal_id
             left join payments pay on pay.payment_id = j.payment_id
            where a.vendor_id = $1 and a.code in ($5, $6) and p.currency = $2
              and j.posted_at >= $3 and j.posted_at < $4
            order by j.posted_at, p.posting_id"#,
        vendor.as_uuid(),
        currency.as_str(),
        start.to_sqlx(),
        end.to_sqlx(),
        PENDING,
        AVAILABLE
    );
    let rows = rows.fetch_all(&mut *conn).await?;
    let parts: Vec<SellerOrderId> = rows.iter().filter_map(|row| row.seller_order_id).collect();
    let made = earnings::find_made(conn, vendor, &parts).await?;
    let rows = rows.into_iter().map(|row| {
        let recipe = row.seller_order_id.and_then(|part| made.get(&(part, row.cause.clone())));
        Entry {
            parts: recipe.map(|recipe| recipe.parts),
            why: recipe.and_then(|recipe| recipe.why.clone()),
            account: row.code,
            cause: row.cause,
            order_number: row.order_number,
            amount: Money::new(row.amount, currency),
            posted_at: row.posted_at.to_jiff(),
        }
    });
    Ok(rows.collect())
}
