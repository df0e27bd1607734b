//! Analytics counts what order and payment keep.

use serde_json::json;

use super::check::Finding;
use super::rows::{len, list, wrong_beside};
use super::stack::StackHandles;

/// Days are calendar days in India.
const ORDERS: &str = "
    select (placed_at at time zone 'Asia/Kolkata')::date as placed_on,
           (confirmed_at at time zone 'Asia/Kolkata')::date as confirmed_on,
           (state_since at time zone 'Asia/Kolkata')::date as since, o.state, o.total, o.currency,
           (select sum(quantity) from seller_orders s join order_lines l using (seller_order_id)
             where s.order_id = o.order_id) as units
      from orders o";

const PARTS: &str = "
    select (o.confirmed_at at time zone 'Asia/Kolkata')::date as day, s.vendor_id, s.currency, count(*) as orders,
           sum(s.total) as gross, sum(s.commission) as commission, sum(s.payable) as payable
      from orders o join seller_orders s using (order_id) where o.state = 'confirmed' group by 1, 2, 3";

const COLLECTED: &str = "
    select currency, sum(amount) as amount
      from (select currency, amount from payments where status = 'captured'
            union all select currency, coalesce(collected, gross) from shares where collected_at is not null) c
     group by currency";

const SUMS: &str = "
    with orders as (
        select * from jsonb_to_recordset($1 -> 'orders') as o
            (placed_on date, confirmed_on date, since date, state text, total bigint, currency text, units bigint)
    ), counts (day, what, wanted) as (
        select placed_on, 'placed', count(*) from orders group by 1
        union all select since, state, count(*) from orders where state in ('rejected', 'cancelled') group by 1, 2
    ), kept (day, what, found) as (
        select day, what, found from days, lateral (values
            ('placed', placed), ('rejected', rejected), ('cancelled', cancelled)) as v (what, found) where found <> 0
    ), sold (day, currency, orders, gross, units) as (
        select confirmed_on, currency, count(*), sum(total), sum(units) from orders where state = 'confirmed' group by 1, 2
    ), parts as (
        select * from jsonb_to_recordset($1 -> 'parts') as p
            (day date, vendor_id uuid, currency text, orders bigint, gross bigint, commission bigint, payable bigint)
    ), collected as (
        select * from jsonb_to_recordset($1 -> 'collected') as c (currency text, amount bigint)
    ), counted as (
        select currency::text, sum(collected) as amount from day_sales group by currency
    )
    select format('analytics: on %s, %s orders were %s; analytics counts %s', day, coalesce(wanted, 0), what, coalesce(found, 0))
      from counts full join kept using (day, what) where wanted is distinct from found
    union all
    select format('analytics: on %s, %s orders of %s units over %s %s were sold; analytics counts %s, %s and %s', day,
                  coalesce(s.orders, 0), coalesce(s.units, 0), coalesce(s.gross, 0), currency, coalesce(d.orders, 0),
                  coalesce(d.units, 0), coalesce(d.gross, 0))
      from sold s full join (select day, currency::text, orders, units, gross from day_sales where orders <> 0) d
           using (day, currency)
     where (s.orders, s.units, s.gross) is distinct from (d.orders, d.units, d.gross)
    union all
    select format('analytics: on %s, seller %s sold %s parts over %s %s, commission %s, payable %s; analytics counts %s, %s, %s and %s',
                  day, vendor_id, coalesce(p.orders, 0), coalesce(p.gross, 0), currency, coalesce(p.commission, 0),
                  coalesce(p.payable, 0), coalesce(d.orders, 0), coalesce(d.gross, 0), coalesce(d.commission, 0),
                  coalesce(d.payable, 0))
      from parts p full join (select day, vendor_id, currency::text, orders, gross, commission, payable
                                from vendor_day_sales where orders <> 0) d using (day, vendor_id, currency)
     where (p.orders, p.gross, p.commission, p.payable) is distinct from (d.orders, d.gross, d.commission, d.payable)
    union all
    select format('analytics: %s minor units of %s were captured or collected; analytics counts %s', coalesce(c.amount, 0), currency,
                  coalesce(k.amount, 0))
      from collected c full join counted k using (currency) where coalesce(c.amount, 0) <> coalesce(k.amount, 0)";

