//! Days that were gone through with the provider, its rows, and where our books say otherwise.

use chassis::row;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money};
use sqlx::PgConnection;

use crate::domain::settlement::{Compared, Kind, Settled, Settlement};

/// A day that is gone through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    pub day: Date,
    /// The how many-th time.
    pub run: i32,
    pub started_at: Timestamp,
    /// None while it is under way.
    pub done_at: Option<Timestamp>,
}

/// Begins with a day. False when it was begun before.
pub async fn begin(conn: &mut PgConnection, day: Date, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into reconciliations (day, run, state, started_at) values ($1, 1, 'running', $2)
         on conflict (day) do nothing",
        day.to_sqlx() as _,
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Begins again with a day that is done. False when it is not.
pub async fn begin_again(conn: &mut PgConnection, day: Date, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update reconciliations set run = run + 1, state = 'running', started_at = $2, done_at = null
          where day = $1 and state = 'done'",
        day.to_sqlx() as _,
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// A day, locked, so that its pieces take turns.
pub async fn lock(conn: &mut PgConnection, day: Date) -> sqlx::Result<Option<Reconciliation>> {
    let row = sqlx::query!(
        "select run, started_at, done_at from reconciliations where day = $1 for update",
        day.to_sqlx() as _
    );
    Ok(row.fetch_optional(conn).await?.map(|row| Reconciliation {
        day,
        run: row.run,
        started_at: row.started_at.to_jiff(),
        done_at: row.done_at.map(jiff_sqlx::Timestamp::to_jiff),
    }))
}

/// Every row and difference of a day is there.
pub async fn finish(conn: &mut PgConnection, day: Date, now: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update reconciliations set state = 'done', done_at = $2 where day = $1",
        day.to_sqlx() as _,
        now.to_sqlx()
    );
    query.execute(conn).await.and_then(row::one)
}

/// Up to 31 days, the first and the last one included, that were not begun with.
pub async fn list_due(conn: &mut PgConnection, first: Date, last: Date) -> sqlx::Result<Vec<Date>> {
    let days = sqlx::query_scalar!(
        r#"select due::date as "day!" from generate_series($1::date, $2::date, interval '1 day') due
            where not exists (select from reconciliations r where r.day = due::date)
            order by due limit 31"#,
        first.to_sqlx() as _,
        last.to_sqlx() as _,
    );
    Ok(days.fetch_all(conn).await?.into_iter().map(jiff_sqlx::Date::to_jiff).collect())
}

/// Keeps rows of a day, once each.
pub async fn keep(conn: &mut PgConnection, day: Date, rows: &[Settled]) -> sqlx::Result<()> {
    let texts = |of: fn(&Settled) -> &str| rows.iter().map(of).collect::<Vec<_>>();
    let amounts =
        |of: fn(&Settled) -> Money| rows.iter().map(|r| of(r).minor()).collect::<Vec<_>>();
    let settlements = texts(|row| &row.settlement_id);
    let kinds = texts(|row| row.kind.into_str());
    let entities = texts(|row| &row.entity_id);
    let names = texts(|row| &row.name);
    let currencies = texts(|row| row.net.currency().as_str());
    let references: Vec<Option<&str>> =
        rows.iter().map(|row| row.bank_reference.as_deref()).collect();
    let query = sqlx::query!(
        "insert into settlement_rows (settlement_id, kind, entity_id, name, day, currency, net, fee, tax, bank_reference)
         select s.settlement_id, s.kind, s.entity_id, s.name, $1, s.currency, s.net, s.fee, s.tax, s.bank_reference
           from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
                       $9::bigint[], $10::text[])
             as s (settlement_id, kind, entity_id, name, currency, net, fee, tax, bank_reference)
         on conflict (settlement_id, kind, entity_id) do update
            set net = excluded.net, fee = excluded.fee, tax = excluded.tax, currency = excluded.currency",
        day.to_sqlx() as _,
        &settlements as _,
        &kinds as _,
        &entities as _,
        &names as _,
        &currencies as _,
        &amounts(|row| row.net),
        &amounts(|row| row.fee),
        &amounts(|row| row.tax),
        &references as _,
    );
    query.execute(conn).await.map(drop)
}

/// What was booked of a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    /// What went to our bank, and what the provider kept.
    pub net: i64,
    pub fee: i64,
    /// By how much less, or more, it was in the end, as staff explained.
    pub explained: Option<i64>,
}

