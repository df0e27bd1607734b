//! The books of the money: they balance, every account holds what happened adds up to, and the provider's say the same.

use std::time::Duration;

use serde_json::{Value, json};

use super::check::Finding;
use super::rows::{count, len, wrong, wrong_at, wrong_beside_at};
use super::stack::StackHandles;

/// Where the provider of development shows its books.
const PROVIDERS_BOOKS: &str = "/sandbox/ledger";
const PATIENCE: Duration = Duration::from_secs(10);

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
          from tax_deposits d cross join lateral (values
               ('bank', -d.amount),
               (case d.kind when 'gst' then 'output_gst' else d.kind || '_payable' end, d.amount)) as part (account, amount)
         where d.status = 'booked'
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
     where coalesce(b.available, 0) <> coalesce(s.available, 0)";

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

/// The provider's captures against ours, id by id. What was captured just now may still be on its way to us.
const CAPTURES: &str = "
    with theirs as (
        select *
          from jsonb_to_recordset($1) as c (payment_id text, order_id text, amount bigint, currency text, at timestamptz)
    ), ours as (
        select a.provider_payment_id, a.amount, a.currency from attempts a where a.status = 'captured'
    )
    select format('payment: the provider captured %s over %s %s of its order %s, our books have no such money',
                  t.payment_id, t.amount, t.currency, t.order_id)
      from theirs t
     where t.at < $2 - interval '5 minutes'
       and not exists (select from ours o where o.provider_payment_id = t.payment_id)
    union all
    select format('payment: %s is over %s %s in our books, the provider captured %s %s', o.provider_payment_id,
                  o.amount, o.currency, t.amount, t.currency)
      from theirs t join ours o on o.provider_payment_id = t.payment_id
     where (o.amount, o.currency::text) <> (t.amount, t.currency)
    union all
    select format('payment: %s over %s %s is captured in our books, the provider has no such capture',
                  o.provider_payment_id, o.amount, o.currency)
      from ours o where not exists (select from theirs t where t.payment_id = o.provider_payment_id)";

/// The provider's refunds against ours, id by id. What it gave back by itself of money that never was ours is not in it.
const REFUNDS: &str = "
    with theirs as (
        select *
          from jsonb_to_recordset($1) as r (refund_id text, payment_id text, amount bigint, currency text, status text,
                                            captured bool, at timestamptz)
         where captured
    ), ours as (
        select * from refunds where accepted_at is not null
    )
    select format('payment: the provider gave back %s %s of %s as %s, our books have no such refund', t.amount, t.currency,
                  t.payment_id, t.refund_id)
      from theirs t
     where t.status <> 'failed' and t.at < $2 - interval '5 minutes'
       and not exists (select from ours o where o.provider_refund_id = t.refund_id)
    union all
    select format('payment: %s is %s of %s %s of %s in our books, for the provider %s of %s %s of %s', t.refund_id, o.status,
                  o.amount, o.currency, o.provider_payment_id, t.status, t.amount, t.currency, t.payment_id)
      from theirs t join ours o on o.provider_refund_id = t.refund_id
     where (o.amount, o.currency::text, o.provider_payment_id) is distinct from (t.amount, t.currency, t.payment_id)
        or t.status = 'failed' or (o.status = 'done' and t.status <> 'processed')
    union all
    select format('payment: %s over %s %s is accepted in our books, the provider has no such refund', o.provider_refund_id,
                  o.amount, o.currency)
      from ours o where not exists (select from theirs t where t.refund_id = o.provider_refund_id)";

/// The provider's payouts against ours, id by id. What came to nothing just now may still be on its way to us.
const PAYOUTS: &str = "
    with theirs as (
        select *
          from jsonb_to_recordset($1) as o (payout_id text, amount bigint, currency text, status text, at timestamptz)
    ), ours as (
        select * from payouts where provider_payout_id is not null
    )
    select format('payment: the provider paid a seller %s %s as %s, our books have no such payout', t.amount, t.currency,
                  t.payout_id)
      from theirs t
     where t.status not in ('failed', 'reversed') and t.at < $2 - interval '5 minutes'
       and not exists (select from ours o where o.provider_payout_id = t.payout_id)
    union all
    select format('payment: payout %s is %s of %s %s in our books, for the provider %s of %s %s', t.payout_id, o.status,
                  o.amount, o.currency, t.status, t.amount, t.currency)
      from theirs t join ours o on o.provider_payout_id = t.payout_id
     where (o.amount, o.currency::text) <> (t.amount, t.currency)
        or (o.back_at is not null and t.status not in ('failed', 'reversed'))
        or (o.status = 'paid' and t.status not in ('processed', 'reversed'))
    union all
    select format('payment: payout %s over %s %s is accepted in our books, the provider has no such payout',
                  o.provider_payout_id, o.amount, o.currency)
      from ours o where not exists (select from theirs t where t.payout_id = o.provider_payout_id)";

/// 30: the ledger sums to zero in each currency, each account is what attempts, shares, refunds, disputes and payouts add up to, what is
/// kept of it beside is the same, and the
/// provider has the same money under the same names.
pub async fn balanced(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("payment")?;
    let mut violations = wrong(db, BALANCE).await?;
    for books in [ACCOUNTS, BALANCES, HELD, DIFFERENCES] {
        violations.extend(wrong(db, books).await?);
    }
    violations.extend(wrong_at(db, YEARS, stack.now()?).await?);
    let mut found =
        Finding { checked: count(db, "journals").await?, violations, unseen: Vec::new() };
    match providers_books(stack).await {
        Some(Ok(books)) => {
            let now = stack.now()?;
            found.violations.extend(wrong_beside_at(db, CAPTURES, &books["captures"], now).await?);
            found.violations.extend(wrong_beside_at(db, REFUNDS, &books["refunds"], now).await?);
            found.checked += len(&books["captures"]) + len(&books["refunds"]);
            if books["payouts"].is_array() {
                found
                    .violations
                    .extend(wrong_beside_at(db, PAYOUTS, &books["payouts"], now).await?);
                found.checked += len(&books["payouts"]);
            }
        }
        Some(Err(reason)) => {
            found.unseen.push(format!("the provider does not show its books: {reason:#}"));
        }
        None => found.unseen.push("where the provider shows its books is not known".to_owned()),
    }
    Ok(found)
}

/// The provider's books, if it is known where they are.
async fn providers_books(stack: &StackHandles) -> Option<anyhow::Result<Value>> {
    let url = format!("{}{PROVIDERS_BOOKS}", stack.provider.as_deref()?.trim_end_matches('/'));
    Some(read(&url).await)
}

async fn read(url: &str) -> anyhow::Result<Value> {
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
    let mut books: Value = client.get(url).send().await?.error_for_status()?.json().await?;
    for list in ["captures", "refunds"] {
        anyhow::ensure!(books[list].is_array(), "they name no {list}");
    }
    let [captures, refunds, payouts] =
        ["captures", "refunds", "payouts"].map(|list| books[list].take());
    Ok(json!({ "captures": captures, "refunds": refunds, "payouts": payouts }))
}
