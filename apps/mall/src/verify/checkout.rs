//! Orders: one per checkout, split to the paisa, and every history a path of the state machine.

use serde_json::Value;

use super::check::Finding;
use super::rows::{count, len, wrong, wrong_beside};
use super::stack::StackHandles;

const SPLIT: &str = "
    select format('order: checkout %s has %s orders', checkout_id, count(*))
      from orders group by checkout_id having count(*) > 1
    union all
    select format('order: the parts of %s (%s) add up to %s, the buyer pays %s', o.number, o.order_id,
                  coalesce(sum(s.total), 0), o.total)
      from orders o left join seller_orders s using (order_id)
     group by o.order_id having coalesce(sum(s.total), 0) <> o.total
    union all
    select format('order: %s (%s) has %s parts of seller %s', o.number, o.order_id, count(*), s.vendor_id)
      from orders o join seller_orders s using (order_id)
     group by o.order_id, s.vendor_id having count(*) > 1
    union all
    select format('order: %s (%s) is over %s, but its lines and delivery add up to %s', s.number,
                  s.seller_order_id, s.total, coalesce(sum(l.total), 0) + s.shipping)
      from seller_orders s left join order_lines l using (seller_order_id)
     group by s.seller_order_id having coalesce(sum(l.total), 0) + s.shipping <> s.total
    union all
    select format('order: %s (%s) is in %s, a part of it in %s', o.number, o.order_id, o.currency, s.currency)
      from orders o join seller_orders s using (order_id) where s.currency <> o.currency";

/// What was frozen at the till against what was ordered.
const FROZEN: &str = "
    with carts as (
        select * from jsonb_to_recordset($1) as c (checkout_id uuid, total bigint, lines jsonb)
    ), wanted as (
        select c.checkout_id, l.vendor_id, l.sku, sum(l.quantity) as quantity
          from carts c, jsonb_to_recordset(c.lines) as l (vendor_id uuid, sku text, quantity bigint)
         group by c.checkout_id, l.vendor_id, l.sku
    ), ordered as (
        select o.checkout_id, s.vendor_id, l.sku, sum(l.quantity) as quantity
          from orders o join seller_orders s using (order_id) join order_lines l using (seller_order_id)
         where o.checkout_id in (select checkout_id from carts)
         group by o.checkout_id, s.vendor_id, l.sku
    )
    select format('order: %s (%s) is over %s, but the buyer agreed to %s', o.number, o.order_id, o.total, c.total)
      from carts c join orders o using (checkout_id) where o.total <> c.total
    union all
    select format('order: checkout %s wanted %s of %s from seller %s, but %s were ordered',
                  checkout_id, coalesce(w.quantity, 0), sku, vendor_id, coalesce(p.quantity, 0))
      from wanted w full join ordered p using (checkout_id, vendor_id, sku)
     where w.quantity is distinct from p.quantity
       and checkout_id in (select checkout_id from orders)";

/// 8: one checkout, one order, split to the minor unit.
pub async fn split(stack: &StackHandles) -> anyhow::Result<Finding> {
    let orders = stack.db("order")?;
    let log = stack.log().await?;
    let carts: Value = log.carts.values().cloned().collect();
    let mut violations = wrong(orders, SPLIT).await?;
    violations.extend(wrong_beside(orders, FROZEN, &carts).await?);
    let (checked, seen) = (count(orders, "orders").await?, len(&carts));
    let unseen = (seen < checked)
        .then(|| format!("of {checked} orders, the broker still has the carts of {seen}"));
    Ok(Finding { checked, violations, unseen: unseen.into_iter().collect() })
}

