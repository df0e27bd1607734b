//! Invoices and credit notes: one per confirmed seller order and one per credit, numbered without holes, the file what
//! the row says, links for one reader.

use chassis::s3::Bucket;
use futures::{StreamExt as _, TryStreamExt as _};
use sha2::{Digest, Sha256};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};

use super::check::Finding;
use super::commission;
use super::rows::{len, list, wrong, wrong_beside};
use super::stack::StackHandles;

const CONFIRMED: &str = "
    select s.seller_order_id, s.number, s.vendor_id, s.total, o.buyer
      from orders o join seller_orders s using (order_id) where o.state = 'confirmed'";

const ISSUED: &str = "
    with sold as (
        select * from jsonb_to_recordset($1) as s (seller_order_id uuid, number text, vendor_id uuid, total bigint, buyer uuid)
    )
    select format('invoice: seller order %s (%s) is confirmed and has no invoice', s.number, s.seller_order_id)
      from sold s
     where not exists (select from invoices i where i.seller_order_id = s.seller_order_id and i.kind = 'sale')
    union all
    select format('invoice: seller order %s (%s) has %s invoices', s.number, s.seller_order_id, count(*))
      from sold s join invoices i using (seller_order_id)
     where i.kind = 'sale'
     group by s.number, s.seller_order_id having count(*) > 1
    union all
    select format('invoice: %s (%s) is over %s for seller %s, but seller order %s is over %s of seller %s', i.number,
                  i.id, i.total_minor, i.vendor_id, s.number, s.total, s.vendor_id)
      from sold s join invoices i using (seller_order_id)
     where i.kind = 'sale' and (i.total_minor, i.vendor_id, i.buyer) <> (s.total, s.vendor_id, s.buyer)
    union all
    select format('invoice: %s (%s) is for seller order %s, which is not confirmed', i.number, i.id, i.seller_order_id)
      from invoices i where not exists (select from sold s where s.seller_order_id = i.seller_order_id)";

const NUMBERED: &str = "
    with series as (
        select vendor_id, financial_year, series, count(*) as many, count(distinct serial) as numbers,
               min(serial) as first, max(serial) as last
          from invoices group by vendor_id, financial_year, series
    )
    select format('invoice: %s has a number and no document yet (%s)', number, id)
      from invoices where state <> 'issued'
    union all
    select format('invoice: seller %s used %s numbers of %s %s for %s documents', vendor_id, numbers, financial_year,
                  series, many)
      from series where numbers <> many
    union all
    select format('invoice: seller %s has a hole in %s %s: %s documents from %s to %s', vendor_id, financial_year,
                  series, numbers, first, last)
      from series where first <> 1 or last <> numbers
    union all
    select format('invoice: seller %s counts %s in %s %s, but the last document is %s', vendor_id, c.last,
                  financial_year, series, coalesce(s.last, 0))
      from counters c left join series s using (vendor_id, financial_year, series)
     where c.last <> coalesce(s.last, 0)";

/// What credit notes may say of the sales that they reduce.
const REDUCED: &str = "
    with notes as (select * from invoices where kind = 'credit')
    select format('invoice: credit note %s (%s) is against %s of seller order %s and seller %s, and is itself of seller '
                  'order %s and seller %s', n.number, n.id, i.number, i.seller_order_id, i.vendor_id, n.seller_order_id,
                  n.vendor_id)
      from notes n join invoices i on i.id = n.against
     where (n.seller_order_id, n.order_id, n.vendor_id, n.buyer, n.currency)
        <> (i.seller_order_id, i.order_id, i.vendor_id, i.buyer, i.currency)
    union all
    select format('invoice: credit note %s (%s) is against %s, which is no sale', n.number, n.id, i.number)
      from notes n join invoices i on i.id = n.against where i.kind <> 'sale'
    union all
    select format('invoice: credit note %s (%s) is older than %s, which it reduces', n.number, n.id, i.number)
      from notes n join invoices i on i.id = n.against where n.issued_at < i.issued_at
    union all
    select format('invoice: credit notes over %s reduce %s (%s), which is over %s', sum(n.total_minor), i.number, i.id,
                  i.total_minor)
      from notes n join invoices i on i.id = n.against
     group by i.id having sum(n.total_minor) > i.total_minor";

