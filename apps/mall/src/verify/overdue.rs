//! What has a time has a timer: nothing waits for long after its time is over.

use super::check::Finding;
use super::rows::{count, wrong_at};
use super::stack::StackHandles;

/// An order that shall end has no time any more once payment-service was asked often enough: 20 minutes after the wish.
const ORDERS: &str = "
    with open as (
        select *, coalesce(due_at, state_since + interval '20 minutes') as over_at
          from orders where state not in ('confirmed', 'rejected', 'cancelled')
    )
    select format('order: %s (%s) is %s since %s, but its time was over at %s', number, order_id, state, state_since,
                  over_at)
      from open where over_at + interval '5 minutes' < $1";

/// What a seller, a parcel or a buyer has time for. What is being sent back is completed when that is decided.
const PARTS: &str = "
    select format('order: seller order %s (%s) is %s, but its time was over at %s', number, seller_order_id, state, due_at)
      from seller_orders s where due_in = state and due_at < $1 - interval '5 minutes'
       and not exists (select from returns r where r.seller_order_id = s.seller_order_id and r.due_at is not null)";

/// What a buyer, a seller or staff have time for.
const RETURNS: &str = "
    select format('order: the return %s of seller order %s is %s, but its time was over at %s', return_id, number, r.state,
                  r.due_at)
      from returns r join seller_orders using (seller_order_id) where r.due_at + interval '5 minutes' < $1";

/// A payment closes for ten minutes at most. One that is open is ended by its order, whose window is the same.
const PAYMENTS: &str = "
    select format('payment: %s of %s is closing since %s', payment_id, order_number, updated_at)
      from payments where status = 'closing' and updated_at + interval '15 minutes' < $1
    union all
    select format('payment: %s of %s is %s, but its window was over at %s', payment_id, order_number, status, expires_at)
      from payments where status in ('created', 'pending', 'failed') and expires_at + interval '5 minutes' < $1
    union all
    select format('payment: the provider should have been asked about %s of %s at %s', payment_id, order_number,
                  next_check_at)
      from payments where next_check_at + interval '5 minutes' < $1";

/// What waits until a bank has decided goes on when it has.
const HELD: &str = "
    select format('payment: refund %s of %s %s waits for a dispute, but none of %s is open', r.refund_id, r.amount,
                  r.currency, r.provider_payment_id)
      from refunds r
     where r.status = 'requested' and r.reason = 'disputed' and r.updated_at + interval '5 minutes' < $1
       and not exists (select from disputes d where d.provider_payment_id = r.provider_payment_id and d.state = 'open')";

/// What was delivered and cannot be sent back any more was paid for at the door: somebody has the cash.
const CASH: &str = "
    select format('payment: seller order %s of %s is completed, but nobody has the %s %s that were due at the door',
                  s.seller_order_id, p.order_number, s.gross - s.credited_gross, s.currency)
      from shares s join payments p using (payment_id)
     where p.status = 'cod_accepted' and s.collected_at is null and s.credited_gross < s.gross
       and s.completed_at + interval '5 minutes' < $1";

/// A day is gone through in a moment, if the provider answers.
const DAYS: &str = "
    select format('payment: what was settled on %s is gone through since %s', day, started_at)
      from reconciliations where state = 'running' and started_at + interval '2 hours' < $1";

/// 15: nothing is on its way for longer than five minutes after its time.
pub async fn closed(stack: &StackHandles) -> anyhow::Result<Finding> {
    let (orders, payments) = (stack.db("order")?, stack.db("payment")?);
    let now = stack.now()?;
    let mut violations = wrong_at(orders, ORDERS, now).await?;
    violations.extend(wrong_at(orders, PARTS, now).await?);
    violations.extend(wrong_at(orders, RETURNS, now).await?);
    violations.extend(wrong_at(payments, PAYMENTS, now).await?);
    violations.extend(wrong_at(payments, HELD, now).await?);
    violations.extend(wrong_at(payments, CASH, now).await?);
    violations.extend(wrong_at(payments, DAYS, now).await?);
    let checked = count(orders, "orders").await? + count(payments, "payments").await?;
    Ok(Finding { checked, violations, unseen: Vec::new() })
}