/// Settlements of a day as their rows add up, each with what was booked of it.
pub async fn add_up(
    conn: &mut PgConnection,
    day: Date,
) -> sqlx::Result<Vec<(Settlement, Option<Booked>)>> {
    let rows = sqlx::query!(
        r#"select r.settlement_id, r.currency as "currency!: Currency", sum(r.net)::bigint as "net!",
                  sum(r.fee)::bigint as "fee!", sum(r.tax)::bigint as "tax!", max(r.bank_reference) as bank_reference,
                  max(b.net) as booked_net, max(b.fee) as booked_fee,
                  (select -sum(e.amount)::bigint
                     from differences d join proposals e on e.difference_id = d.difference_id
                    where d.name = r.settlement_id and d.kind = 'settlement' and e.currency = r.currency
                      and e.status = 'booked') as explained
             from settlement_rows r
             left join settlements b on b.settlement_id = r.settlement_id and b.currency = r.currency
            where r.settlement_id in (select settlement_id from settlement_rows where day = $1)
            group by r.settlement_id, r.currency
            order by r.settlement_id, r.currency"#,
        day.to_sqlx() as _
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|row| {
        let money = |minor| Money::new(minor, row.currency);
        let (net, fee, tax) = (money(row.net), money(row.fee), money(row.tax));
        let id = row.settlement_id;
        let settlement = Settlement { id, net, fee, tax, bank_reference: row.bank_reference };
        let explained = row.explained;
        let booked = row.booked_net.zip(row.booked_fee);
        (settlement, booked.map(|(net, fee)| Booked { net, fee, explained }))
    });
    Ok(rows.collect())
}

/// Writes down that a settlement is booked.
pub async fn book(
    conn: &mut PgConnection,
    day: Date,
    settlement: &Settlement,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into settlements (settlement_id, currency, day, net, fee, tax, bank_reference, booked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        settlement.id,
        settlement.net.currency().as_str(),
        day.to_sqlx() as _,
        settlement.net.minor(),
        settlement.fee.minor(),
        settlement.tax.minor(),
        settlement.bank_reference,
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Up to `limit` things that a day is to be compared of, after one: those in its rows, and those that did not fit when
/// another day was compared.
pub async fn list_names(
    conn: &mut PgConnection,
    day: Date,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<String>> {
    let query = sqlx::query_scalar!(
        r#"select name as "name!"
             from (select name from settlement_rows where day = $1
                   union select name from differences
                    where resolved_at is null and kind <> 'settlement') names
            where name > $2 order by name limit $3"#,
        day.to_sqlx() as _,
        after,
        limit
    );
    query.fetch_all(conn).await
}

/// What the provider settled of each of these, and what our books have of it.
pub async fn compare(conn: &mut PgConnection, names: &[String]) -> sqlx::Result<Vec<Compared>> {
    let rows = sqlx::query!(
        r#"with theirs as (
               select kind, name, currency, sum(net + fee)::bigint as amount
                 from settlement_rows where name = any($1) group by kind, name, currency
           ), ours as (
               select 'payment' as kind, provider_payment_id as name, currency, amount, false as may_be_back
                 from attempts where provider_payment_id = any($1) and status = 'captured'
               union all
               select 'refund', provider_refund_id, currency, -amount, false
                 from refunds where provider_refund_id = any($1) and accepted_at is not null
               union all
               select 'dispute', provider_dispute_id, currency, -amount, state = 'won'
                 from disputes where provider_dispute_id = any($1)
           ), explained as (
               select d.kind, d.name, e.currency, sum(e.amount)::bigint as amount
                 from differences d join proposals e on e.difference_id = d.difference_id
                where d.name = any($1) and e.status = 'booked' group by d.kind, d.name, e.currency
           )
           select t.kind as "kind!", t.name as "name!", t.currency as "currency!: Currency", t.amount as "theirs!",
                  case when x.amount is null then o.amount else coalesce(o.amount, 0) + x.amount end as "ours?", coalesce(o.may_be_back, false) as "may_be_back!"
             from theirs t
             left join ours o on o.kind = t.kind and o.name = t.name and o.currency = t.currency
             left join explained x on x.kind = t.kind and x.name = t.name and x.currency = t.currency"#,
        names
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|row| {
        Ok(Compared {
            kind: row::parse::<Kind>("settlement_rows.kind", &row.kind)?,
            name: row.name,
            currency: row.currency,
            theirs: row.theirs,
            ours: row.ours,
            may_be_back: row.may_be_back,
        })
    });
    rows.collect()
}
