//! What has a time has a timer: nothing waits for long after its time is over.

use super::check::Finding;
use super::rows::{count, wrong};
use super::stack::StackHandles;

/// An order that shall end has no time any more once payment-service was asked often enough: 20 minutes after the wish.
const ORDERS: &str = "
    with open as (
        select *, coalesce(due_at, state_since + interval '20 minutes') as over_at
          from orders where state not in ('confirmed', 'rejected', 'cancelled')
    )
    select format('order: %s (%s) is %s since %s, but its time was over at %s', number, order_id, state, state_since,
                  over_at)
      from open where over_at + interval '5 minutes' < now()";

/// What a seller, a parcel or a buyer has time for. What is being sent back is completed when that is decided.
const PARTS: &str = "
    select format('order: seller order %s (%s) is %s, but its time was over at %s', number, seller_order_id, state, due_at)
      from seller_orders s where due_in = state and due_at < now() - interval '5 minutes'
       and not exists (select from returns r where r.seller_order_id = s.seller_order_id and r.due_at is not null)";

/// What a buyer, a seller or staff have time for.
const RETURNS: &str = "
    select format('order: the return %s of seller order %s is %s, but its time was over at %s', return_id, number, r.state,
                  r.due_at)
      from returns r join seller_orders using (seller_order_id) where r.due_at + interval '5 minutes' < now()";

/// A payment closes for ten minutes at most. One that is open is ended by its order, whose window is the same.
const PAYMENTS: &str = "
    select format('payment: %s of %s is closing since %s', payment_id, order_number, updated_at)
      from payments where status = 'closing' and updated_at + interval '15 minutes' < now()
    union all
    select format('payment: %s of %s is %s, but its window was over at %s', payment_id, order_number, status, expires_at)
      from payments where status in ('created', 'pending', 'failed') and expires_at + interval '5 minutes' < now()
    union all
    select format('payment: the provider should have been asked about %s of %s at %s', payment_id, order_number,
                  next_check_at)
      from payments where next_check_at + interval '5 minutes' < now()";

/// 15: nothing is on its way for longer than five minutes after its time.
pub async fn closed(stack: &StackHandles) -> anyhow::Result<Finding> {
    let (orders, payments) = (stack.db("order")?, stack.db("payment")?);
    let mut violations = wrong(orders, ORDERS).await?;
    violations.extend(wrong(orders, PARTS).await?);
    violations.extend(wrong(orders, RETURNS).await?);
    violations.extend(wrong(payments, PAYMENTS).await?);
    let checked = count(orders, "orders").await? + count(payments, "payments").await?;
    Ok(Finding { checked, violations, unseen: Vec::new() })
}
