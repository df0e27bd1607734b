//! What was confirmed was paid, once, and exactly.

use super::check::Finding;
use super::rows::{len, list, wrong_beside};
use super::stack::StackHandles;

const PAID: &str = "
    with orders as (
        select * from jsonb_to_recordset($1) as o (order_id uuid, number text, payment_id uuid, payment_method text,
                                                   total bigint, currency text, state text)
    ), confirmed as (
        select o.*, p.payment_id as paid_by, p.method, p.status, p.amount, p.currency as paid_in
          from orders o left join payments p on p.payment_id = o.payment_id where o.state = 'confirmed'
    ), shared as (
        select payment_id, sum(gross) as gross from shares group by payment_id
    ), cleared as (
        select j.payment_id, sum(p.amount) as amount
          from journals j join postings p using (journal_id) join accounts a using (account_id)
         where (a.code = 'psp_clearing' and j.cause = 'capture:' || j.payment_id)
            -- Staff took other money for it, and what was too much is owed back.
            or (a.code in ('suspense', 'refunds_payable') and j.cause like 'accept:%')
         group by j.payment_id
    )
    select format('payment: %s (%s) is confirmed, but its payment %s is not known', number, order_id, payment_id)
      from confirmed where paid_by is null
    union all
    select format('payment: %s (%s) is confirmed by %s, but its payment %s is %s', number, order_id, payment_method,
                  payment_id, status)
      from confirmed
     where paid_by is not null and (method <> payment_method or not case payment_method
           when 'upi' then status = 'captured' else status in ('cod_accepted', 'cod_collected') or status = 'cod_void'
                and not exists (select from shares s where s.payment_id = paid_by and s.credited_gross < s.gross) end)
    union all
    select format('payment: %s (%s) is over %s %s, but payment %s is over %s %s', number, order_id, total, currency,
                  payment_id, amount, paid_in)
      from confirmed where paid_by is not null and (amount, paid_in) <> (total, currency)
    union all
    select format('payment: %s (%s) was captured %s times', c.number, c.order_id, count(a.payment_id))
      from confirmed c left join attempts a on a.payment_id = c.payment_id and a.booked = 'order'
                                and (a.amount = c.total or (a.amount > c.total and exists (
                                     select from reviews r where r.provider_payment_id = a.provider_payment_id
                                        and r.outcome = 'accepted')))
     where c.payment_method = 'upi' and c.paid_by is not null
     group by c.number, c.order_id having count(a.payment_id) <> 1
    union all
    select format('payment: %s (%s) has %s captured payments', o.number, o.order_id, count(*))
      from orders o join payments p on p.order_id = o.order_id and p.status = 'captured'
     group by o.number, o.order_id having count(*) > 1
    union all
    select format('payment: %s over %s %s is captured, but order says that %s (%s) is %s', p.payment_id, p.amount,
                  p.currency, p.order_number, p.order_id, coalesce(o.state, 'unknown'))
      from payments p left join orders o on o.order_id = p.order_id
     where p.status = 'captured' and o.state is distinct from 'confirmed'
    union all
    select format('payment: the shares of %s add up to %s, the payment is over %s', p.payment_id,
                  coalesce(s.gross, 0), p.amount)
      from payments p left join shared s using (payment_id) where coalesce(s.gross, 0) <> p.amount
    union all
    select format('payment: %s is captured over %s, but the ledger took in %s', p.payment_id, p.amount,
                  coalesce(c.amount, 0))
      from payments p left join cleared c using (payment_id)
     where p.status = 'captured' and coalesce(c.amount, 0) <> p.amount";

/// 11: what is confirmed by UPI has exactly one capture of exactly the total; cash on delivery was accepted, and is void only
/// where all of it was taken back.
pub async fn paid(stack: &StackHandles) -> anyhow::Result<Finding> {
    let orders =
        "select order_id, number, payment_id, payment_method, total, currency, state from orders";
    let orders = list(stack.db("order")?, orders).await?;
    let violations = wrong_beside(stack.db("payment")?, PAID, &orders).await?;
    Ok(Finding { checked: len(&orders), violations, unseen: Vec::new() })
}
