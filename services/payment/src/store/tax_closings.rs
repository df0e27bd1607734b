//! Months of which is kept what is owed to the tax offices. Everything is added up from what was posted.

use chassis::row;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Gstin, Money, StateCode, VendorId};
use sqlx::PgConnection;

use crate::domain::tax::{Due, Supply, TaxKind};
use crate::domain::tax_period::TaxMonth;

/// What a month comes to for one seller, and for TCS one state and sort of supply.
#[derive(Debug, Clone)]
pub struct Closing {
    pub month: TaxMonth,
    /// None of tax on what the platform earned.
    pub vendor_id: Option<VendorId>,
    /// As it is now, once it was heard.
    pub legal_name: Option<String>,
    pub gstin: Option<Gstin>,
    /// GST state of the buyers.
    pub place_of_supply: Option<StateCode>,
    pub supply: Option<Supply>,
    /// On what the tax is reckoned: what was sold, and what of it was taken back.
    pub sold: Money,
    pub taken_back: Money,
    /// What the postings of the month come to.
    pub net: Money,
    /// What of earlier months was below nothing.
    pub carried: Money,
    /// What has to be deposited.
    pub due: Money,
}

struct Row {
    month: jiff_sqlx::Date,
    vendor_id: Option<VendorId>,
    legal_name: Option<String>,
    gstin: Option<Gstin>,
    place_of_supply: Option<StateCode>,
    supply: Option<String>,
    currency: Currency,
    sold: i64,
    taken_back: i64,
    net: i64,
    carried: i64,
    due: i64,
}

impl TryFrom<Row> for Closing {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let money = |minor| Money::new(minor, row.currency);
        let supply = row.supply.map(|word| row::parse("tax_closings.supply", &word)).transpose()?;
        Ok(Self {
            month: TaxMonth::of(row.month.to_jiff()),
            vendor_id: row.vendor_id,
            legal_name: row.legal_name,
            gstin: row.gstin,
            place_of_supply: row.place_of_supply,
            supply,
            sold: money(row.sold),
            taken_back: money(row.taken_back),
            net: money(row.net),
            carried: money(row.carried),
            due: money(row.due),
        })
    }
}

/// The last month that was closed.
pub async fn last(conn: &mut PgConnection) -> sqlx::Result<Option<Date>> {
    let last = sqlx::query_scalar!("select max(month) from tax_months").fetch_one(conn).await?;
    Ok(last.map(jiff_sqlx::Date::to_jiff))
}

/// How many of these months were closed.
pub async fn count_closed(conn: &mut PgConnection, months: &[Date]) -> sqlx::Result<i64> {
    let months: Vec<jiff_sqlx::Date> = months.iter().map(|month| month.to_sqlx()).collect();
    let query = sqlx::query_scalar!(
        r#"select count(*) as "count!" from tax_months where month = any($1)"#,
        &months as _,
    );
    query.fetch_one(conn).await
}

/// Begins to close a month. False when another has.
pub async fn begin(conn: &mut PgConnection, month: Date, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into tax_months (month, closed_at) values ($1, $2) on conflict do nothing",
        month.to_sqlx() as _,
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// A month: its first day, the first day of the one before, and when it begins and is over.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub month: Date,
    pub previous: Date,
    pub start: Timestamp,
    pub end: Timestamp,
}

