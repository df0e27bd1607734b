//! A cart: what somebody wants, priced by what the shelf says now.

use contracts::product::Trouble;
use jiff::Timestamp;
use kernel::{Currency, Money, MoneyError, Sku};
use serde::{Deserialize, Serialize};

use super::shelf::Article;

/// Different articles in one cart at most.
pub const MAX_LINES: usize = 100;

/// A line as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    pub quantity: u32,
    /// Price of one when it was put in or last looked at by a checkout.
    pub seen: Money,
    /// When it was put in, milliseconds since 1970.
    #[serde(default, skip_serializing)]
    pub at: i64,
    /// The cart's version when it was set.
    #[serde(skip)]
    pub version: i64,
    /// What a checkout stumbled over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// How many were left then, if too few were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}

impl CartLine {
    /// A line put in now.
    pub fn new(quantity: u32, seen: Money, now: Timestamp) -> Self {
        Self { quantity, seen, at: now.as_millisecond(), version: 0, trouble: None, left: None }
    }
}

/// Why a line needs attention before it can be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The price is another one than when it was put in.
    PriceChanged,
    /// None, or not enough, is left.
    OutOfStock,
    /// Not for sale any more.
    Delisted,
    /// Its seller may not supply to the address of the last checkout.
    NotDeliverable,
    /// It was checked out, but too late to be acted upon. Nothing is wrong with it.
    Stale,
}

/// A line with its price now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    pub sku: Sku,
    /// What it is, and what one costs now.
    pub article: Article,
    pub quantity: u32,
    /// Price of all now.
    pub total: Money,
    pub flags: Vec<Flag>,
    /// How many are left, as far as that is known: when there is none, or when a checkout wanted more.
    pub left: Option<u32>,
}

impl Priced {
    /// The line `sku`, priced by `article`.
    pub fn of(sku: Sku, line: &CartLine, article: Article) -> Result<Self, MoneyError> {
        let flags = flags(line, &article);
        let left = if article.out { Some(0) } else { line.left };
        Ok(Self {
            sku,
            quantity: line.quantity,
            total: article.price.times(line.quantity)?,
            article,
            flags,
            left,
        })
    }

    /// Whether it can be bought as it is. A changed price can: the buyer confirms it by the total. So can what did not go
    /// to one address, or was too late once.
    pub fn can_be_bought(&self) -> bool {
        !self.flags.iter().any(|f| matches!(f, Flag::OutOfStock | Flag::Delisted))
    }
}

/// What the buyer has to know of a line before it can be bought.
fn flags(line: &CartLine, article: &Article) -> Vec<Flag> {
    let mut flags = Vec::new();
    if line.seen != article.price || line.trouble == Some(Trouble::PriceChanged) {
        flags.push(Flag::PriceChanged);
    }
    if article.out || line.trouble == Some(Trouble::OutOfStock) {
        flags.push(Flag::OutOfStock);
    }
    let gone = matches!(line.trouble, Some(Trouble::NotSellable | Trouble::SellerNotActive));
    if !article.listed || gone {
        flags.push(Flag::Delisted);
    }
    flags.extend(line.trouble.and_then(of_last_checkout));
    flags
}

/// What only the last checkout knows of.
const fn of_last_checkout(trouble: Trouble) -> Option<Flag> {
    match trouble {
        Trouble::NotDeliverable => Some(Flag::NotDeliverable),
        Trouble::Stale => Some(Flag::Stale),
        Trouble::OutOfStock
        | Trouble::PriceChanged
        | Trouble::NotSellable
        | Trouble::SellerNotActive
        | Trouble::Unknown => None,
    }
}

/// A cart as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    /// Grows with every change.
    pub version: i64,
    /// In the order they were put in.
    pub lines: Vec<Priced>,
}

impl Cart {
    /// What everything costs.
    pub fn total(&self) -> Result<Money, MoneyError> {
        Money::sum(self.lines.iter().map(|line| line.total), Currency::Inr)
    }

    /// The lines by seller, sellers in the order of their first line.
    pub fn by_seller(&self) -> Vec<Vec<&Priced>> {
        let mut groups: Vec<Vec<&Priced>> = Vec::new();
        for line in &self.lines {
            match groups
                .iter_mut()
                .find(|group| group[0].article.vendor_id == line.article.vendor_id)
            {
                Some(group) => group.push(line),
                None => groups.push(vec![line]),
            }
        }
        groups
    }
}

#[cfg(test)]
mod tests;
