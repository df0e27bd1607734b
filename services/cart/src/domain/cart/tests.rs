//! What the shopper is told of a line.

use contracts::product::Trouble;
use jiff::Timestamp;
use kernel::{Id, Money, Sku};
use proptest::prelude::*;

use super::{Cart, CartLine, Flag, Priced};
use crate::domain::shelf::Article;

fn article(vendor: u128, price: i64) -> Article {
    Article {
        product_id: Id::derived("product", &["1"]),
        vendor_id: Id::derived("vendor", &[&vendor.to_string()]),
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
    (line.trouble, line.left) = (Some(Trouble::OutOfStock), Some(2));
    let priced = Priced::of(Sku::parse("A").unwrap(), &line, article(1, 100)).unwrap();
    assert_eq!((&priced.flags[..], priced.left), (&[Flag::OutOfStock][..], Some(2)));
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
            prop_assert!(group.iter().all(|l| l.article.vendor_id == group[0].article.vendor_id));
        }
    }
}
