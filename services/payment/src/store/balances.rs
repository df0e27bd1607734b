//! Sellers who owe us: what they have available is below nothing.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, VendorId, WriteOffId};
use sqlx::PgConnection;

use crate::domain::debt::Debt;

/// So many are told of at once.
const AT_ONCE: i64 = 100;

/// What a seller owes us, locked: nothing is taken from what the seller has meanwhile, nor comes to it. None where the
/// seller owes nothing.
pub async fn lock_debt(
    conn: &mut PgConnection,
    vendor: VendorId,
    currency: Currency,
) -> sqlx::Result<Option<Debt>> {
    let row = sqlx::query!(
        r#"select -available as "owed!", negative_since as "since!" from vendor_balances
            where vendor_id = $1 and currency = $2 and negative_since is not null
              for update"#,
        vendor.as_uuid(),
        currency.as_str(),
    );
    Ok(row.fetch_optional(conn).await?.map(|row| Debt {
        vendor_id: vendor,
        owed: Money::new(row.owed, currency),
        since: row.since.to_jiff(),
    }))
}

/// Since when a seller owes us, if it does.
pub async fn find_since(
    conn: &mut PgConnection,
    vendor: VendorId,
    currency: Currency,
) -> sqlx::Result<Option<Timestamp>> {
    let since = sqlx::query_scalar!(
        "select negative_since from vendor_balances where vendor_id = $1 and currency = $2",
        vendor.as_uuid(),
        currency.as_str(),
    );
    Ok(since.fetch_optional(conn).await?.flatten().map(jiff_sqlx::Timestamp::to_jiff))
}

/// Writes down of some who have owed since `then` or longer that it is said `now`; each once.
pub async fn say_overdue(
    conn: &mut PgConnection,
    then: Timestamp,
    now: Timestamp,
) -> sqlx::Result<Vec<Debt>> {
    let rows = sqlx::query!(
        r#"with due as (
               select vendor_id, currency from vendor_balances
                where negative_since <= $1 and overdue_said_at is null
                order by vendor_id, currency limit $3
                  for update skip locked
           )
           update vendor_balances b set overdue_said_at = $2
             from due where due.vendor_id = b.vendor_id and due.currency = b.currency
           returning b.vendor_id, b.currency as "currency!: Currency", -b.available as "owed!",
                     b.negative_since as "since!""#,
        then.to_sqlx(),
        now.to_sqlx(),
        AT_ONCE,
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|row| Debt {
        vendor_id: row.vendor_id,
        owed: Money::new(row.owed, row.currency),
        since: row.since.to_jiff(),
    });
    Ok(rows.collect())
}

/// How many owe since `then` or longer, and how much in `currency`.
pub async fn count_overdue(
    conn: &mut PgConnection,
    currency: Currency,
    then: Timestamp,
) -> sqlx::Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select count(*) as "count!", coalesce(-sum(available), 0)::bigint as "owed!" from vendor_balances
            where negative_since <= $2 and currency = $1"#,
        currency.as_str(),
        then.to_sqlx(),
    );
    let row = row.fetch_one(conn).await?;
    Ok((row.count, row.owed))
}

/// Where a list goes on: since when a seller owes, and who.
pub type Place = (Timestamp, VendorId);

/// A seller who owes us, in staff's list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub debt: Debt,
    /// The write-off that waits for a second member of staff.
    pub proposed: Option<WriteOffId>,
}

/// Sellers who owe us in `currency`, the longest first.
pub async fn list(
    conn: &mut PgConnection,
    currency: Currency,
    after: Option<Place>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let (at, vendor) = after.unzip();
    let rows = sqlx::query!(
        r#"select b.vendor_id, -b.available as "owed!", b.negative_since as "since!",
                  w.proposal_id as "proposed?: WriteOffId"
             from vendor_balances b
             left join proposals w on w.kind = 'write_off' and w.subject = b.vendor_id::text and w.status = 'proposed'
            where b.negative_since is not null and b.currency = $1
              and ($2::timestamptz is null or (b.negative_since, b.vendor_id) > ($2, $3::uuid))
            order by b.negative_since, b.vendor_id
            limit $4"#,
        currency.as_str(),
        at.map(ToSqlx::to_sqlx) as _,
        vendor.map(|vendor| vendor.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|row| Listed {
        debt: Debt {
            vendor_id: row.vendor_id,
            owed: Money::new(row.owed, currency),
            since: row.since.to_jiff(),
        },
        proposed: row.proposed,
    });
    Ok(rows.collect())
}
