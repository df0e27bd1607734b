//! What is told to the tax offices is what is in the books.

use super::check::Finding;
use super::rows::{count, wrong};
use super::stack::StackHandles;

/// Closed months against the ledger, each month against the one before, and what has to be deposited against what was.
const RETURNS: &str = "
    with kinds (kind, account) as (
        values ('tcs', 'tcs_payable'), ('tds', 'tds_payable'), ('gst', 'output_gst')
    ), moved as (
        select date_trunc('month', j.posted_at at time zone 'Asia/Kolkata')::date as month, k.kind, j.cause, p.currency, p.amount,
               split_part(j.cause, ':', 1) in ('tcs', 'tds', 'gst') as is_deposit
          from kinds k join accounts a on a.code = k.account join postings p using (account_id) join journals j using (journal_id)
    ), booked as (
        select month, kind, currency, -sum(amount) as amount from moved where not is_deposit group by month, kind, currency
    ), told as (
        select month, kind, currency, sum(net) as net, sum(carried) as carried, sum(due) as due,
               sum(least(net + carried - due, 0)) as left_over
          from tax_closings group by month, kind, currency
    ), deposited as (
        select to_date(about ->> 'month', 'YYYY-MM') as month, about ->> 'kind' as kind, currency, sum(amount) as amount
          from proposals where kind = 'tax_deposit' and status <> 'declined' group by 1, 2, 3
    )
    select format('payment: %s of %s is told as %s %s, and the books hold %s', kind, to_char(month, 'YYYY-MM'),
                  coalesce(t.net, 0), currency, coalesce(b.amount, 0))
      from told t full join booked b using (month, kind, currency) join tax_months using (month)
     where coalesce(t.net, 0) <> coalesce(b.amount, 0)
    union all
    select format('payment: %s %s of %s are carried into %s, and %s were left of the month before', t.carried, t.currency,
                  t.kind, to_char(t.month, 'YYYY-MM'), coalesce(b.left_over, 0))
      from told t left join told b on (b.kind, b.currency) = (t.kind, t.currency) and b.month = t.month - interval '1 month'
     where t.carried <> coalesce(b.left_over, 0)
    union all
    select format('payment: %s %s of %s are deposited for %s, and %s are due', d.amount, currency, kind,
                  to_char(month, 'YYYY-MM'), coalesce(t.due, 0))
      from deposited d left join told t using (month, kind, currency) where d.amount > coalesce(t.due, 0)
    union all
    select format('payment: %s is a deposit of %s, and the books hold %s', cause, coalesce(d.amount, 0), coalesce(j.amount, 0))
      from (select (about ->> 'kind') || ':' || (about ->> 'month') || ':' || subject as cause, amount
              from proposals where kind = 'tax_deposit' and status = 'booked') d
      full join (select cause, sum(amount) as amount from moved where is_deposit group by cause) j using (cause)
     where coalesce(d.amount, 0) <> coalesce(j.amount, 0)";

/// What was collected at source on a seller order is its rate of what is left of it; of what says by what it was reckoned.
const RATES: &str = "
    with credited as (
        select payment_id, seller_order_id, sum((terms #>> '{tcs_base,amount}')::bigint) as base,
               bool_and(terms is not null) as is_known
          from credits group by payment_id, seller_order_id
    ), left_over as (
        select s.seller_order_id, s.terms ->> 'supply' as supply, (s.terms ->> 'tcs_bp')::bigint as bp, s.tcs - s.credited_tcs as tcs,
               (s.terms #>> '{tcs_base,amount}')::bigint - coalesce(c.base, 0)::bigint as base
          from shares s left join credited c using (payment_id, seller_order_id)
         where s.terms is not null and coalesce(c.is_known, true)
    ), reckoned as (
        select *, case supply when 'intra' then (base * bp + 10000) / 20000 * 2 else (base * bp + 5000) / 10000 end as should
          from left_over where supply in ('intra', 'inter')
    )
    select format('payment: of seller order %s %s are collected at source on %s that are left of it, and it should be %s',
                  seller_order_id, tcs, base, should)
      from reckoned where tcs <> should";

/// 33: what is told to the tax offices is what the ledger holds, at the rate that was frozen, and no more is deposited.
pub async fn told(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("payment")?;
    let mut violations = wrong(db, RETURNS).await?;
    violations.extend(wrong(db, RATES).await?);
    let checked = count(db, "tax_closings").await? + count(db, "proposals").await?;
    Ok(Finding { checked: checked + count(db, "shares").await?, violations, unseen: Vec::new() })
}
