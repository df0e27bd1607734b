//! What a checkout wants, and which of it can be sold.

use std::collections::BTreeMap;

pub use contracts::product::{LineTrouble, Trouble};
use kernel::{Money, Sku};

use super::shelf::Shelf;

/// One line of a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub sku: Sku,
    pub quantity: u32,
    /// What the buyer saw that one costs.
    pub expected: Money,
}

/// Whether a SKU may be sold at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferStatus {
    /// It is on the shelf and its seller may sell.
    Sellable,
    /// Its product is not on the shelf, or bears a rate of tax that has ended.
    OffShelf,
    /// Its seller may not sell.
    SellerNotActive,
}

/// A SKU as it is offered now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    pub price: Money,
    /// Whether it may be sold.
    pub standing: OfferStatus,
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

/// What several parts want altogether.
pub fn total(parts: &[Demand]) -> Demand {
    let mut demand = Demand::new();
    for (sku, quantity) in parts.iter().flatten() {
        let wanted = demand.entry(sku.clone()).or_default();
        *wanted = wanted.saturating_add(*quantity);
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
        let left = shelf.available(sku);
        let lines = wanted.iter().filter(|line| &line.sku == sku);
        let expected = lines.map(|line| line.expected);
        let trouble = trouble(offers.get(sku), left >= *quantity, expected)?;
        let price = offers.get(sku).map(|offer| offer.price);
        let price = price.filter(|_| trouble == Trouble::PriceChanged);
        let left = (trouble == Trouble::OutOfStock).then(|| u32::try_from(left).unwrap_or(0));
        Some(LineTrouble { sku: sku.clone(), trouble, price, left })
    });
    in_trouble.collect()
}

fn trouble(
    offer: Option<&Offer>,
    enough: bool,
    mut expected: impl Iterator<Item = Money>,
) -> Option<Trouble> {
    let Some(offer) = offer else { return Some(Trouble::NotSellable) };
    match offer.standing {
        OfferStatus::OffShelf => Some(Trouble::NotSellable),
        OfferStatus::SellerNotActive => Some(Trouble::SellerNotActive),
        OfferStatus::Sellable if !enough => Some(Trouble::OutOfStock),
        OfferStatus::Sellable => {
            expected.any(|seen| seen != offer.price).then_some(Trouble::PriceChanged)
        }
    }
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

    fn offers(standings: &[(&str, OfferStatus)]) -> BTreeMap<Sku, Offer> {
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
        let (shelf, offers) = (shelf(&[("A", 3)]), offers(&[("A", OfferStatus::Sellable)]));
        assert_eq!(troubles(&[wanted("A", 2, 100)], &offers, &shelf), []);
        let both = troubles(&[wanted("A", 2, 100), wanted("A", 2, 100)], &offers, &shelf);
        let (trouble, left) = (Trouble::OutOfStock, Some(3));
        assert_eq!(both, [LineTrouble { sku: sku("A"), trouble, price: None, left }]);
    }

    #[test]
    fn every_line_in_trouble_is_named_with_its_reason() {
        let shelf = shelf(&[("DEAR", 9), ("FINE", 9), ("GONE", 0), ("OFF", 9), ("SHUT", 9)]);
        let offers = offers(&[
            ("DEAR", OfferStatus::Sellable),
            ("FINE", OfferStatus::Sellable),
            ("GONE", OfferStatus::Sellable),
            ("OFF", OfferStatus::OffShelf),
            ("SHUT", OfferStatus::SellerNotActive),
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
            ("DEAR", Trouble::PriceChanged, Some(Money::inr(100)), None),
            ("GONE", Trouble::OutOfStock, None, Some(0)),
            ("NONE", Trouble::NotSellable, None, None),
            ("OFF", Trouble::NotSellable, None, None),
            ("SHUT", Trouble::SellerNotActive, None, None),
        ];
        let expected = expected.map(|(name, trouble, price, left)| LineTrouble {
            sku: sku(name),
            trouble,
            price,
            left,
        });
        assert_eq!(found, expected);
    }
}
