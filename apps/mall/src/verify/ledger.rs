//! The books of the money: they balance, every account holds what happened adds up to, and the provider's say the same.

use super::check::Finding;
use super::rows::{count, wrong, wrong_at};
use super::stack::StackHandles;

mod provider;

const BALANCE: &str = "
    select format('payment: all accounts together hold %s %s, not nothing', sum(amount), currency)
      from postings group by currency having sum(amount) <> 0
    union all
    select format('payment: journal %s holds %s %s, not nothing', j.cause, sum(p.amount), p.currency)
      from journals j join postings p using (journal_id) group by j.cause, p.currency having sum(p.amount) <> 0";

/// What each account holds for each payment, and for payouts, settlements, charges of a year, remittances and tax deposits,
/// which are of none, and what it should: reckoned from attempts, shares, refunds, disputes and those alone.
/// What a seller is owed now and later is one thing here, and so is income tax that is owed and that was deposited early.
const ACCOUNTS: &str = "
    with sold as (
        select s.*, p.method, coalesce(s.collected, s.gross) as received
          from shares s join payments p using (payment_id)
         where case p.method
               when 'cod' then s.collected_at is not null
               else exists (select from attempts a where a.payment_id = s.payment_id and a.booked = 'order') end
    ), expected as (
        select payment_id, 'psp_clearing' as account, null::uuid as vendor_id, currency, amount
          from attempts where status = 'captured'
        union all
        select payment_id, case status when 'done' then 'bank' else 'refunds_payable' end, null, currency, -amount
          from refunds where accepted_at is null and dispute_id is null and status not in ('proposed', 'declined')
        union all
        select payment_id, 'psp_clearing', null, currency, -amount from refunds where accepted_at is not null
        union all
        select payment_id, 'suspense', null, currency, -amount from attempts where booked = 'suspense'
        union all
        select payment_id, 'suspense', null, currency, amount
          from refunds
         where kind in ('late', 'second', 'mismatch', 'foreign') and status <> 'declined'
           and not (kind = 'foreign' and approved_by is not null)
        union all
        select payment_id, 'write_off', null, currency, amount
          from refunds where kind = 'foreign' and approved_by is not null
        union all
        select payment_id, 'goodwill', null, currency, amount
          from refunds where kind = 'goodwill' and status not in ('proposed', 'declined')
        union all
        select d.payment_id, part.account, null, d.currency, part.amount
          from disputes d cross join lateral (values
               ('psp_clearing', -d.amount),
               ('dispute_hold', coalesce(d.by_sellers, d.amount - d.covered)),
               ('chargeback_loss', d.amount - d.covered - coalesce(d.by_sellers, d.amount - d.covered)))
               as part (account, amount)
         where d.state <> 'won'
        union all
        select payment_id, 'dispute_hold', null, currency, -amount from credits where disputed
        union all
        select payment_id, 'cod_receivable', null, currency, received from sold where method = 'cod'
        union all
        select s.payment_id, part.account, part.vendor_id, s.currency, -part.amount
          from sold s cross join lateral (values
               ('vendor_payable', s.vendor_id, s.payable - s.credited_payable),
               ('commission_income', null, s.commission - s.credited_commission),
               ('output_gst', null, s.commission_tax - s.credited_commission_tax),
               ('tcs_payable', null, s.tcs - s.credited_tcs),
               ('tds_payable', null, s.tds - s.credited_tds)) as part (account, vendor_id, amount)
        union all
        select null, part.account, part.vendor_id, o.currency, part.amount
          from payouts o cross join lateral (values
               ('vendor_payable', o.vendor_id, o.amount),
               ('bank', null, -o.amount)) as part (account, vendor_id, amount)
         where o.back_at is null
        union all
        select null, part.account, part.vendor_id, c.currency, part.amount
          from tax_charges c cross join lateral (values
               ('vendor_payable', c.vendor_id, c.amount),
               ('tds_payable', null, -c.amount)) as part (account, vendor_id, amount)
        union all
        select c.payment_id, part.account, part.vendor_id, c.currency, part.amount
          from credits c join shares s using (payment_id, seller_order_id)
         cross join lateral (values
               ('vendor_payable', s.vendor_id, c.charged_tds),
               ('tds_payable', null, -c.charged_tds)) as part (account, vendor_id, amount)
         where c.charged_tds > 0
        union all
        select null, part.account, null, m.currency, part.amount
          from remittances m cross join lateral (values
               ('bank', m.received), ('cod_short', m.due - m.received), ('cod_receivable', -m.due)) as part (account, amount)
        union all
        select null, part.account, null, t.currency, part.amount
          from settlements t cross join lateral (values
               ('bank', t.net), ('psp_fees', t.fee - t.tax), ('input_gst', t.tax), ('psp_clearing', - t.net - t.fee))
               as part (account, amount)
         union all
        select null, part.account, null, d.currency, part.amount
          from proposals d cross join lateral (values
               ('bank', -d.amount),
               (case d.about ->> 'kind' when 'gst' then 'output_gst' else (d.about ->> 'kind') || '_payable' end, d.amount))
               as part (account, amount)
         where d.kind = 'tax_deposit' and d.status = 'booked'
        union all
        select null, part.account, null, e.currency, part.amount
          from proposals e cross join lateral (values
               ('psp_clearing', e.amount), ('settlement_difference', -e.amount)) as part (account, amount)
         where e.kind = 'explanation' and e.status = 'booked'
        union all
        select null, part.account, part.vendor_id, w.currency, part.amount
          from proposals w cross join lateral (values
               ('write_off', null, w.amount), ('vendor_payable', (w.about ->> 'vendor_id')::uuid, -w.amount)) as part (account, vendor_id, amount)
         where w.kind = 'write_off' and w.status = 'booked'
    ), kept as (
        select j.payment_id, n.account, case n.account when 'vendor_payable' then a.vendor_id end as vendor_id,
               p.currency, p.amount
          from postings p join accounts a using (account_id) join journals j using (journal_id)
         cross join lateral (
               select case when a.code in ('vendor_payable_pending', 'vendor_payable_available') then 'vendor_payable'
                           when a.code = 'tds_adjustable' then 'tds_payable'
                           else a.code end as account) n
    ), both_sides as (
        select payment_id, account, vendor_id, currency, amount as holds, 0 as should from kept
        union all
        select payment_id, account, vendor_id, currency, 0, amount from expected
    )
    select format('payment: for %s, %s%s holds %s %s, but what happened adds up to %s',
                  coalesce(payment_id::text, 'no payment'), account,
                  coalesce(' of seller ' || vendor_id, ''), sum(holds), currency, sum(should))
      from both_sides group by payment_id, account, vendor_id, currency having sum(holds) <> sum(should)";

