//! Nothing was given up, and nothing lies for longer than five minutes that nobody will come back to.

use serde_json::Value;

use super::check::Finding;
use super::rows::{count, list_at, wrong, wrong_at, wrong_beside};
use super::stack::StackHandles;

const FAILED: &str = "
    select format('job %s (%s) was given up at %s after %s attempts: %s', id, kind, failed_at, attempts,
                  left(coalesce(last_error, 'no reason'), 200))
      from chassis.job where failed_at is not null";

const WEBHOOKS: &str = "
    select format('payment: webhook %s (%s) about %s of %s %s', event_id, coalesce(event, 'of no kind'),
                  coalesce(provider_order_id, 'no order'), received_at,
                  case when outcome is null then 'was not acted upon' else 'belongs to no payment' end)
      from webhooks
     where (outcome is null or outcome = 'unmatched') and received_at < $1 - interval '5 minutes'";

const PARCELS: &str = "
    select format('product: the parcel of %s left at %s, but its pieces are still counted as here', seller_order_id,
                  created_at)
      from (select seller_order_id, applied_at, created_at from parcels
            union all select seller_order_id, applied_at, created_at from shipments) p
     where applied_at is null and created_at < $1 - interval '5 minutes'";

/// Of what was sold and is not there, the parts that go on as if it were.
const UNANSWERED: &str = "
    select format('order: %s (%s) is %s, but product says that %s is gone, and nobody has answered it', s.number,
                  s.seller_order_id, s.state, string_agg(l.sku, ', ' order by l.position))
      from jsonb_to_recordset($1) as r (order_id uuid, missing jsonb)
      join seller_orders s using (order_id) join order_lines l using (seller_order_id)
     where r.missing ? l.sku and l.cancelled < l.quantity
       and s.state in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto', 'delivered', 'completed')
     group by s.seller_order_id";

/// Sold, and not there when it was to be taken.
const GONE: &str = "
    select order_id, missing from reservations
     where state = 'commit_failed' and updated_at < $1 - interval '5 minutes'";

/// 31: no job was given up; no webhook, no parcel and no order without its goods has waited for five minutes.
pub async fn none_forgotten(stack: &StackHandles) -> anyhow::Result<Finding> {
    let mut found = Finding::default();
    for (service, db) in &stack.databases {
        let failed = wrong(db, FAILED).await?;
        found.violations.extend(failed.into_iter().map(|job| format!("{service}: {job}")));
        found.checked += count(db, "chassis.job").await?;
    }
    let (payment, product) = (stack.db("payment")?, stack.db("product")?);
    let now = stack.now()?;
    found.violations.extend(wrong_at(payment, WEBHOOKS, now).await?);
    found.violations.extend(wrong_at(product, PARCELS, now).await?);
    let gone: Value = list_at(product, GONE, now).await?;
    found.violations.extend(wrong_beside(stack.db("order")?, UNANSWERED, &gone).await?);
    found.checked += count(payment, "webhooks").await?
        + count(product, "parcels").await?
        + count(product, "shipments").await?
        + count(product, "reservations").await?;
    Ok(found)
}
