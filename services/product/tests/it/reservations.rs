//! Holding stock for a checkout.

use contracts::admin::Decision;
use contracts::product::{StockLevel, StockLevelChanged, StockRejected, StockReserved, Trouble};
use contracts::vendor::VendorStatus;
use kernel::Money;
use sqlx::PgPool;

use crate::stage::{Checkout, Seller, assert_books, moderated, open, shop};

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_checkout_over_two_sellers_is_held(pool: PgPool) {
    let mall = open(pool).await;
    let (one, two) = (Seller::approved(&mall).await, Seller::approved(&mall).await);
    one.sells(&mall, &["LAMP"], 7).await;
    two.sells(&mall, &["TEA"], 3).await;
    let checkout = Checkout::of(&mall, &[("TEA", 3), ("LAMP", 2)]);
    mall.deliver(checkout.reserve()).await;

    let reserved = mall.emitted::<StockReserved>().await;
    assert_eq!(reserved.len(), 1);
    assert_eq!((reserved[0].checkout_id, reserved[0].order_id), (checkout.id, checkout.order_id));
    assert_eq!(reserved[0].expires_at, checkout.expires_at);
    assert_eq!(one.counters("LAMP").await, [5, 2, 0, 0]);
    assert_eq!(two.counters("TEA").await, [0, 3, 0, 0]);
    let levels = mall.emitted::<StockLevelChanged>().await;
    let levels: Vec<_> = levels.iter().map(|l| (l.sku.as_str(), l.level)).collect();
    assert_eq!(levels, [("LAMP", StockLevel::Low), ("TEA", StockLevel::Out)]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn every_line_in_trouble_is_named_and_nothing_is_held(pool: PgPool) {
    let mall = open(pool).await;
    let (seller, shut) = (Seller::approved(&mall).await, Seller::approved(&mall).await);
    seller.sells(&mall, &["FINE", "FEW", "DEAR"], 2).await;
    let off = seller.sells(&mall, &["OFF"], 9).await;
    moderated(&mall, off, Decision::Suspend).await;
    shut.sells(&mall, &["SHUT"], 9).await;
    shut.becomes(&mall, VendorStatus::Suspended).await;

    let mut checkout = Checkout::of(
        &mall,
        &[("FINE", 1), ("FEW", 3), ("DEAR", 1), ("OFF", 1), ("SHUT", 1), ("GHOST", 1)],
    );
    checkout.lines[2].expected_price = Money::inr(100);
    mall.deliver(checkout.reserve()).await;

    let rejected = mall.emitted::<StockRejected>().await;
    assert_eq!(rejected[0].checkout_id, checkout.id);
    let problems: Vec<_> =
        rejected[0].problems.iter().map(|p| (p.sku.as_str(), p.trouble, p.price)).collect();
    assert_eq!(
        problems,
        [
            ("DEAR", Trouble::PriceChanged, Some(Money::inr(129_900))),
            ("FEW", Trouble::OutOfStock, None),
            ("GHOST", Trouble::NotSellable, None),
            ("OFF", Trouble::NotSellable, None),
            ("SHUT", Trouble::SellerNotActive, None),
        ]
    );
    assert_eq!(rejected[0].problems[1].left, Some(2), "it is said how many are left");
    assert!(mall.emitted::<StockReserved>().await.is_empty());
    assert_eq!(seller.counters("FINE").await, [2, 0, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn of_three_sellers_one_without_stock_nothing_is_held_of_any(pool: PgPool) {
    let mall = open(pool).await;
    let mut sellers = Vec::new();
    for (sku, stock) in [("LAMP", 5), ("TEA", 1), ("BOWL", 5)] {
        let seller = Seller::approved(&mall).await;
        seller.sells(&mall, &[sku], stock).await;
        sellers.push(seller);
    }
    let checkout = Checkout::of(&mall, &[("LAMP", 2), ("TEA", 2), ("BOWL", 2)]);
    mall.deliver(checkout.reserve()).await;
    let rejected = mall.emitted::<StockRejected>().await;
    let problems: Vec<_> =
        rejected[0].problems.iter().map(|p| (p.sku.as_str(), p.trouble)).collect();
    assert_eq!(problems, [("TEA", Trouble::OutOfStock)]);
    assert_eq!(sellers[0].counters("LAMP").await, [5, 0, 0, 0]);
    assert_eq!(sellers[1].counters("TEA").await, [1, 0, 0, 0]);
    assert_eq!(sellers[2].counters("BOWL").await, [5, 0, 0, 0]);
    assert!(mall.emitted::<StockReserved>().await.is_empty());
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn lines_of_one_sku_are_added_up(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 1).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1), ("LAMP", 1)]).reserve()).await;
    let rejected = mall.emitted::<StockRejected>().await;
    assert_eq!(rejected[0].problems.len(), 1);
    assert_eq!(rejected[0].problems[0].trouble, Trouble::OutOfStock);
    seller.receive("LAMP", 1).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1), ("LAMP", 1)]).reserve()).await;
    assert_eq!(seller.counters("LAMP").await, [0, 2, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_second_reserve_is_answered_the_same(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 3).await;
    let held = Checkout::of(&mall, &[("LAMP", 2)]);
    let refused = Checkout::of(&mall, &[("LAMP", 2)]);
    for _ in 0..2 {
        mall.deliver(held.reserve()).await;
        mall.deliver(refused.reserve()).await;
    }
    let reserved = mall.emitted::<StockReserved>().await;
    assert_eq!(reserved.len(), 2);
    assert_eq!(reserved[0], reserved[1]);
    seller.receive("LAMP", 5).await;
    mall.deliver(refused.reserve()).await;
    let rejected = mall.emitted::<StockRejected>().await;
    assert_eq!(rejected.len(), 3, "what was refused stays refused");
    assert!(rejected.iter().all(|r| r == &rejected[0]));
    assert_eq!(seller.counters("LAMP").await, [6, 2, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn the_same_event_again_says_nothing(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 3).await;
    let record = mall.record(&Checkout::of(&mall, &[("LAMP", 2)]).reserve());
    let mut duplicate = record.clone();
    duplicate.offset += 1000;
    mall.deliver_record(record).await;
    mall.deliver_record(duplicate).await;
    assert_eq!(mall.emitted::<StockReserved>().await.len(), 1);
    assert_eq!(seller.counters("LAMP").await, [1, 2, 0, 0]);
}