const CREDITS: &str = "
    select (c.at at time zone 'Asia/Kolkata')::date as day, s.vendor_id, c.currency, sum(c.gross) as credited,
           sum(c.payable) as payable
      from credits c join seller_orders s using (seller_order_id) group by 1, 2, 3";

const DELIVERED: &str = "
    select (e.at at time zone 'Asia/Kolkata')::date as day, s.vendor_id, count(distinct s.seller_order_id) as delivered
      from order_events e join seller_orders s using (seller_order_id) where e.to_state = 'delivered' group by 1, 2";

/// What arrived, whole, on the day of its last parcel.
const ARRIVED: &str = "
    with delivered as (
        select * from jsonb_to_recordset($1) as d (day date, vendor_id uuid, delivered bigint)
    )
    select format('analytics: on %s, %s seller orders of seller %s arrived; analytics counts %s', day,
                  coalesce(d.delivered, 0), vendor_id, coalesce(k.delivered, 0))
      from delivered d full join (select day, vendor_id, delivered from vendor_days where delivered <> 0) k
           using (day, vendor_id)
     where d.delivered is distinct from k.delivered";

const REFUNDS: &str = "
    select (done_at at time zone 'Asia/Kolkata')::date as day, currency, sum(amount) as refunded
      from refunds where status = 'done' group by 1, 2";

/// What was taken back and what is back with buyers, on the day of each.
const BACK: &str = "
    with credits as (
        select * from jsonb_to_recordset($1 -> 'credits') as c
            (day date, vendor_id uuid, currency text, credited bigint, payable bigint)
    ), refunds as (
        select * from jsonb_to_recordset($1 -> 'refunds') as r (day date, currency text, refunded bigint)
    ), totals as (
        select day, currency, sum(credited)::bigint as credited from credits group by 1, 2
    )
    select format('analytics: on %s, %s %s of seller %s were credited, payable %s; analytics counts %s and %s', day,
                  coalesce(c.credited, 0), currency, vendor_id, coalesce(c.payable, 0), coalesce(d.credited, 0),
                  coalesce(d.credited_payable, 0))
      from credits c full join (select day, vendor_id, currency::text, credited, credited_payable from vendor_day_sales
                                 where (credited, credited_payable) <> (0, 0)) d using (day, vendor_id, currency)
     where (c.credited, c.payable) is distinct from (d.credited, d.credited_payable)
    union all
    select format('analytics: on %s, %s %s were credited; analytics counts %s', day, coalesce(c.credited, 0), currency,
                  coalesce(d.credited, 0))
      from totals c full join (select day, currency::text, credited from day_sales where credited <> 0) d
           using (day, currency)
     where c.credited is distinct from d.credited
    union all
    select format('analytics: on %s, %s %s were given back; analytics counts %s', day, coalesce(r.refunded, 0), currency,
                  coalesce(d.refunded, 0))
      from refunds r full join (select day, currency::text, refunded from day_sales where refunded <> 0) d
           using (day, currency)
     where r.refunded is distinct from d.refunded";

/// 29: the totals of analytics are the sums over the databases of order and payment.
pub async fn summed(stack: &StackHandles) -> anyhow::Result<Finding> {
    let orders = list(stack.db("order")?, ORDERS).await?;
    let parts = list(stack.db("order")?, PARTS).await?;
    let collected = list(stack.db("payment")?, COLLECTED).await?;
    let checked = len(&orders);
    let all = json!({ "orders": orders, "parts": parts, "collected": collected });
    let analytics = stack.db("analytics")?;
    let mut violations = wrong_beside(analytics, SUMS, &all).await?;
    let credits = list(stack.db("order")?, CREDITS).await?;
    let refunds = list(stack.db("payment")?, REFUNDS).await?;
    let back = json!({ "credits": credits, "refunds": refunds });
    violations.extend(wrong_beside(analytics, BACK, &back).await?);
    let delivered = list(stack.db("order")?, DELIVERED).await?;
    violations.extend(wrong_beside(analytics, ARRIVED, &delivered).await?);
    Ok(Finding { checked, violations, unseen: Vec::new() })
}