/// What stands beside the lock of each seller, against the postings.
const BALANCES: &str = "
    with summed as (
        select a.vendor_id, p.currency, -sum(p.amount) as available
          from accounts a join postings p using (account_id)
         where a.code = 'vendor_payable_available' group by a.vendor_id, p.currency
    )
    select format('payment: seller %s has %s %s available, but its postings add up to %s', vendor_id,
                  coalesce(b.available, 0), currency, coalesce(s.available, 0))
      from vendor_balances b full join summed s using (vendor_id, currency)
     where coalesce(b.available, 0) <> coalesce(s.available, 0)
    union all
    select format('payment: seller %s owes us %s %s since %s, but nothing was taken from it then', b.vendor_id, -b.available,
                  b.currency, b.negative_since)
      from vendor_balances b
     where b.negative_since is not null
       and not exists (select from accounts a join postings p using (account_id) join journals j using (journal_id)
                        where a.code = 'vendor_payable_available' and a.vendor_id = b.vendor_id and p.currency = b.currency
                          and p.amount > 0 and j.posted_at = b.negative_since)";

/// Of a year that was closed nothing is left: what was deposited for sales that were taken back counted for others, or was
/// charged. A job does it in the minutes after.
const YEARS: &str = "
    with left_over as (
        select y.year, y.closed_at, a.vendor_id, p.currency, sum(p.amount) as amount
          from tax_years y
          join journals j on (j.posted_at at time zone 'Asia/Kolkata')::date >= y.year
                         and (j.posted_at at time zone 'Asia/Kolkata')::date < y.year + interval '1 year'
          join postings p using (journal_id) join accounts a using (account_id)
         where a.code = 'tds_adjustable' and j.cause not like 'tds_year:%'
         group by y.year, y.closed_at, a.vendor_id, p.currency
    )
    select format('payment: of the year from %s seller %s has %s %s of income tax left, but was charged %s', year,
                  vendor_id, coalesce(l.amount, 0), currency, coalesce(c.amount, 0))
      from left_over l full join tax_charges c using (year, vendor_id, currency)
     where coalesce(l.amount, 0) <> coalesce(c.amount, 0)
       and (c.amount is not null or l.closed_at < $1 - interval '5 minutes')";

