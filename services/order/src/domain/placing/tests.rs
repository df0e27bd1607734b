//! What placing freezes, to the paisa.

use std::collections::BTreeMap;

use kernel::{AddressId, CheckoutId, Money, ProductId, Sku, StateCode, UserId, VendorId};
use proptest::prelude::*;

use super::super::order::{Destination, Method, Order};
use super::super::scheme::Scheme;
use super::super::split::{Rates, Seller};
use super::{Checkout, CheckoutRefused, Goods, Wanted};

fn state(code: &str) -> StateCode {
    StateCode::parse(code).unwrap()
}

fn seller(code: &str) -> Seller {
    Seller {
        vendor_id: VendorId::new(),
        name: format!("Seller in {code}"),
        state: state(code),
        scheme: Scheme::Regular,
        has_pan: true,
        commission_bp: 1000,
    }
}

fn line(seller: &Seller, sku: &str, unit: i64, quantity: u32, rate: u32) -> (Wanted, Goods) {
    let wanted = Wanted {
        sku: Sku::parse(sku).unwrap(),
        product_id: ProductId::new(),
        vendor_id: seller.vendor_id,
        quantity,
        unit_price: Money::inr(unit),
    };
    (wanted, Goods { title: sku.into(), hsn: "8306".into(), gst_rate_bp: rate })
}

fn checkout(sellers: &[&Seller], lines: Vec<(Wanted, Goods)>, total: i64) -> Checkout {
    Checkout {
        id: CheckoutId::new(),
        buyer: UserId::new(),
        method: Method::Upi,
        expected_total: Money::inr(total),
        destination: Destination { address_id: AddressId::new(), version: 1, state: state("29") },
        lines,
        sellers: sellers.iter().map(|s| (s.vendor_id, (*s).clone())).collect::<BTreeMap<_, _>>(),
        rates: Rates::BEFORE_DATES,
        platform: state("07"),
    }
}

fn place(checkout: &Checkout) -> Result<Order, CheckoutRefused> {
    Order::place(checkout, 1, "2026-11-22T12:00:00Z".parse().unwrap())
}

/// The worked example of two sellers, one in the buyer's state. Its coupon stands in the prices here, and its
/// delivery fee, which belongs to the platform, is left out.
#[test]
fn two_sellers_are_split_as_worked_out_by_hand() {
    let (near, far) = (seller("29"), seller("27"));
    let lines = vec![
        line(&near, "A", 95_635, 1, 1800),
        line(&far, "C", 124_478, 1, 1800),
        line(&near, "B", 9_487, 1, 500),
    ];
    let order = place(&checkout(&[&near, &far], lines, 229_600)).unwrap();

    let taxable = |part: usize| -> Vec<_> {
        order.parts[part].lines.iter().map(|l| (l.taxable.minor(), l.tax.minor())).collect()
    };
    assert_eq!(taxable(0), [(81_047, 2 * 7294), (9035, 2 * 226)]);
    assert_eq!(taxable(1), [(105_490, 18_988)]);
    let shares: Vec<_> = order
        .parts
        .iter()
        .map(|part| {
            let share = part.share;
            [
                share.taxable,
                share.commission,
                share.commission_tax,
                share.tcs,
                share.tds,
                share.payable,
            ]
            .map(Money::minor)
        })
        .collect();
    assert_eq!(shares[0], [90_082, 10_512, 1892, 450, 90, 92_178]);
    assert_eq!(shares[1], [105_490, 12_448, 2241, 527, 105, 109_157]);
    assert_eq!(order.total, Money::inr(229_600));
}

/// Section 52 takes it of taxable supplies; a book at nil rate is none.
#[test]
fn tax_is_collected_at_source_on_what_bears_tax_only() {
    let seller = seller("29");
    let book = line(&seller, "BOOK", 50_000, 1, 0);
    let order = place(&checkout(&[&seller], vec![book.clone()], 50_000)).unwrap();
    assert_eq!(order.parts[0].share.tcs, Money::inr(0));
    let lines = vec![book, line(&seller, "LAMP", 11_800, 1, 1800)];
    let order = place(&checkout(&[&seller], lines, 61_800)).unwrap();
    let share = order.parts[0].share;
    assert_eq!((share.taxable, share.tcs), (Money::inr(60_000), Money::inr(50)));
}

/// A book bears no tax, whoever sells it; what a dealer under composition pays itself is a taxable supply all the same.
#[test]
fn of_a_seller_under_composition_it_is_collected_on_taxable_goods_without_taking_tax_out() {
    let seller = Seller { scheme: Scheme::Composition, ..seller("29") };
    let lines = vec![line(&seller, "BOOK", 50_000, 1, 0), line(&seller, "LAMP", 11_800, 1, 1800)];
    let order = place(&checkout(&[&seller], lines, 61_800)).unwrap();
    let part = &order.parts[0];
    assert_eq!((part.tax, part.share.taxable), (Money::inr(0), Money::inr(61_800)));
    // A quarter of a per cent of 118.00 rupees, twice: 29.5 paise each.
    assert_eq!(part.share.tcs, Money::inr(60));
    assert_eq!(part.lines[1].gst_rate_bp, 0);
}