/// What credit notes take back of the taxable value and of each tax. One that came too late for its tax takes back the price
/// only: its value is no taxable value of the sale.
const TAXED: &str = "
    with parts (name) as (values ('taxable'), ('cgst'), ('sgst'), ('igst'), ('total')),
    credits as (select * from jsonb_to_recordset($1) as c (credit_id uuid, commercial boolean)),
    amounts as (
        select n.id, n.against, p.name,
               case when p.name = 'taxable' and c.commercial then 0
                    else (n.document #>> array['totals', 'tax', p.name, 'amount'])::bigint end as amount
          from invoices n cross join parts p left join credits c using (credit_id)
    )
    select format('invoice: credit notes with %s of %s reduce %s (%s), which has %s of it', sum(n.amount), i.name,
                  sale.number, sale.id, i.amount)
      from amounts n join amounts i on i.id = n.against and i.name = n.name join invoices sale on sale.id = i.id
     group by sale.id, i.name, i.amount having sum(n.amount) > i.amount";

const CREDITS: &str = "
    select c.credit_id, s.seller_order_id, s.number, c.gross as total, c.commercial
      from credits c join seller_orders s using (seller_order_id)";

/// Each credit of an invoiced part has one note over what was taken back.
const NOTED: &str = "
    with credits as (
        select * from jsonb_to_recordset($1) as c (credit_id uuid, seller_order_id uuid, number text, total bigint)
    )
    select format('invoice: credit %s of seller order %s (%s) has no credit note', c.credit_id, c.number,
                  c.seller_order_id)
      from credits c
     where not exists (select from invoices n where n.credit_id = c.credit_id)
       and exists (select from invoices i where i.seller_order_id = c.seller_order_id and i.kind = 'sale')
    union all
    select format('invoice: credit note %s (%s) is over %s of seller order %s, but credit %s is over %s of %s', n.number,
                  n.id, n.total_minor, n.seller_order_id, c.credit_id, c.total, c.seller_order_id)
      from credits c join invoices n using (credit_id)
     where (n.total_minor, n.seller_order_id) is distinct from (c.total, c.seller_order_id)
    union all
    select format('invoice: credit note %s (%s) is over credit %s, which nobody gave', n.number, n.id, n.credit_id)
      from invoices n
     where n.kind = 'credit' and not exists (select from credits c where c.credit_id = n.credit_id)";

/// 18: one invoice per confirmed seller order and one credit note per credit of it, never more than was sold; numbers
/// without holes, the file what the row says.
pub async fn numbered(stack: &StackHandles) -> anyhow::Result<Finding> {
    let order = stack.db("order")?;
    let sold = list(order, CONFIRMED).await?;
    let db = stack.db("invoice")?;
    let mut violations = wrong_beside(db, ISSUED, &sold).await?;
    violations.extend(wrong(db, NUMBERED).await?);
    violations.extend(wrong(db, REDUCED).await?);
    let mut found = Finding { checked: len(&sold), violations, unseen: Vec::new() };
    found.add(noted(order, db).await?);
    found.add(commission::numbered(db).await?);
    found.add(stored(stack, db).await?);
    Ok(found)
}

/// Every credit has its note, and together they take back no more of a tax than was charged.
async fn noted(order: &PgPool, db: &PgPool) -> anyhow::Result<Finding> {
    let credits = list(order, CREDITS).await?;
    let mut violations = wrong_beside(db, NOTED, &credits).await?;
    violations.extend(wrong_beside(db, TAXED, &credits).await?);
    Ok(Finding { checked: len(&credits), violations, unseen: Vec::new() })
}

/// How many files are fetched at once.
const AT_ONCE: usize = 8;

/// Every file is there, and hashes to what its row says.
async fn stored(stack: &StackHandles, db: &PgPool) -> anyhow::Result<Finding> {
    let Some(bucket) = &stack.invoices else {
        return Ok(Finding::unseen("the object store is not configured"));
    };
    let rows = sqlx::query(
        "select number, object_key, sha256 from invoices where state = 'issued'
         union all select number, object_key, sha256 from commission_papers where state = 'issued'",
    )
    .fetch_all(db)
    .await?;
    let looks = futures::stream::iter(rows).map(|row| look(bucket, row));
    let looks: Vec<Option<String>> = looks.buffered(AT_ONCE).try_collect().await?;
    Ok(Finding { violations: looks.into_iter().flatten().collect(), ..Finding::default() })
}

/// What is wrong with the file of this row.
async fn look(bucket: &Bucket, row: PgRow) -> anyhow::Result<Option<String>> {
    let (number, key, sha256): (String, String, String) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(match bucket.get(&key).await? {
        None => Some(format!("invoice: the file of {number} is gone: the store has no {key}")),
        Some(file) => {
            let found = hex::encode(Sha256::digest(&file));
            (found != sha256).then(|| {
                format!(
                    "invoice: the file of {number} ({key}) hashes to {found}, its row says {sha256}"
                )
            })
        }
    })
}