/// The published state machines, and every history held against them. `null` is where a history begins.
const PATHS: &str = "
    with arrows (of_part, from_state, to_state) as (values
        (false, null, 'placed'),
        (false, 'placed', 'reserving'), (false, 'placed', 'rejected'), (false, 'placed', 'cancelled'),
        (false, 'reserving', 'reserved'), (false, 'reserving', 'rejected'), (false, 'reserving', 'cancelled'),
        (false, 'reserved', 'awaiting_payment'), (false, 'reserved', 'awaiting_cod_ok'),
        (false, 'reserved', 'cancelled'),
        (false, 'awaiting_payment', 'confirmed'), (false, 'awaiting_payment', 'cancel_pending'),
        (false, 'awaiting_cod_ok', 'confirmed'), (false, 'awaiting_cod_ok', 'cancel_pending'),
        (false, 'awaiting_cod_ok', 'cancelled'),
        (false, 'cancel_pending', 'confirmed'), (false, 'cancel_pending', 'cancelled'),
        (true, null, 'pending'), (true, 'pending', 'confirmed'), (true, 'pending', 'cancelled'),
        (true, 'confirmed', 'accepted'), (true, 'accepted', 'packed'), (true, 'packed', 'shipped'),
        (true, 'shipped', 'delivered'), (true, 'shipped', 'rto'),
        (true, 'delivered', 'completed'), (true, 'delivered', 'returned'),
        (true, 'confirmed', 'vendor_rejected'), (true, 'accepted', 'vendor_rejected'),
        (true, 'packed', 'vendor_rejected'), (true, 'confirmed', 'sla_expired'),
        (true, 'accepted', 'sla_expired'), (true, 'packed', 'sla_expired'),
        (true, 'confirmed', 'buyer_cancelled'), (true, 'accepted', 'buyer_cancelled'),
        (true, 'packed', 'buyer_cancelled'), (true, 'confirmed', 'staff_cancelled'),
        (true, 'accepted', 'staff_cancelled'), (true, 'packed', 'staff_cancelled'),
        (true, 'confirmed', 'unavailable'), (true, 'accepted', 'unavailable'), (true, 'packed', 'unavailable'),
        (true, 'shipped', 'lost'), (true, 'rto', 'lost'), (true, 'rto', 'rto_received'), (true, 'rto', 'delivered')
    ), steps as (
        select coalesce(seller_order_id, order_id) as id, seller_order_id is not null as of_part, seq,
               from_state, to_state, lag(to_state) over story as came_from, lead(to_state) over story is null as is_last
          from order_events where to_state is not null
        window story as (partition by order_id, seller_order_id order by seq)
    ), things as (
        select order_id as id, false as of_part, number, state from orders
        union all select seller_order_id, true, number, state from seller_orders
    )
    select format('order: the history of %s (%s) steps from %s to %s at entry %s, which no path allows',
                  t.number, s.id, coalesce(s.from_state, 'nothing'), s.to_state, s.seq)
      from steps s join things t using (id)
     where not exists (select from arrows a where a.of_part = s.of_part and a.to_state = s.to_state
                                             and a.from_state is not distinct from s.from_state)
    union all
    select format('order: the history of %s (%s) is at %s, but goes on from %s at entry %s',
                  t.number, s.id, coalesce(s.came_from, 'nothing'), coalesce(s.from_state, 'nothing'), s.seq)
      from steps s join things t using (id) where s.from_state is distinct from s.came_from
    union all
    select format('order: %s (%s) is %s, but its history ends with %s', t.number, t.id, t.state,
                  coalesce(s.to_state, 'nothing'))
      from things t left join steps s on s.id = t.id and s.is_last where s.to_state is distinct from t.state
    union all
    select format('order: the history of %s (%s) holds both confirmed and cancelled', t.number, t.id)
      from things t join steps s using (id) where not t.of_part
     group by t.number, t.id
    having bool_or(s.to_state = 'confirmed') and bool_or(s.to_state in ('cancelled', 'rejected'))";

/// 14: never both confirmed and cancelled; every history is a path of the state machine.
pub async fn paths(stack: &StackHandles) -> anyhow::Result<Finding> {
    let orders = stack.db("order")?;
    let checked = count(orders, "orders").await? + count(orders, "seller_orders").await?;
    Ok(Finding { checked, violations: wrong(orders, PATHS).await?, unseen: Vec::new() })
}
