//! What a checkout wants, and which of it can be sold.

use std::collections::BTreeMap;

use kernel::{Money, Sku};
use serde::{Deserialize, Serialize};

use super::shelf::Shelf;

/// One line of a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What.
    pub sku: Sku,
    /// How many.
    pub quantity: u32,
    /// What the buyer saw that one costs.
    pub expected: Money,
}

/// Whether a SKU may be sold at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is on the shelf and its seller may sell.
    Sellable,
    /// Its product is not on the shelf.
    OffShelf,
    /// Its seller may not sell.
    SellerNotActive,
}

/// A SKU as it is offered now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// What one costs.
    pub price: Money,
    /// Whether it may be sold.
    pub standing: Standing,
}

/// Why a SKU cannot be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum Trouble {
    /// Its product is not on the shelf, or there is no such SKU.
    NotSellable,
    /// Its seller may not sell.
    SellerNotActive,
    /// Fewer are left than wanted.
    OutOfStock,
    /// It costs something else now.
    PriceChanged {
        /// What it costs.
        price: Money,
    },
}

/// A SKU that cannot be sold, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTrouble {
    /// Which.
    pub sku: Sku,
    /// Why.
    #[serde(flatten)]
    pub trouble: Trouble,
}

/// How many of each SKU are wanted altogether.
pub type Demand = BTreeMap<Sku, i64>;

/// Adds the lines of one SKU up; a SKU nothing is wanted of is left out.
pub fn sum(lines: impl IntoIterator<Item = (Sku, u32)>) -> Demand {
    let mut demand = Demand::new();
    for (sku, quantity) in lines.into_iter().filter(|(_, quantity)| *quantity > 0) {
        let wanted = demand.entry(sku).or_default();
        *wanted = wanted.saturating_add(i64::from(quantity));
    }
    demand
}

/// The SKUs of which fewer are there than wanted.
pub fn missing(demand: &Demand, shelf: &Shelf) -> Vec<Sku> {
    let short = demand.iter().filter(|(sku, wanted)| shelf.available(sku) < **wanted);
    short.map(|(sku, _)| sku.clone()).collect()
}

/// Every SKU in trouble, each with what matters most about it.
pub fn troubles(
    wanted: &[Wanted],
    offers: &BTreeMap<Sku, Offer>,
    shelf: &Shelf,
) -> Vec<LineTrouble> {
    let demand = sum(wanted.iter().map(|line| (line.sku.clone(), line.quantity)));
    let in_trouble = demand.iter().filter_map(|(sku, quantity)| {
        let mut expected = wanted.iter().filter(|line| &line.sku == sku).map(|line| line.expected);
        let trouble = match offers.get(sku) {
            None => Trouble::NotSellable,
            Some(offer) => match offer.standing {
                Standing::OffShelf => Trouble::NotSellable,
                Standing::SellerNotActive => Trouble::SellerNotActive,
                Standing::Sellable if shelf.available(sku) < *quantity => Trouble::OutOfStock,
                Standing::Sellable if expected.any(|seen| seen != offer.price) => {
                    Trouble::PriceChanged { price: offer.price }
                }
                Standing::Sellable => return None,
            },
        };
        Some(LineTrouble { sku: sku.clone(), trouble })
    });
    in_trouble.collect()
}

#[cfg(test)]
mod tests {
    use kernel::{ProductId, VendorId};

    use super::super::shelf::Slot;
    use super::super::stock::Counters;
    use super::*;

    fn sku(text: &str) -> Sku {
        Sku::parse(text).unwrap()
    }

    fn shelf(stock: &[(&str, i64)]) -> Shelf {
        let slots = stock.iter().map(|(name, available)| {
            let counters =
                Counters { received: *available, available: *available, ..Counters::default() };
            (sku(name), Slot { product_id: ProductId::new(), vendor_id: VendorId::new(), counters })
        });
        slots.collect()
    }

    fn offers(standings: &[(&str, Standing)]) -> BTreeMap<Sku, Offer> {
        let offer = |standing| Offer { price: Money::inr(100), standing };
        standings.iter().map(|(name, standing)| (sku(name), offer(*standing))).collect()
    }

    fn wanted(name: &str, quantity: u32, paise: i64) -> Wanted {
        Wanted { sku: sku(name), quantity, expected: Money::inr(paise) }
    }

    #[test]
    fn lines_of_one_sku_are_added_up() {
        let demand = sum([(sku("A"), 2), (sku("B"), 0), (sku("A"), 3)]);
        assert_eq!(demand, Demand::from([(sku("A"), 5)]));
    }

    #[test]
    fn two_lines_that_fit_alone_may_be_too_much_together() {
        let (shelf, offers) = (shelf(&[("A", 3)]), offers(&[("A", Standing::Sellable)]));
        assert_eq!(troubles(&[wanted("A", 2, 100)], &offers, &shelf), []);
        let both = troubles(&[wanted("A", 2, 100), wanted("A", 2, 100)], &offers, &shelf);
        assert_eq!(both, [LineTrouble { sku: sku("A"), trouble: Trouble::OutOfStock }]);
    }

    #[test]
    fn every_line_in_trouble_is_named_with_its_reason() {
        let shelf = shelf(&[("DEAR", 9), ("FINE", 9), ("GONE", 0), ("OFF", 9), ("SHUT", 9)]);
        let offers = offers(&[
            ("DEAR", Standing::Sellable),
            ("FINE", Standing::Sellable),
            ("GONE", Standing::Sellable),
            ("OFF", Standing::OffShelf),
            ("SHUT", Standing::SellerNotActive),
        ]);
        let lines = [
            wanted("SHUT", 1, 100),
            wanted("NONE", 1, 100),
            wanted("DEAR", 1, 90),
            wanted("GONE", 1, 90),
            wanted("OFF", 1, 100),
            wanted("FINE", 1, 100),
        ];
        let found = troubles(&lines, &offers, &shelf);
        let expected = [
            ("DEAR", Trouble::PriceChanged { price: Money::inr(100) }),
            ("GONE", Trouble::OutOfStock),
            ("NONE", Trouble::NotSellable),
            ("OFF", Trouble::NotSellable),
            ("SHUT", Trouble::SellerNotActive),
        ];
        assert_eq!(found, expected.map(|(name, trouble)| LineTrouble { sku: sku(name), trouble }));
    }
}
