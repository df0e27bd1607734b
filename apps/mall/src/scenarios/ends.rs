//! How a story ends, and whether it did.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;
use sqlx::Row as _;

use super::cast::{Cast, PARTS};
use super::purchase::Purchase;
use crate::mailbox::Mailbox;
use crate::reporter::until;

/// How long an end may take to come: a killed service is up again and a mail sent by then.
const PATIENCE: Duration = Duration::from_mins(2);

/// How a story ends. Amounts are in paise; debits are positive, credits negative.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// Where the order stands.
    pub order: &'static str,
    /// Where the parts stand.
    pub parts: [&'static str; 3],
    /// What is left in the accounts by this payment; all others are at zero.
    pub books: &'static [(&'static str, i64)],
    /// What became more or fewer of each part's product: available, committed, shipped.
    pub stock: [[i64; 3]; 3],
    /// How many invoices and credit notes there are.
    pub papers: [usize; 2],
    /// Refunds by amount: how much, and where each stands.
    pub refunds: &'static [(i64, &'static str)],
    /// The subjects of the mails to the buyer, without the order's number, and without the sign-in code.
    pub mails: &'static [&'static str],
}

/// The shelves as they were before a story.
#[derive(Debug)]
pub struct Watch<'a> {
    cast: &'a Cast,
    before: [[i64; 3]; 3],
}

impl<'a> Watch<'a> {
    /// Looks at the shelves.
    pub async fn begin(cast: &'a Cast) -> anyhow::Result<Self> {
        Ok(Self { cast, before: shelves(cast).await? })
    }

    /// Waits for the end. Returns it in words, or says what is otherwise.
    pub async fn until(&self, purchase: &Purchase, ends: &Ends) -> anyhow::Result<String> {
        let wanted = ends.told();
        let reached = until(PATIENCE, "the end", async || {
            Ok(Some(self.told(purchase).await?)
                .filter(|seen| differences(&wanted, seen).is_empty()))
        });
        if reached.await.is_ok() {
            return Ok(wanted.values().cloned().collect::<Vec<_>>().join(" | "));
        }
        let seen = self.told(purchase).await?;
        anyhow::bail!("{}", differences(&wanted, &seen).join("; "))
    }

    async fn told(&self, purchase: &Purchase) -> anyhow::Result<BTreeMap<&'static str, String>> {
        let order = purchase.seen().await?;
        let mut parts = Vec::new();
        for seller in &self.cast.sellers {
            let all = order["seller_orders"].as_array().cloned().unwrap_or_default();
            let ours = all.iter().find(|part| part["vendor_id"] == *seller.vendor);
            parts.push(ours.and_then(|p| p["status"].as_str()).unwrap_or("missing").to_owned());
        }
        let now = shelves(self.cast).await?;
        let stock = [0, 1, 2].map(|part| [0, 1, 2].map(|n| now[part][n] - self.before[part][n]));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(BTreeMap::from([
            ("order", text(&order["status"])),
            ("parts", parts.join(", ")),
            ("books", told_amounts(&self.books(&text(&order["payment"]["payment_id"])).await?)),
            ("stock", told_stock(stock)),
            ("papers", told_papers(papers(purchase).await?)),
            ("refunds", told_amounts(&self.refunds(&text(&order["payment"]["payment_id"])).await?)),
            ("mails", self.mails(purchase, &text(&order["number"])).await?),
        ]))
    }

    async fn books(&self, payment: &str) -> anyhow::Result<Vec<(String, String)>> {
        let db = self.cast.stack.databases.get("payment").context("payment's database")?;
        let rows = sqlx::query(
            "select code, vendor_id::text, sum(amount)::bigint from postings
               join accounts using (account_id) join journals using (journal_id)
              where payment_id = $1::text::uuid group by code, vendor_id having sum(amount) <> 0",
        )
        .bind(payment)
        .fetch_all(db)
        .await?;
        let mut books = BTreeMap::new();
        for row in rows {
            let (code, vendor): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
            let part = |id: &String| self.cast.sellers.iter().position(|s| s.vendor == *id);
            let name = match vendor.as_ref().and_then(part) {
                Some(part) => format!("{code} {}", part + 1),
                None => code,
            };
            books.insert(name, row.try_get::<i64, _>(2)?.to_string());
        }
        Ok(books.into_iter().collect())
    }

    async fn refunds(&self, payment: &str) -> anyhow::Result<Vec<(String, String)>> {
        let db = self.cast.stack.databases.get("payment").context("payment's database")?;
        let rows = sqlx::query(
            "select amount::text, status from refunds where payment_id = $1::text::uuid
              order by refunds.amount",
        )
        .bind(payment)
        .fetch_all(db)
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    async fn mails(&self, purchase: &Purchase, number: &str) -> anyhow::Result<String> {
        let mails = Mailbox::new(&self.cast.settings.mail).to(&purchase.buyer.address).await?;
        let mails = mails.iter().filter(|mail| !mail.subject.contains("sign-in code"));
        let plain = |subject: &str| -> Vec<String> {
            let words = subject.split(' ').filter(|word| !word.starts_with(number));
            words.map(str::to_owned).collect()
        };
        let mut subjects: Vec<_> = mails.map(|mail| plain(&mail.subject).join(" ")).collect();
        subjects.sort_unstable();
        Ok(subjects.join(", "))
    }
}

