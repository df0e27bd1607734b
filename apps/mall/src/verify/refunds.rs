//! Money that goes back: all of what ended, never more than came, and to somebody.

use super::check::Finding;
use super::rows::{count, len, list, wrong, wrong_beside};
use super::stack::StackHandles;

const ENDED: &str = "
    with ended as (
        select o.number, o.order_id, o.state, p.payment_id
          from jsonb_to_recordset($1) as o (order_id uuid, number text, state text) join payments p using (order_id)
    ), moved as (
        select payment_id, currency, amount as came, 0 as goes_back from attempts where status = 'captured'
        union all
        select payment_id, currency, 0, amount from refunds where status <> 'declined'
    ), unclaimed as (
        select j.payment_id, p.currency, -sum(p.amount) as amount
          from journals j join postings p using (journal_id) join accounts a using (account_id)
         where a.code = 'suspense' group by j.payment_id, p.currency having sum(p.amount) <> 0
    )
    select format('payment: %s (%s) is %s; of %s %s that came for it, %s go back', e.number, e.order_id, e.state,
                  sum(m.came), m.currency, sum(m.goes_back))
      from ended e join moved m using (payment_id)
     group by e.number, e.order_id, e.state, m.currency having sum(m.came) <> sum(m.goes_back)
    union all
    select format('payment: %s (%s) is %s, but %s %s that came for it are still nobody''s', e.number, e.order_id,
                  e.state, u.amount, u.currency)
      from ended e join unclaimed u using (payment_id)";

/// 12: whatever came for an order that was cancelled or rejected goes back, or a refund of it is under way.
pub async fn of_what_ended(stack: &StackHandles) -> anyhow::Result<Finding> {
    let ended =
        "select order_id, number, state from orders where state in ('cancelled', 'rejected')";
    let ended = list(stack.db("order")?, ended).await?;
    let violations = wrong_beside(stack.db("payment")?, ENDED, &ended).await?;
    Ok(Finding { checked: len(&ended), violations, unseen: Vec::new() })
}

/// What went before a bank asked, or was on its way then, cannot be helped: it is not given back beside what the bank has.
/// A refund that the provider will not do and never did moves no money, nor does one that came to nothing. What the
/// platform gives of its own is not given back: it is no more than what was taken, too.
const TOO_MUCH: &str = "
    with moving as (
        select * from refunds where not (status = 'stuck' and accepted_at is null) and status not in ('proposed', 'declined')
    ), cash as (
        select payment_id, seller_order_id, currency,
               case when collected_at is null then 0 else coalesce(collected, gross) end as taken
          from shares
    )
    select format('payment: of %s over %s %s, %s are given back', a.provider_payment_id,
                  case a.status when 'captured' then a.amount else 0 end, a.currency, sum(m.amount))
      from moving m join attempts a using (provider_payment_id)
     group by a.provider_payment_id, m.kind = 'goodwill'
    having sum(m.amount) > case a.status when 'captured' then a.amount else 0 end
    union all
    select format('payment: of %s over %s %s, a bank took or asks for %s, and %s are given back beside it',
                  a.provider_payment_id, a.amount, a.currency, d.amount, sum(m.amount))
      from moving m join attempts a using (provider_payment_id)
      join (select provider_payment_id, sum(amount) as amount, min(opened_at) as since
              from disputes where state <> 'won' group by provider_payment_id) d using (provider_payment_id)
     where m.dispute_id is null and (m.accepted_at is not null or m.done_at is not null)
     group by a.provider_payment_id, d.amount, m.kind = 'goodwill'
    having sum(m.amount) + d.amount > a.amount
       and bool_or(m.requested_at > d.since or coalesce(m.accepted_at, m.done_at) > d.since + interval '1 hour')
    union all
    select format('payment: refund %s of %s is in %s, the money came in %s', m.refund_id, m.provider_payment_id,
                  m.currency, a.currency)
      from moving m join attempts a using (provider_payment_id) where m.currency <> a.currency
    union all
    select format('payment: refund %s pays back %s, which is of another payment', m.refund_id, m.provider_payment_id)
      from moving m join attempts a using (provider_payment_id) where m.payment_id <> a.payment_id
    union all
    select format('payment: of %s %s that were taken for %s in cash, %s are given back', coalesce(max(c.taken), 0),
                  m.currency, coalesce(m.seller_order_id::text, 'no seller order'), sum(m.amount))
      from moving m left join cash c using (payment_id, seller_order_id, currency)
     where m.provider_payment_id is null and m.kind <> 'goodwill'
     group by m.payment_id, m.seller_order_id, m.currency having sum(m.amount) > coalesce(max(c.taken), 0)
    union all
    select format('payment: of %s %s that were taken for %s in cash, %s are given of our own', coalesce(c.taken, 0),
                  m.currency, m.payment_id, m.given)
      from (select payment_id, currency, sum(amount) as given from moving
             where provider_payment_id is null and kind = 'goodwill' group by payment_id, currency) m
      left join (select payment_id, currency, sum(taken) as taken from cash group by payment_id, currency) c
           using (payment_id, currency)
     where m.given > coalesce(c.taken, 0)
    union all
    select format('payment: of %s %s of %s in the share of %s, %s are credited', part.amount, s.currency, part.name,
                  s.seller_order_id, part.credited)
      from shares s cross join lateral (values
           ('gross', s.gross, s.credited_gross), ('taxable value', s.taxable, s.credited_taxable),
           ('commission', s.commission, s.credited_commission),
           ('tax on commission', s.commission_tax, s.credited_commission_tax), ('tcs', s.tcs, s.credited_tcs),
           ('tds', s.tds, s.credited_tds), ('payable and tcs', s.payable + s.tcs, s.credited_payable + s.credited_tcs)) as part (name, amount, credited)
     where part.credited not between 0 and part.amount";

/// 13: no more is given back than was taken, and no more credited than was shared.
pub async fn within_what_came(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("payment")?;
    let violations = wrong(db, TOO_MUCH).await?;
    let checked = count(db, "refunds").await? + count(db, "shares").await?;
    Ok(Finding { checked, violations, unseen: Vec::new() })
}

const NOWHERE: &str = "
    select format('payment: refund %s over %s %s of cash is paid out by hand, but neither to an account of its buyer nor for a reason',
                  refund_id, amount, currency)
      from refunds
     where provider_payment_id is null and (status = 'done' or reported_by is not null) and dispute_id is null
       and paid_to is null and coalesce(without_account, '') = ''
    union all
    select format('payment: refund %s of cash is paid to account %s of its buyer, who gave no more than %s', r.refund_id,
                  r.paid_to, a.edition)
      from refunds r join refund_accounts a using (payment_id) where r.paid_to > a.edition";

/// 37: cash goes back to an account that its buyer gave, or somebody wrote down why not.
pub async fn of_cash(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("payment")?;
    let violations = wrong(db, NOWHERE).await?;
    Ok(Finding { checked: count(db, "refunds").await?, violations, unseen: Vec::new() })
}
