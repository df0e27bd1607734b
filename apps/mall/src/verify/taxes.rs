//! The tax on papers is the tax of the order, and what was shared by.

use serde_json::json;

use super::check::Finding;
use super::rows::{len, list, wrong_beside};
use super::stack::StackHandles;

const SOLD: &str = "
    select s.seller_order_id, s.number, s.taxable, s.tax, s.supply
      from orders o join seller_orders s using (order_id) where o.state = 'confirmed'";

const CREDITS: &str = "
    select c.credit_id, s.number, case when c.commercial then c.gross else c.taxable end as taxable,
           case when c.commercial then 0 else c.gross - c.taxable end as tax
      from credits c join seller_orders s using (seller_order_id)";

const PAPERS: &str = "
    with sold as (
        select * from jsonb_to_recordset($1 -> 'sold') as s
            (seller_order_id uuid, number text, taxable bigint, tax bigint, supply text)
    ), credits as (
        select * from jsonb_to_recordset($1 -> 'credits') as c (credit_id uuid, number text, taxable bigint, tax bigint)
    ), papers as (
        select i.id, i.number, i.kind, i.seller_order_id, i.credit_id, i.document ->> 'supply' as supply, t.taxable, t.heads,
               t.total - t.taxable as tax
          from invoices i, lateral (
            select sum(amount) filter (where name = 'taxable') as taxable, sum(amount) filter (where name = 'total') as total,
                   sum(amount) filter (where name in ('cgst', 'sgst', 'igst')) as heads
              from unnest(array['taxable', 'cgst', 'sgst', 'igst', 'total']) as name,
                   lateral (select (i.document #>> array['totals', 'tax', name, 'amount'])::bigint as amount) a) t
    )
    select format('invoice: %s (%s) is worth %s and bears %s of tax, but seller order %s is worth %s and bears %s', p.number,
                  p.id, p.taxable, p.tax, s.number, s.taxable, s.tax)
      from sold s join papers p using (seller_order_id)
     where p.kind = 'sale' and (p.taxable, p.tax) is distinct from (s.taxable, s.tax)
    union all
    select format('invoice: %s (%s) bears %s, but seller order %s was taxed with %s', p.number, p.id, p.supply, s.number,
                  s.supply)
      from sold s join papers p using (seller_order_id) where p.kind = 'sale' and p.supply <> s.supply
    union all
    select format('invoice: credit note %s (%s) is worth %s and bears %s of tax, but the credit of seller order %s is worth '
                  '%s and bears %s', p.number, p.id, p.taxable, p.tax, c.number, c.taxable, c.tax)
      from credits c join papers p using (credit_id) where (p.taxable, p.tax) is distinct from (c.taxable, c.tax)
    union all
    select format('invoice: the taxes on %s (%s) come to %s, and it bears %s', number, id, heads, tax)
      from papers where heads is distinct from tax";

const SHARES: &str = "
    select format('payment: the share of seller order %s (%s) was reckoned on %s of %s, and the order is worth %s without %s '
                  'of tax', s.number, s.seller_order_id, h.taxable, h.gross, s.taxable, s.tax)
      from jsonb_to_recordset($1) as s (seller_order_id uuid, number text, taxable bigint, tax bigint)
      join shares h using (seller_order_id)
     where (h.taxable, h.gross - h.taxable) is distinct from (s.taxable, s.tax)";

/// 32: invoices bear the tax of their orders, credit notes that of their credits, and the money was shared by the same.
pub async fn agree(stack: &StackHandles) -> anyhow::Result<Finding> {
    let order = stack.db("order")?;
    let (sold, credits) = (list(order, SOLD).await?, list(order, CREDITS).await?);
    let checked = len(&sold) + len(&credits);
    let mut violations = wrong_beside(stack.db("payment")?, SHARES, &sold).await?;
    let both = json!({ "sold": sold, "credits": credits });
    violations.extend(wrong_beside(stack.db("invoice")?, PAPERS, &both).await?);
    Ok(Finding { checked, violations, unseen: Vec::new() })
}
