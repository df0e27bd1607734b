//! Which rates goods may bear by their HSN code, what ends soon, and who was told.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Line, UserId, VendorId};
use sqlx::PgConnection;

use crate::domain::hsn_rates::{DatedRate, HsnPrefix, Rule};
use crate::domain::text::Hsn;

/// Whether goods of this code may bear this rate on the day that `now` falls on in India.
pub async fn is_allowed(
    conn: &mut PgConnection,
    hsn: &Hsn,
    rate_bp: u32,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let Ok(rate_bp) = i32::try_from(rate_bp) else { return Ok(false) };
    let query = sqlx::query_scalar!(
        r#"select hsn_allows($1, $2, ($3::timestamptz at time zone 'Asia/Kolkata')::date) as "is_allowed!""#,
        hsn.as_str(),
        rate_bp,
        now.to_sqlx(),
    );
    query.fetch_one(conn).await
}

/// Whether goods of this code are sold here at all on that day.
pub async fn is_sold(conn: &mut PgConnection, hsn: &Hsn, now: Timestamp) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select hsn_is_sold($1, ($2::timestamptz at time zone 'Asia/Kolkata')::date) as "is_sold!""#,
        hsn.as_str(),
        now.to_sqlx(),
    );
    query.fetch_one(conn).await
}

/// What is kept, by prefix.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<BTreeMap<String, Rule>> {
    let rows = sqlx::query!(
        "select hsn_prefix, rate_bp, valid_from, valid_to, reason
           from hsn_rates
          order by hsn_prefix, valid_from, rate_bp"
    );
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    for row in rows.fetch_all(conn).await? {
        let Some(rate_bp) = row.rate_bp else {
            let reason = Line::parse(row.reason.as_deref().unwrap_or_default());
            let reason = chassis::row::fit("hsn_rates.reason", reason)?;
            rules.insert(row.hsn_prefix, Rule::NotSold(reason));
            continue;
        };
        let rate = DatedRate {
            rate_bp: chassis::row::fit("hsn_rates.rate_bp", u32::try_from(rate_bp))?,
            valid_from: row.valid_from.to_jiff(),
            valid_to: row.valid_to.map(jiff_sqlx::Date::to_jiff),
        };
        let rule = rules.entry(row.hsn_prefix).or_insert_with(|| Rule::Rates(Vec::new()));
        if let Rule::Rates(rates) = rule {
            rates.push(rate);
        }
    }
    Ok(rules)
}

/// Forgets what was kept of a prefix.
pub async fn delete(conn: &mut PgConnection, prefix: &HsnPrefix) -> sqlx::Result<()> {
    sqlx::query!("delete from hsn_rates where hsn_prefix = $1", prefix.as_str())
        .execute(conn)
        .await
        .map(drop)
}

/// Keeps a rate that goods of a prefix may bear.
pub async fn insert_rate(
    conn: &mut PgConnection,
    prefix: &HsnPrefix,
    rate: &DatedRate,
    who: UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into hsn_rates (hsn_prefix, rate_bp, valid_from, valid_to, changed_by, changed_at)
         values ($1, $2, $3, $4, $5, $6)",
        prefix.as_str(),
        i32::try_from(rate.rate_bp).unwrap_or(i32::MAX),
        rate.valid_from.to_sqlx() as _,
        rate.valid_to.map(ToSqlx::to_sqlx) as _,
        who.as_uuid(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps that goods of a prefix are not sold here.
pub async fn insert_not_sold(
    conn: &mut PgConnection,
    prefix: &HsnPrefix,
    reason: &str,
    who: UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into hsn_rates (hsn_prefix, valid_from, reason, changed_by, changed_at)
         values ($1, ($4::timestamptz at time zone 'Asia/Kolkata')::date, $2, $3, $4)",
        prefix.as_str(),
        reason,
        who.as_uuid(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Codes on the shelf of which nothing is kept, with how many products bear each; the most frequent first.
pub async fn list_unchecked(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<(Hsn, i64)>> {
    let rows = sqlx::query!(
        r#"select p.hsn as "hsn: Hsn", count(*) as "products!"
             from products p
            where p.status = 'published'
              and not exists (select from hsn_rates r where left(p.hsn, length(r.hsn_prefix)) = r.hsn_prefix)
            group by p.hsn
            order by count(*) desc, p.hsn
            limit $1"#,
        limit,
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(|row| (row.hsn, row.products)).collect())
}

/// A rate that a seller's products on the shelf bear and may not bear much longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub vendor_id: VendorId,
    pub rate_bp: u32,
    /// The last day on which they may.
    pub last_day: Date,
    pub products: i64,
    /// Some of their SKUs.
    pub skus: Vec<String>,
}

/// Whether anything that is kept of rates changes within the next `days` days in India.
pub async fn is_change_near(
    conn: &mut PgConnection,
    now: Timestamp,
    days: i32,
) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"with today as (select ($1::timestamptz at time zone 'Asia/Kolkata')::date as day)
           select exists (select from today, gst_rates where valid_to between day and day + $2::integer)
               or exists (select from today, hsn_rates
                           where valid_to between day and day + $2::integer
                              or valid_from between day + 1 and day + $2::integer + 1) as "is_near!""#,
        now.to_sqlx(),
        days,
    );
    query.fetch_one(conn).await
}

/// What ends within the next `days` days in India, by seller and rate, with some of the SKUs.
pub async fn list_ending(
    conn: &mut PgConnection,
    now: Timestamp,
    days: i32,
    skus: i32,
) -> sqlx::Result<Vec<Ending>> {
    let rows = sqlx::query!(
        r#"with today as (
               select ($1::timestamptz at time zone 'Asia/Kolkata')::date as day
           ), losing as (
               select p.id, p.vendor_id, p.gst_rate_bp, (
                          select min(t.day + n) - 1 from generate_series(1, $2::integer + 1) n
                           where not may_bear(p.hsn, p.gst_rate_bp, t.day + n)) as last_day
                 from products p, today t
                where p.status = 'published' and may_bear(p.hsn, p.gst_rate_bp, t.day)
                  and not may_bear(p.hsn, p.gst_rate_bp, t.day + $2::integer + 1)
           )
           select l.vendor_id as "vendor_id!: VendorId", l.gst_rate_bp as "rate_bp!", l.last_day as "last_day!: jiff_sqlx::Date",
                  count(distinct l.id) as "products!",
                  (array_agg(v.sku order by v.sku))[1:$3::integer] as "skus!: Vec<String>"
             from losing l
             join variants v on v.product_id = l.id
            where l.last_day is not null
            group by l.vendor_id, l.gst_rate_bp, l.last_day
            order by l.last_day, l.vendor_id, l.gst_rate_bp"#,
        now.to_sqlx(),
        days,
        skus,
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    let endings = rows.map(|row| {
        let rate_bp = chassis::row::fit("products.gst_rate_bp", u32::try_from(row.rate_bp))?;
        let (last_day, products) = (row.last_day.to_jiff(), row.products);
        Ok(Ending { vendor_id: row.vendor_id, rate_bp, last_day, products, skus: row.skus })
    });
    endings.collect()
}

/// Writes down that a seller is told. False when it was before.
pub async fn tell(conn: &mut PgConnection, ending: &Ending, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into endings_told (vendor_id, rate_bp, last_day, told_at) values ($1, $2, $3, $4) on conflict do nothing",
        ending.vendor_id.as_uuid(),
        i32::try_from(ending.rate_bp).unwrap_or(i32::MAX),
        ending.last_day.to_sqlx() as _,
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}