/// Of what was taken back when the year of its sale was over, all income tax was charged at once. What was taken back before
/// that was kept has no charge.
const LATE: &str = "
    with sold as (
        select p.seller_order_id, min(j.posted_at) as at
          from journals j join postings p using (journal_id)
         where split_part(j.cause, ':', 1) in ('capture', 'cod', 'accept') group by p.seller_order_id
    ), backs as (
        select c.credit_id, c.charged_tds, p.currency, s.at as sold_at, j.posted_at,
               coalesce(sum(p.amount) filter (where a.code in ('tds_payable', 'tds_adjustable')), 0) as tds
          from credits c join journals j on j.cause = 'credit:' || c.credit_id
          join postings p using (journal_id) join accounts a using (account_id) join sold s on s.seller_order_id = c.seller_order_id
         where c.charged_tds is not null group by c.credit_id, c.charged_tds, p.currency, s.at, j.posted_at
    ), years as (
        select *, extract(year from (sold_at at time zone 'Asia/Kolkata') - interval '3 months')
                < extract(year from (posted_at at time zone 'Asia/Kolkata') - interval '3 months') as is_late
          from backs
    )
    select format('payment: credit %s took %s %s of income tax back in %s year than that of its sale, and %s were charged', credit_id, tds,
                  currency, case when is_late then 'a later' else 'no later' end, charged_tds)
      from years where charged_tds <> case when is_late then tds else 0 end";

/// Who bears what was lost is decided, and what of it sellers bear is taken back from them at once.
const HELD: &str = "
    select format('payment: for %s, %s %s are held for disputes, but who bears them is decided', j.payment_id,
                  sum(p.amount), p.currency)
      from postings p join accounts a using (account_id) join journals j using (journal_id)
     where a.code = 'dispute_hold'
       and not exists (select from disputes d where d.payment_id = j.payment_id
                          and (d.state = 'open' or (d.state = 'lost' and d.bearer is null)))
       and not exists (select from refunds r where r.payment_id = j.payment_id and r.status = 'requested')
     group by j.payment_id, p.currency having sum(p.amount) <> 0";

/// What the provider settled otherwise than our books have it, as the nightly comparison left it.
const DIFFERENCES: &str = "
    select format('payment: %s %s of the settlements of %s is %s: %s %s in our books, %s settled', kind, name, day, why,
                  coalesce(ours::text, 'nothing'), currency, coalesce(theirs::text, 'nothing'))
      from differences where resolved_at is null";

/// 30: the ledger sums to zero in each currency, each account is what attempts, shares, refunds, disputes and payouts add up to, what is
/// kept of it beside is the same, and the
/// provider has the same money under the same names.
pub async fn balanced(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("payment")?;
    let mut violations = wrong(db, BALANCE).await?;
    for books in [ACCOUNTS, BALANCES, LATE, HELD, DIFFERENCES] {
        violations.extend(wrong(db, books).await?);
    }
    violations.extend(wrong_at(db, YEARS, stack.now()?).await?);
    let mut found =
        Finding { checked: count(db, "journals").await?, violations, unseen: Vec::new() };
    found.add(provider::beside(stack, db).await?);
    Ok(found)
}
