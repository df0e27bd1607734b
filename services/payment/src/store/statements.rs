//! What sellers read of the ledger. They are owed what stands on the credit side, so signs are turned around.

use jiff::Timestamp;
use kernel::{Currency, Money, PaymentId, SellerOrderId, VendorId};
use sqlx::PgConnection;

use crate::domain::ledger::{AVAILABLE, PENDING};

/// What a seller is owed.
#[derive(Debug, Clone, Copy)]
pub struct Balance {
    pub pending: Money,
    pub available: Money,
}

/// A line of a seller's statement.
#[derive(Debug, Clone)]
pub struct StatementLine {
    /// Its place in the ledger.
    pub posting_id: i64,
    pub account: String,
    /// What brought it about.
    pub cause: String,
    pub payment_id: PaymentId,
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
    payment_id: PaymentId,
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
    let rows = sqlx::query_as!(
        Row,
        r#"select p.posting_id, a.code as account, j.cause, j.payment_id, p.seller_order_id,
                  -p.amount as "amount!", p.currency, j.posted_at
             from accounts a
             join postings p on p.account_id = a.account_id
             join journals j on j.journal_id = p.journal_id
            where a.vendor_id = $1 and a.code in ($4, $5) and ($2::bigint is null or p.posting_id < $2)
            order by p.posting_id desc
            limit $3"#,
        vendor.as_uuid(),
        before,
        limit,
        PENDING,
        AVAILABLE
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(StatementLine::from).collect())
}
