//! How a purchase stands in the databases and the mail box.

use std::collections::BTreeMap;

use sqlx::{PgPool, Row as _};

use super::{Told, listed, told_amounts, told_papers, told_stock};
use crate::mailbox::Mailbox;
use crate::scenarios::books::books;
use crate::scenarios::cast::Cast;
use crate::scenarios::purchase::Purchase;

/// What became of a purchase; with tax that waits to be set off `apart`, or not.
pub(super) async fn see(cast: &Cast, purchase: &Purchase, apart: bool) -> anyhow::Result<Told> {
    let order = Order::of(cast.stack.db("order")?, &purchase.checkout).await?;
    let parts = purchase.sellers.iter().filter_map(|seller| order.parts.get(&seller.vendor));
    let parts: Vec<_> = parts.cloned().collect();
    let payment = cast.stack.db("payment")?;
    Ok(BTreeMap::from([
        ("order", order.state.clone()),
        ("parts", listed(&parts)),
        ("books", told_amounts(&books(payment, purchase, apart).await?)),
        ("stock", told_stock(&stock(cast.stack.db("product")?, purchase, &order).await?)),
        ("papers", told_papers(papers(cast.stack.db("invoice")?, purchase).await?)),
        ("refunds", told_amounts(&refunds(payment, purchase).await?)),
        ("mails", mails(cast, purchase, &order.number).await?),
    ]))
}

/// An order as order-service keeps it.
#[derive(Debug, Default)]
struct Order {
    state: String,
    number: String,
    /// Where the part of each seller stands.
    parts: BTreeMap<String, String>,
    /// Who sells each SKU.
    sold_by: BTreeMap<String, String>,
}

impl Order {
    async fn of(db: &PgPool, checkout: &str) -> anyhow::Result<Self> {
        let rows = sqlx::query(
            "select o.state, o.number, s.vendor_id::text, s.state, l.sku
               from orders o join seller_orders s using (order_id) join order_lines l using (seller_order_id)
              where o.checkout_id::text = $1",
        )
        .bind(checkout)
        .fetch_all(db)
        .await?;
        let mut order =
            Self { state: "none".into(), number: "no number".into(), ..Self::default() };
        for row in rows {
            (order.state, order.number) = (row.try_get(0)?, row.try_get(1)?);
            let vendor: String = row.try_get(2)?;
            order.parts.insert(vendor.clone(), row.try_get(3)?);
            order.sold_by.insert(row.try_get(4)?, vendor);
        }
        Ok(order)
    }
}

async fn refunds(db: &PgPool, purchase: &Purchase) -> anyhow::Result<Vec<(String, String)>> {
    let rows = sqlx::query(
        "select refunds.amount::text,
                case refunds.currency when 'INR' then refunds.status
                                      else refunds.currency || ' ' || refunds.status end
           from refunds join payments using (payment_id)
          where payments.checkout_id::text = $1 order by refunds.amount",
    )
    .bind(&purchase.checkout)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// What the movements of a checkout did to each part's shelf.
async fn stock(db: &PgPool, purchase: &Purchase, order: &Order) -> anyhow::Result<Vec<[i64; 3]>> {
    let rows = sqlx::query(
        "select sku, sum(case when kind = 'hold' then - quantity
                              when kind in ('release', 'expire', 'uncommit', 'restock') then quantity else 0 end)::bigint,
                sum(case when kind = 'commit' then quantity
                         when kind in ('ship', 'uncommit') then - quantity else 0 end)::bigint,
                sum(case when kind = 'ship' then quantity
                         when kind in ('restock', 'lose') then - quantity else 0 end)::bigint
           from movements where checkout_id::text = $1 group by sku",
    )
    .bind(&purchase.checkout)
    .fetch_all(db)
    .await?;
    let mut shelves = vec![[0; 3]; order.parts.len()];
    for row in rows {
        let vendor = order.sold_by.get(row.try_get::<&str, _>(0)?);
        let part = purchase.sellers.iter().position(|seller| Some(&seller.vendor) == vendor);
        let Some(shelf) = part.and_then(|part| shelves.get_mut(part)) else { continue };
        for (counter, column) in shelf.iter_mut().zip(1_usize..) {
            *counter += row.try_get::<i64, _>(column)?;
        }
    }
    Ok(shelves)
}

async fn papers(db: &PgPool, purchase: &Purchase) -> anyhow::Result<[usize; 2]> {
    let row = sqlx::query(
        "select count(*) filter (where kind = 'sale'), count(*) filter (where kind = 'credit') from invoices
          where checkout_id::text = $1 and state = 'issued'",
    )
    .bind(&purchase.checkout)
    .fetch_one(db)
    .await?;
    let count = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok([count(row.try_get(0)?), count(row.try_get(1)?)])
}

async fn mails(cast: &Cast, purchase: &Purchase, number: &str) -> anyhow::Result<String> {
    let mails = Mailbox::new(&cast.settings.mail).to(&purchase.buyer.address).await?;
    let mails = mails.iter().filter(|mail| !mail.subject.contains("sign-in code"));
    let plain = |subject: &str| -> Vec<String> {
        let words = subject.split(' ').filter(|word| !word.starts_with(number));
        words.map(str::to_owned).collect()
    };
    let mut subjects: Vec<_> = mails.map(|mail| plain(&mail.subject).join(" ")).collect();
    subjects.sort_unstable();
    Ok(listed(&subjects))
}
