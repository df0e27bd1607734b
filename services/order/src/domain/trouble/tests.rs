//! Lines that cannot be sold, and how to tell from copies that may be a little behind.

use kernel::{Money, ProductId, Sku, VendorId};

use super::{Finding, SaleStatus, Shelf, Trouble};
use crate::domain::placing::Wanted;

fn about(seller: SaleStatus, product: SaleStatus, skus: &[&str]) -> Finding {
    let vendor_id = VendorId::new();
    let line = Wanted {
        sku: Sku::parse("LAMP-18").unwrap(),
        product_id: ProductId::new(),
        vendor_id,
        quantity: 1,
        unit_price: Money::inr(1),
    };
    let skus = skus.iter().map(|sku| (*sku).to_owned()).collect();
    Finding::about(&line, &Shelf { vendor_id, standing: product, skus }, seller)
}

#[test]
fn what_was_taken_back_is_known_not_to_be_sellable() {
    let (on, off) = (SaleStatus::On, SaleStatus::Off);
    assert_eq!(about(on, on, &["LAMP-18"]), Finding::Sellable);
    assert_eq!(about(on, off, &["LAMP-18"]), Finding::Trouble(Trouble::NotSellable));
    assert_eq!(about(off, on, &["LAMP-18"]), Finding::Trouble(Trouble::SellerNotActive));
}

#[test]
fn what_was_never_offered_may_only_be_news_to_us() {
    let (on, coming) = (SaleStatus::On, SaleStatus::Coming);
    assert_eq!(about(on, coming, &["LAMP-18"]), Finding::Doubt(Trouble::NotSellable));
    assert_eq!(about(coming, on, &["LAMP-18"]), Finding::Doubt(Trouble::SellerNotActive));
    assert_eq!(about(on, on, &["LAMP-20"]), Finding::Doubt(Trouble::NotSellable));
}
