//! Every piece that came in is on a shelf, held, sold or shipped.

use super::check::Finding;
use super::rows::{count, list, wrong, wrong_at, wrong_beside};
use super::stack::StackHandles;

const COUNTERS: &str = "
    with moved as (
        select sku,
               sum(quantity) filter (where kind in ('receive', 'adjust')) as received,
               coalesce(sum(quantity) filter (where kind = 'hold'), 0) as taken,
               coalesce(sum(quantity) filter (where kind in ('release', 'expire')), 0) as returned,
               coalesce(sum(quantity) filter (where kind = 'commit'), 0) as sold,
               coalesce(sum(quantity) filter (where kind = 'ship'), 0) as shipped,
               coalesce(sum(quantity) filter (where kind = 'uncommit'), 0) as unsold,
               coalesce(sum(quantity) filter (where kind = 'restock'), 0) as restocked,
               coalesce(sum(quantity) filter (where kind = 'lose'), 0) as lost
          from movements group by sku
    ), told as (
        select sku, coalesce(received, 0) - lost as received,
               coalesce(received, 0) - taken + returned + unsold + restocked as available,
               taken - returned - sold as held, sold - shipped - unsold as committed,
               shipped - restocked - lost as shipped
          from moved
    ), reserved as (
        select l.sku, coalesce(sum(l.quantity) filter (where r.state = 'held'), 0) as held,
               coalesce(sum(l.quantity - l.shipped - l.credited)
                            filter (where r.state in ('committed', 'commit_failed')), 0) as committed,
               coalesce(sum(l.shipped - l.returned), 0) as shipped
          from reservation_lines l join reservations r using (checkout_id) group by l.sku
    )
    select format('product: of %s, %s available + %s held + %s sold is not %s received - %s shipped', sku,
                  available, held, committed, received, shipped)
      from stock where available + held + committed <> received - shipped
    union all
    select format('product: of %s, %s are available', sku, available) from stock where available < 0
    union all
    select format('product: %s counts %s received, %s available, %s held, %s sold, %s shipped; its movements say %s, %s, %s, %s, %s',
                  s.sku, s.received, s.available, s.held, s.committed, s.shipped,
                  t.received, t.available, t.held, t.committed, t.shipped)
      from stock s join told t using (sku)
     where (s.received, s.available, s.held, s.committed, s.shipped)
        is distinct from (t.received, t.available, t.held, t.committed, t.shipped)
    union all
    select format('product: %s counts stock, but no movement brought any', s.sku)
      from stock s where not exists (select from movements m where m.sku = s.sku)
       and (received, available, held, committed, shipped) <> (0, 0, 0, 0, 0)
    union all
    select format('product: of %s, %s are held, %s sold and %s out, but the reservations hold %s, sold %s and shipped %s',
                  s.sku, s.held, s.committed, s.shipped,
                  coalesce(r.held, 0), coalesce(r.committed, 0), coalesce(r.shipped, 0))
      from stock s left join reserved r using (sku)
     where (s.held, s.committed, s.shipped)
        is distinct from (coalesce(r.held, 0), coalesce(r.committed, 0), coalesce(r.shipped, 0))";

/// 9: available + held + sold = received - shipped, for every SKU.
pub async fn counted(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("product")?;
    let violations = wrong(db, COUNTERS).await?;
    Ok(Finding { checked: count(db, "stock").await?, violations, unseen: Vec::new() })
}

const OVERDUE: &str = "
    select format('product: checkout %s should have let its stock go at %s and still holds it', checkout_id, expires_at)
      from reservations where state = 'held' and expires_at + interval '5 minutes' < $1";

const ENDED: &str = "
    select format('product: checkout %s still has stock %s, but order says that %s (%s) is %s', r.checkout_id,
                  case r.state when 'held' then 'held' else 'sold' end, o.number, o.order_id, o.state)
      from reservations r
      join jsonb_to_recordset($1) as o (checkout_id uuid, order_id uuid, number text, state text)
        using (checkout_id)
     where r.state in ('held', 'committed')";

/// 10: nothing is held for longer than agreed, nor for an order that ended.
pub async fn released(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("product")?;
    let mut violations = wrong_at(db, OVERDUE, stack.now()?).await?;
    let ended = "select checkout_id, order_id, number, state from orders where state in ('rejected', 'cancelled')";
    let ended = list(stack.db("order")?, ended).await?;
    violations.extend(wrong_beside(db, ENDED, &ended).await?);
    Ok(Finding { checked: count(db, "reservations").await?, violations, unseen: Vec::new() })
}
