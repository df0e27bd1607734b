//! A cart: what somebody wants, priced by what the shelf says now.

use contracts::product::Trouble;
use jiff::Timestamp;
use kernel::{Currency, Money, MoneyError, ProductId, Sku, VendorId};
use serde::{Deserialize, Serialize};

use super::shelf::{Article, Options};

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
}

impl CartLine {
    /// A line put in now.
    pub fn new(quantity: u32, seen: Money, now: Timestamp) -> Self {
        Self { quantity, seen, at: now.as_millisecond(), version: 0, trouble: None }
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
    pub product_id: ProductId,
    pub vendor_id: VendorId,
    pub vendor_name: String,
    /// What it is called.
    pub title: String,
    /// What makes it different from the other variants of the product.
    pub options: Options,
    pub quantity: u32,
    /// Price of one now.
    pub unit_price: Money,
    /// Price of all now.
    pub total: Money,
    pub flags: Vec<Flag>,
}

impl Priced {
    /// The line `sku`, priced by `article`.
    pub fn of(sku: Sku, line: &CartLine, article: Article) -> Result<Self, MoneyError> {
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
        match line.trouble {
            Some(Trouble::NotDeliverable) => flags.push(Flag::NotDeliverable),
            Some(Trouble::Stale) => flags.push(Flag::Stale),
            Some(
                Trouble::OutOfStock
                | Trouble::PriceChanged
                | Trouble::NotSellable
                | Trouble::SellerNotActive
                | Trouble::Unknown,
            )
            | None => {}
        }
        Ok(Self {
            sku,
            product_id: article.product_id,
            vendor_id: article.vendor_id,
            vendor_name: article.vendor_name,
            title: article.title,
            options: article.options,
            quantity: line.quantity,
            unit_price: article.price,
            total: article.price.times(line.quantity)?,
            flags,
        })
    }

    /// Whether it can be bought as it is. A changed price can: the buyer confirms it by the total. So can what did not go
    /// to one address, or was too late once.
    pub fn can_be_bought(&self) -> bool {
        !self.flags.iter().any(|f| matches!(f, Flag::OutOfStock | Flag::Delisted))
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
            match groups.iter_mut().find(|group| group[0].vendor_id == line.vendor_id) {
                Some(group) => group.push(line),
                None => groups.push(vec![line]),
            }
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use contracts::product::Trouble;
    use jiff::Timestamp;
    use kernel::{Id, Money, Sku};
    use proptest::prelude::*;

    use super::{Cart, CartLine, Flag, Priced};
    use crate::domain::shelf::Article;

    fn article(vendor: u128, price: i64) -> Article {
        Article {
            product_id: Id::from_uuid(sqlx::types::Uuid::from_u128(1)),
            vendor_id: Id::from_uuid(sqlx::types::Uuid::from_u128(vendor)),
            vendor_name: "Lotus".into(),
            title: "Lamp".into(),
            options: [("colour".to_owned(), "red".to_owned())].into(),
            price: Money::inr(price),
            listed: true,
            out: false,
        }
    }

    fn priced(vendor: u128, price: i64, quantity: u32) -> Priced {
        let line = CartLine::new(quantity, Money::inr(price), Timestamp::UNIX_EPOCH);
        Priced::of(Sku::parse("A").unwrap(), &line, article(vendor, price)).unwrap()
    }

    #[test]
    fn a_changed_price_is_flagged_and_may_still_be_bought() {
        let line = CartLine::new(1, Money::inr(100), Timestamp::UNIX_EPOCH);
        let priced = Priced::of(Sku::parse("A").unwrap(), &line, article(1, 120)).unwrap();
        assert_eq!(priced.flags, [Flag::PriceChanged]);
        assert!(priced.can_be_bought());
    }

    #[test]
    fn what_a_checkout_stumbled_over_keeps_the_line_from_being_bought() {
        let mut line = CartLine::new(1, Money::inr(100), Timestamp::UNIX_EPOCH);
        line.trouble = Some(Trouble::OutOfStock);
        let priced = Priced::of(Sku::parse("A").unwrap(), &line, article(1, 100)).unwrap();
        assert_eq!(priced.flags, [Flag::OutOfStock]);
        assert!(!priced.can_be_bought());
    }

    #[test]
    fn what_was_too_late_or_went_to_the_wrong_address_may_be_bought_again() {
        let flagged = |trouble| {
            let mut line = CartLine::new(1, Money::inr(100), Timestamp::UNIX_EPOCH);
            line.trouble = Some(trouble);
            Priced::of(Sku::parse("A").unwrap(), &line, article(1, 100)).unwrap()
        };
        let (stale, far) = (flagged(Trouble::Stale), flagged(Trouble::NotDeliverable));
        assert_eq!((&stale.flags[..], stale.can_be_bought()), (&[Flag::Stale][..], true));
        assert_eq!((&far.flags[..], far.can_be_bought()), (&[Flag::NotDeliverable][..], true));
    }

    proptest! {
        #[test]
        fn every_line_is_in_exactly_one_group_and_the_groups_add_up(
            lines in prop::collection::vec((1_u128..4, 1_i64..1_000_000, 1_u32..10), 0..20)
        ) {
            let lines: Vec<_> = lines.into_iter().map(|(v, p, q)| priced(v, p, q)).collect();
            let cart = Cart { version: 1, lines };
            let groups = cart.by_seller();
            let grouped: i64 = groups.iter().flatten().map(|l| l.total.minor()).sum();
            prop_assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), cart.lines.len());
            prop_assert_eq!(grouped, cart.total().unwrap().minor());
            for group in &groups {
                prop_assert!(group.iter().all(|l| l.vendor_id == group[0].vendor_id));
            }
        }
    }
}