/// Adds up what was collected at source, per seller, state and sort of supply. What was taken back counts in the month in
/// which it is.
pub async fn add_up_tcs(conn: &mut PgConnection, bounds: Bounds) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into tax_closings (month, kind, vendor_id, place_of_supply, supply, gstin, currency, sold, taken_back, net,
                                   carried, due)
         with moved as (
             select s.vendor_id, s.terms ->> 'place_of_supply' as place_of_supply,
                    case when s.terms ->> 'supply' in ('intra', 'inter') then s.terms ->> 'supply' end as supply, p.currency,
                    c.credit_id is not null as is_back,
                    (case when c.credit_id is null then s.terms else c.terms end #>> '{tcs_base,amount}')::bigint as base,
                    coalesce(-sum(p.amount) filter (where a.code = 'tcs_payable'), 0) as tcs
               from journals j
               join postings p on p.journal_id = j.journal_id
               join accounts a on a.account_id = p.account_id
               join shares s on s.payment_id = j.payment_id and s.seller_order_id = p.seller_order_id
               left join credits c on j.cause = 'credit:' || c.credit_id
              where j.posted_at >= $3 and j.posted_at < $4
                and split_part(j.cause, ':', 1) in ('capture', 'cod', 'accept', 'credit')
              group by j.journal_id, p.seller_order_id, p.currency, s.vendor_id, s.terms, c.credit_id, c.terms
         ), parts as (
             select vendor_id, place_of_supply, supply, currency, case when is_back then 0 else base end as sold,
                    case when is_back then base else 0 end as taken_back, tcs as net, 0 as carried
               from moved where tcs <> 0 or base > 0
             union all
             select vendor_id, place_of_supply, supply, currency, 0, 0, 0, net + carried - due
               from tax_closings where month = $2 and kind = 'tcs' and net + carried < due
         )
         select $1, 'tcs', p.vendor_id, p.place_of_supply, p.supply, t.gstin, p.currency, coalesce(sum(p.sold), 0),
                coalesce(sum(p.taken_back), 0), sum(p.net), sum(p.carried), greatest(sum(p.net) + sum(p.carried), 0)
           from parts p left join seller_tax t on t.vendor_id = p.vendor_id
          group by p.vendor_id, p.place_of_supply, p.supply, t.gstin, p.currency",
        bounds.month.to_sqlx() as _,
        bounds.previous.to_sqlx() as _,
        bounds.start.to_sqlx(),
        bounds.end.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Adds up the income tax that was deducted from each seller. What was taken back counts when it was sold in the same
/// month; what was sold before is set off against later sales of the year, or charged. So no month is below nothing.
pub async fn add_up_tds(conn: &mut PgConnection, bounds: Bounds) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into tax_closings (month, kind, vendor_id, gstin, currency, sold, taken_back, net, carried, due)
         with moved as (
             select s.vendor_id, p.currency, split_part(j.cause, ':', 1) as cause, s.taxable as sold,
                    case when bool_or(bool_or(split_part(j.cause, ':', 1) in ('capture', 'cod', 'accept')))
                              over (partition by p.seller_order_id) then c.taxable else 0 end as taken_back,
                    coalesce(-sum(p.amount) filter (where a.code = 'tds_payable'), 0) as tds
               from journals j
               join postings p on p.journal_id = j.journal_id
               join accounts a on a.account_id = p.account_id
               join shares s on s.payment_id = j.payment_id and s.seller_order_id = p.seller_order_id
               left join credits c on j.cause = 'credit:' || c.credit_id
              where j.posted_at >= $3 and j.posted_at < $4
                and split_part(j.cause, ':', 1) in ('capture', 'cod', 'accept', 'credit', 'tds_set_off')
              group by j.journal_id, p.seller_order_id, p.currency, s.vendor_id, s.taxable, c.credit_id, c.taxable
         ), parts as (
             select vendor_id, currency, case when cause in ('capture', 'cod', 'accept') then sold else 0 end as sold,
                    case when cause = 'credit' then taken_back else 0 end as taken_back, tds as net, 0 as carried
               from moved
             union all
             select vendor_id, currency, 0, 0, 0, net + carried - due
               from tax_closings where month = $2 and kind = 'tds' and net + carried < due
         )
         select $1, 'tds', p.vendor_id, t.gstin, p.currency, coalesce(sum(p.sold), 0), coalesce(sum(p.taken_back), 0),
                sum(p.net), sum(p.carried), greatest(sum(p.net) + sum(p.carried), 0)
           from parts p left join seller_tax t on t.vendor_id = p.vendor_id
          group by p.vendor_id, t.gstin, p.currency
         having sum(p.sold) <> 0 or sum(p.taken_back) <> 0 or sum(p.net) <> 0 or sum(p.carried) <> 0",
        bounds.month.to_sqlx() as _,
        bounds.previous.to_sqlx() as _,
        bounds.start.to_sqlx(),
        bounds.end.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Adds up the tax on what the platform earned.
pub async fn add_up_gst(conn: &mut PgConnection, bounds: Bounds) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into tax_closings (month, kind, currency, sold, taken_back, net, carried, due)
         with parts as (
             select p.currency, case when a.code = 'commission_income' and p.amount < 0 then -p.amount else 0 end as sold,
                    case when a.code = 'commission_income' and p.amount > 0 then p.amount else 0 end as taken_back,
                    case when a.code = 'output_gst' then -p.amount else 0 end as net, 0 as carried
               from journals j
               join postings p on p.journal_id = j.journal_id
               join accounts a on a.account_id = p.account_id
              where j.posted_at >= $3 and j.posted_at < $4 and a.code in ('commission_income', 'output_gst')
                and p.seller_order_id is not null
             union all
             select currency, 0, 0, 0, net + carried - due
               from tax_closings where month = $2 and kind = 'gst' and net + carried < due
         )
         select $1, 'gst', currency, sum(sold), sum(taken_back), sum(net), sum(carried),
                greatest(sum(net) + sum(carried), 0)
           from parts
          group by currency",
        bounds.month.to_sqlx() as _,
        bounds.previous.to_sqlx() as _,
        bounds.start.to_sqlx(),
        bounds.end.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// What these months come to, by seller and place, with what the seller is called now.
pub async fn list(
    conn: &mut PgConnection,
    kind: TaxKind,
    months: &[Date],
) -> sqlx::Result<Vec<Closing>> {
    let months: Vec<jiff_sqlx::Date> = months.iter().map(|month| month.to_sqlx()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select c.month, c.vendor_id, s.legal_name as "legal_name?", c.gstin, c.place_of_supply, c.supply, c.currency,
                  c.sold, c.taken_back, c.net, c.carried, c.due
             from tax_closings c
             left join sellers s on s.vendor_id = c.vendor_id
            where c.kind = $1 and c.month = any($2)
            order by c.vendor_id, c.month, c.place_of_supply, c.supply"#,
        kind.into_str(),
        &months as _,
    );
    rows.fetch_all(conn).await?.into_iter().map(Closing::try_from).collect()
}

/// What is due of a tax for a month, and what was deposited or reported for it. What is reported later waits until this
/// transaction ends.
pub async fn lock_due(
    conn: &mut PgConnection,
    kind: TaxKind,
    month: TaxMonth,
    currency: Currency,
) -> sqlx::Result<Option<Due>> {
    let first = month.first().to_sqlx();
    let closed =
        sqlx::query_scalar!("select month from tax_months where month = $1 for update", first as _);
    if closed.fetch_optional(&mut *conn).await?.is_none() {
        return Ok(None);
    }
    let sums = sqlx::query!(
        r#"select (select coalesce(sum(due), 0)::bigint from tax_closings
                    where kind = $1 and month = $2 and currency = $3) as "due!",
                  (select coalesce(sum(amount), 0)::bigint from proposals
                    where kind = 'tax_deposit' and currency = $3 and status <> 'declined'
                      and about ->> 'kind' = $1 and about ->> 'month' = $4) as "deposited!""#,
        kind.into_str(),
        first as _,
        currency.as_str(),
        month.to_string(),
    );
    let sums = sums.fetch_one(conn).await?;
    let [due, deposited] = [sums.due, sums.deposited].map(|minor| Money::new(minor, currency));
    Ok(Some(Due { due, deposited }))
}