#[test]
fn nobody_pays_for_selling() {
    let greedy = Seller { commission_bp: 9000, ..seller("29") };
    let cart = checkout(&[&greedy], vec![line(&greedy, "A", 10_000, 1, 1800)], 10_000);
    assert_eq!(place(&cart).unwrap_err(), CheckoutRefused::Payable);
}

#[test]
fn each_seller_has_one_part_numbered_in_the_order_of_the_lines() {
    let (first, second) = (seller("29"), seller("27"));
    let lines = vec![
        line(&second, "X", 100, 1, 0),
        line(&first, "Y", 200, 2, 0),
        line(&second, "Z", 300, 3, 0),
    ];
    let order = place(&checkout(&[&first, &second], lines, 1400)).unwrap();
    assert_eq!(order.number, "M261122-000001");
    let parts: Vec<_> = order.parts.iter().map(|p| (p.number.as_str(), p.vendor_id)).collect();
    assert_eq!(
        parts,
        [("M261122-000001-1", second.vendor_id), ("M261122-000001-2", first.vendor_id)]
    );
    assert_eq!(order.parts[0].lines.len(), 2);
}

#[test]
fn what_the_cart_never_asks_for_makes_no_order() {
    let (one, stranger) = (seller("29"), seller("27"));
    let refused = |lines, total| place(&checkout(&[&one], lines, total)).unwrap_err();
    assert_eq!(refused(vec![], 0), CheckoutRefused::Empty);
    assert_eq!(refused(vec![line(&one, "A", 100, 0, 0)], 0), CheckoutRefused::Quantity);
    assert_eq!(refused(vec![line(&one, "A", 100, 1, 0)], 99), CheckoutRefused::Total);
    assert_eq!(refused(vec![line(&stranger, "A", 100, 1, 0)], 100), CheckoutRefused::Seller);
    let many = vec![line(&one, "A", i64::MAX, 2, 0)];
    assert!(matches!(refused(many, 100), CheckoutRefused::Money(_)));
}

proptest! {
    #[test]
    fn the_parts_add_up_to_what_the_buyer_pays(
        wanted in prop::collection::vec((0_usize..4, 1_i64..5_000_000, 1_u32..50, 0_u32..4000), 1..12),
    ) {
        let sellers = [seller("29"), seller("27"), seller("33"), seller("04")];
        let total = wanted.iter().map(|(_, unit, quantity, _)| unit * i64::from(*quantity)).sum();
        let lines = wanted
            .iter()
            .enumerate()
            .map(|(n, (who, unit, quantity, rate))| {
                line(&sellers[*who], &format!("S-{n}"), *unit, *quantity, *rate)
            })
            .collect();
        let order = place(&checkout(&sellers.iter().collect::<Vec<_>>(), lines, total)).unwrap();

        let sum = |amounts: Vec<Money>| Money::sum(amounts, order.total.currency()).unwrap();
        prop_assert_eq!(sum(order.parts.iter().map(|p| p.total).collect()), order.total);
        for part in &order.parts {
            prop_assert_eq!(sum(part.lines.iter().map(|l| l.total).collect()), part.total);
            let share = part.share;
            prop_assert_eq!(
                sum(vec![share.payable, share.commission, share.commission_tax, share.tcs, share.tds]),
                part.total
            );
        }
    }
}

#[test]
fn a_checkout_that_is_placed_again_is_the_same_order_and_as_old_as_the_checkout() {
    let (near, far) = (seller("29"), seller("27"));
    let lines = vec![line(&near, "A", 1_000, 1, 1800), line(&far, "B", 1_000, 1, 1800)];
    let first = checkout(&[&near, &far], lines, 2_000);
    let ids = |order: &Order| {
        let parts: Vec<_> = order.parts.iter().map(|part| part.seller_order_id).collect();
        (order.id, order.payment_id, parts)
    };
    let placed = place(&first).unwrap();
    assert_eq!(ids(&place(&first).unwrap()), ids(&placed));
    assert_ne!(placed.parts[0].seller_order_id, placed.parts[1].seller_order_id);
    assert_ne!(placed.id.as_uuid(), placed.payment_id.as_uuid());
    assert_eq!(placed.id.as_uuid().get_timestamp(), first.id.as_uuid().get_timestamp());

    let second = Checkout { id: CheckoutId::new(), ..first };
    assert_ne!(ids(&place(&second).unwrap()), ids(&placed));
}