impl Ends {
    /// The end in words, by what it is about.
    #[must_use]
    pub fn told(&self) -> BTreeMap<&'static str, String> {
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
        let mut mails = self.mails.to_vec();
        mails.sort_unstable();
        BTreeMap::from([
            ("order", self.order.to_owned()),
            ("parts", self.parts.join(", ")),
            ("books", told_amounts(&books)),
            ("stock", told_stock(self.stock)),
            ("papers", told_papers(self.papers)),
            ("refunds", told_amounts(&refunds)),
            ("mails", mails.join(", ")),
        ])
    }
}

fn differences(
    wanted: &BTreeMap<&'static str, String>,
    seen: &BTreeMap<&'static str, String>,
) -> Vec<String> {
    let differs = wanted.iter().filter(|(what, value)| **value != seen[*what]);
    differs.map(|(what, value)| format!("{what}: {:?}, not {value:?}", seen[what])).collect()
}

fn told_amounts(list: &[(String, String)]) -> String {
    if list.is_empty() {
        return "none".into();
    }
    list.iter().map(|(name, amount)| format!("{name} {amount}")).collect::<Vec<_>>().join(", ")
}

fn told_stock(stock: [[i64; 3]; 3]) -> String {
    stock.map(|[a, c, s]| format!("{a:+}/{c:+}/{s:+}")).join(", ")
}

fn told_papers([invoices, credit_notes]: [usize; 2]) -> String {
    format!("{invoices} invoices, {credit_notes} credit notes")
}

async fn papers(purchase: &Purchase) -> anyhow::Result<[usize; 2]> {
    let path = format!("/v1/orders/{}/invoices", purchase.order);
    let answer = purchase.buyer.send(reqwest::Method::GET, &path, None, None).await?;
    if answer.status() == reqwest::StatusCode::NOT_FOUND {
        return Ok([0, 0]);
    }
    let page: Value = answer.json().await?;
    let issued = page["items"].as_array().cloned().unwrap_or_default();
    let issued = issued.iter().filter(|paper| paper["sha256"].is_string());
    let (notes, invoices): (Vec<_>, Vec<_>) = issued.partition(|paper| paper["kind"] == "credit");
    Ok([invoices.len(), notes.len()])
}

async fn shelves(cast: &Cast) -> anyhow::Result<[[i64; 3]; 3]> {
    let mut shelves = [[0; 3]; 3];
    for (shelf, (seller, part)) in shelves.iter_mut().zip(cast.sellers.iter().zip(&PARTS)) {
        let path = format!("/v1/vendors/{}/stock/{}", seller.vendor, part.sku);
        let seen = seller.person.get(&path).await?;
        let count = |key: &str| seen[key].as_i64().unwrap_or(0);
        *shelf = [count("available"), count("committed"), count("shipped")];
    }
    Ok(shelves)
}
