//! Where the provider and our books say otherwise.

use std::collections::BTreeMap;

use chassis::row;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money};
use sqlx::PgConnection;

use super::reconciliations::Reconciliation;
use crate::domain::settlement::{Gap, Kind, Why};

/// A difference to keep.
#[derive(Debug)]
pub struct New<'a> {
    pub kind: Kind,
    pub name: &'a str,
    pub why: Why,
    pub ours: Option<i64>,
    pub theirs: Option<i64>,
    pub currency: Currency,
}

/// Keeps a difference, or how it is by now. Returns whether that is new.
pub async fn insert(
    conn: &mut PgConnection,
    day: Date,
    new: &New<'_>,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into differences as d (day, kind, name, why, ours, theirs, currency, found_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (kind, name, why) where resolved_at is null do update
            set ours = excluded.ours, theirs = excluded.theirs, currency = excluded.currency
          where (d.ours, d.theirs, d.currency) is distinct from (excluded.ours, excluded.theirs, excluded.currency)",
        day.to_sqlx() as _,
        new.kind.into_str(),
        new.name,
        new.why.into_str(),
        new.ours,
        new.theirs,
        new.currency.as_str(),
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// What is there fits now, or does not fit for this reason only.
pub async fn resolve(
    conn: &mut PgConnection,
    kind: Kind,
    name: &str,
    but_for: Option<Why>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update differences set resolved_at = $4
          where kind = $1 and name = $2 and resolved_at is null and why is distinct from $3",
        kind.into_str(),
        name,
        but_for.map(|why| why.into_str()),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps as missing what came or went back in this time and is in no settlement. Returns how much that is.
pub async fn keep_missing(
    conn: &mut PgConnection,
    day: Date,
    from: Timestamp,
    until: Timestamp,
    now: Timestamp,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "insert into differences (day, kind, name, why, ours, currency, found_at)
         select $1, o.kind, o.name, 'missing', o.amount + x.amount, o.currency, $4
           from (select 'payment' as kind, provider_payment_id as name, amount, currency
                   from attempts where status = 'captured' and amount > 0 and updated_at >= $2 and updated_at < $3
                 union all
                 select 'refund', provider_refund_id, -amount, currency
                   from refunds where provider_refund_id is not null and done_at >= $2 and done_at < $3) o
           cross join lateral (
                 select coalesce(sum(e.amount), 0)::bigint as amount
                   from differences d join proposals e on e.difference_id = d.difference_id
                  where d.name = o.name and d.kind = o.kind and e.status = 'booked') x
          where o.amount + x.amount <> 0 and not exists (select from settlement_rows r where r.name = o.name and r.kind = o.kind)
         on conflict (kind, name, why) where resolved_at is null do nothing",
        day.to_sqlx() as _,
        from.to_sqlx(),
        until.to_sqlx(),
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected())
}

/// How many there are.
pub async fn count_open(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from differences where resolved_at is null"#)
        .fetch_one(conn)
        .await
}

/// A difference as it is kept.
#[derive(Debug, Clone)]
pub struct Difference {
    pub id: i64,
    pub kind: Kind,
    pub name: String,
    pub why: Why,
    pub ours: Option<Money>,
    pub theirs: Option<Money>,
    pub found_at: Timestamp,
    pub resolved_at: Option<Timestamp>,
}

/// A day in staff's list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub day: Reconciliation,
    /// What was settled on it.
    pub settlements: i64,
    /// How many differences are open.
    pub open: i64,
}

/// Days before one, the newest first.
pub async fn list_days(
    conn: &mut PgConnection,
    only: Option<Date>,
    before: Option<Date>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"select day, run, started_at, done_at,
                  (select count(*) from settlements s where s.day = r.day) as "settlements!",
                  (select count(*) from differences d where d.day = r.day and d.resolved_at is null) as "open!"
             from reconciliations r
            where ($1::date is null or day < $1) and ($2::date is null or day = $2)
            order by day desc
            limit $3"#,
        before.map(ToSqlx::to_sqlx) as _,
        only.map(ToSqlx::to_sqlx) as _,
        limit
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|row| {
        let day = Reconciliation {
            day: row.day.to_jiff(),
            run: row.run,
            started_at: row.started_at.to_jiff(),
            done_at: row.done_at.map(jiff_sqlx::Timestamp::to_jiff),
        };
        Listed { day, settlements: row.settlements, open: row.open }
    });
    Ok(rows.collect())
}

/// What was found on these days, the open ones of each first, a hundred at most.
pub async fn list(
    conn: &mut PgConnection,
    days: &[Date],
) -> sqlx::Result<BTreeMap<Date, Vec<Difference>>> {
    let days: Vec<jiff_sqlx::Date> = days.iter().map(|day| day.to_sqlx()).collect();
    let query = sqlx::query!(
        r#"select d.day as "day!: jiff_sqlx::Date", x.difference_id, x.kind, x.name, x.why, x.ours, x.theirs,
                  x.currency as "currency!: Currency", x.found_at, x.resolved_at
             from unnest($1::date[]) as d (day)
             cross join lateral (
                  select * from differences where day = d.day
                   order by resolved_at is not null, difference_id
                   limit 100) x
            order by d.day, x.resolved_at is not null, x.difference_id"#,
        &days as _,
    );
    let mut found: BTreeMap<Date, Vec<Difference>> = BTreeMap::new();
    for row in query.fetch_all(conn).await? {
        let money = |minor| Money::new(minor, row.currency);
        found.entry(row.day.to_jiff()).or_default().push(Difference {
            id: row.difference_id,
            kind: row::parse("differences.kind", &row.kind)?,
            name: row.name,
            why: row::parse("differences.why", &row.why)?,
            ours: row.ours.map(money),
            theirs: row.theirs.map(money),
            found_at: row.found_at.to_jiff(),
            resolved_at: row.resolved_at.map(jiff_sqlx::Timestamp::to_jiff),
        });
    }
    Ok(found)
}

/// What lies between the provider and our books, locked; none where there is no such difference.
pub async fn lock_gap(conn: &mut PgConnection, difference: i64) -> sqlx::Result<Option<Gap>> {
    let row = sqlx::query!(
        "select kind, name, ours, theirs, currency, resolved_at is null as \"is_open!\" from differences
          where difference_id = $1
            for update",
        difference
    );
    let row = row.fetch_optional(conn).await?;
    row.map(|row| {
        let kind = row::parse::<Kind>("differences.kind", &row.kind)?;
        let money = |minor: Option<i64>| Money::new(minor.unwrap_or(0), row.currency);
        let (ours, theirs) = (money(row.ours), money(row.theirs));
        Ok(Gap { kind, name: row.name, ours, theirs, is_open: row.is_open })
    })
    .transpose()
}

/// Locks what is a difference, so that nobody explains it meanwhile, or has by the time it is read.
pub async fn lock_all_open(conn: &mut PgConnection) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "select difference_id from differences where resolved_at is null order by difference_id for update"
    );
    query.fetch_all(conn).await.map(drop)
}

/// The difference is explained, and none any more.
pub async fn close(conn: &mut PgConnection, difference: i64, now: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update differences set resolved_at = $2 where difference_id = $1 and resolved_at is null",
        difference,
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}
