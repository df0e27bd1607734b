//! How a story ends, and whether it did.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::{PgPool, Row as _};

use super::books::{TDS_ADJUSTABLE, books};
use super::cast::Cast;
use super::purchase::Purchase;
use crate::mailbox::Mailbox;

/// How long an end may take to come: a killed service is up again and a mail sent by then.
const PATIENCE: Duration = Duration::from_mins(3);
/// How often to look. Many stories look at once.
const EVERY: Duration = Duration::from_millis(200);

/// How a story ends. Amounts are in paise; debits are positive, credits negative.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// Where the order stands; `none` where the till refused.
    pub order: &'static str,
    /// Where the parts stand.
    pub parts: &'static [&'static str],
    /// What is left in the accounts by this payment, by its cash that arrived and by what was paid to its guests; all others
    /// are at zero.
    pub books: &'static [(&'static str, i64)],
    /// What became more or fewer of each part's product by this checkout: available, committed, shipped.
    pub stock: &'static [[i64; 3]],
    /// How many invoices and credit notes there are.
    pub papers: [usize; 2],
    /// Refunds by amount: how much, and where each stands; before that its currency, where it is not the rupee.
    pub refunds: &'static [(i64, &'static str)],
    /// The subjects of the mails to the buyer, without the order's number, and without the sign-in code.
    pub mails: &'static [&'static str],
}

/// An end in words, by what it is about.
pub type Told = BTreeMap<&'static str, String>;

/// Waits until `purchase` ended as one of `ends`. Returns the end in words, or says what is otherwise.
pub async fn wait(cast: &Cast, purchase: &Purchase, ends: &[Ends]) -> anyhow::Result<String> {
    let apart = ends.iter().any(Ends::set_apart);
    let reached = async {
        loop {
            let seen = see(cast, purchase, apart).await?;
            if ends.iter().any(|end| differences(&end.told(), &seen).is_empty()) {
                return Ok(seen.into_values().collect::<Vec<_>>().join(" | "));
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    if let Ok(reached) = tokio::time::timeout(PATIENCE, reached).await {
        return reached;
    }
    let seen = see(cast, purchase, apart).await?;
    let number = purchase.checkout.as_str();
    let all: Vec<_> = ends.iter().map(|end| differences(&end.told(), &seen).join("; ")).collect();
    anyhow::bail!("checkout {number}: {}", all.join(", or: "))
}

/// What became of a purchase; with tax that waits to be set off `apart`, or not.
async fn see(cast: &Cast, purchase: &Purchase, apart: bool) -> anyhow::Result<Told> {
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

impl Ends {
    /// Whether it says how much of the tax that was deducted waits to be set off.
    fn set_apart(&self) -> bool {
        self.books.iter().any(|(name, _)| name.starts_with(TDS_ADJUSTABLE))
    }

    /// The end in words.
    pub fn told(&self) -> Told {
        let amounts = |list: &[(&str, i64)]| -> Vec<(String, String)> {
            list.iter().map(|(name, amount)| ((*name).to_owned(), amount.to_string())).collect()
        };
        let mut books = amounts(self.books);
        books.sort_unstable();
        let refunds: Vec<_> = self
            .refunds
            .iter()
            .map(|(amount, at)| (amount.to_string(), (*at).to_owned()))
            .collect();
        let mut mails: Vec<_> = self.mails.iter().map(|mail| (*mail).to_owned()).collect();
        mails.sort_unstable();
        BTreeMap::from([
            ("order", self.order.to_owned()),
            ("parts", listed(self.parts)),
            ("books", told_amounts(&books)),
            ("stock", told_stock(self.stock)),
            ("papers", told_papers(self.papers)),
            ("refunds", told_amounts(&refunds)),
            ("mails", listed(&mails)),
        ])
    }
}

fn differences(wanted: &Told, seen: &Told) -> Vec<String> {
    let differs = wanted.iter().filter(|(what, value)| **value != seen[*what]);
    differs.map(|(what, value)| format!("{what}: {:?}, not {value:?}", seen[what])).collect()
}

fn listed<T: AsRef<str>>(list: &[T]) -> String {
    if list.is_empty() {
        return "none".into();
    }
    list.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}

fn told_amounts(list: &[(String, String)]) -> String {
    let told: Vec<_> = list.iter().map(|(name, amount)| format!("{name} {amount}")).collect();
    listed(&told)
}

fn told_stock(stock: &[[i64; 3]]) -> String {
    let told: Vec<_> = stock.iter().map(|[a, c, s]| format!("{a:+}/{c:+}/{s:+}")).collect();
    listed(&told)
}

fn told_papers([invoices, credit_notes]: [usize; 2]) -> String {
    format!("{invoices} invoices, {credit_notes} credit notes")
}
