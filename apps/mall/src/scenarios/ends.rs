//! How a story ends, and whether it did.

use std::collections::BTreeMap;
use std::time::Duration;

use super::books::TDS_ADJUSTABLE;
use super::cast::Cast;
use super::purchase::Purchase;

mod seen;
use seen::see;

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
        let refunds = self.refunds.iter();
        let refunds: Vec<_> = refunds.map(|(sum, at)| (sum.to_string(), (*at).into())).collect();
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
