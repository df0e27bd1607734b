//! What a product may become, and what is wrong with its variants.

use kernel::Money;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn variant(sku: &str) -> Variant {
    let price = Price::try_from(Money::inr(500)).unwrap();
    Variant { sku: Sku::parse(sku).unwrap(), options: Options::default(), price }
}

fn content() -> Content {
    Content {
        title: Title::parse("Lamp").unwrap(),
        description: Description::parse("").unwrap(),
        category: CategorySlug::parse("decor").unwrap(),
        hsn: Hsn::parse("8306").unwrap(),
        gst_rate_bp: 1800,
    }
}

fn product() -> Product {
    Product::draft(VendorId::new(), content(), vec![variant("A")], at(0)).unwrap()
}

#[test]
fn a_product_has_variants_and_each_once() {
    let drafted = |v| Product::draft(VendorId::new(), content(), v, at(0));
    assert_eq!(drafted(vec![]).unwrap_err()[0].pointer, "/variants");
    let twice = drafted(vec![variant("A"), variant("B"), variant("A")]).unwrap_err();
    assert_eq!(twice, [Flaw::at("/variants/2/sku", "stands here twice")]);
}

#[test]
fn a_decision_that_was_overtaken_changes_nothing() {
    let suspend = Verdict::Suspend { reason: "fake".into() };
    let mut in_order = product();
    in_order.propose(at(1)).unwrap();
    let mut reversed = in_order.clone();
    in_order.moderate(Verdict::Approve, at(2), at(9));
    in_order.moderate(suspend.clone(), at(3), at(9));
    reversed.moderate(suspend, at(3), at(9));
    reversed.moderate(Verdict::Approve, at(2), at(9));
    assert_eq!(in_order.status, ListingStatus::Unlisted { reason: "fake".into() });
    assert_eq!(reversed.status, in_order.status);
}

#[test]
fn a_rejection_heard_again_does_not_hit_the_second_proposal() {
    let reject = Verdict::Reject { reason: "blurred".into() };
    let mut product = product();
    product.propose(at(1)).unwrap();
    product.moderate(reject.clone(), at(2), at(2));
    product.propose(at(3)).unwrap();
    assert_eq!(product.moderate(reject, at(2), at(4)), ListingStep::Same);
    assert_eq!(product.status, ListingStatus::Proposed);
}

#[test]
fn every_change_raises_the_version_and_nothing_else_does() {
    let mut product = product();
    assert_eq!(product.edit(content(), at(1)), ListingStep::Same);
    let price = product.variants[0].price;
    assert_eq!(product.reprice(&variant("A").sku, price, at(1)), Repriced::Same);
    assert_eq!(product.reprice(&variant("B").sku, price, at(1)), Repriced::NoSuchVariant);
    assert_eq!(product.version, 1);
    let other = Price::try_from(Money::inr(600)).unwrap();
    assert_eq!(product.reprice(&variant("A").sku, other, at(1)), Repriced::Changed);
    assert_eq!((product.version, product.updated_at), (2, at(1)));
}
