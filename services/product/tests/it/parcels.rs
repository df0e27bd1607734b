//! Pieces that leave the house.

use kernel::{ParcelId, SellerOrderId};
use sqlx::PgPool;

use crate::stage::{Checkout, assert_books, shop};

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn each_parcel_leaves_the_books_once(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 9).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2), ("TEA", 1)]);
    mall.deliver(checkout.reserve()).await;
    mall.deliver(checkout.confirmed()).await;
    let (first, second) = (SellerOrderId::new(), SellerOrderId::new());
    mall.deliver(checkout.shipped(&seller, first, &[("LAMP", 2)])).await;
    mall.deliver(checkout.shipped(&seller, first, &[("LAMP", 2)])).await;
    assert_eq!(seller.counters("LAMP").await, [7, 0, 0, 2]);
    assert_eq!(seller.counters("TEA").await, [8, 0, 1, 0]);
    mall.deliver(checkout.shipped(&seller, second, &[("TEA", 1)])).await;
    assert_eq!(seller.counters("TEA").await, [8, 0, 0, 1]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_parcel_that_overtakes_its_commit_waits_for_it(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 9).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2)]);
    mall.deliver(checkout.shipped(&seller, SellerOrderId::new(), &[("LAMP", 2)])).await;
    mall.deliver(checkout.reserve()).await;
    assert_eq!(seller.counters("LAMP").await, [7, 2, 0, 0]);
    mall.deliver(checkout.confirmed()).await;
    assert_eq!(seller.counters("LAMP").await, [7, 0, 0, 2]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_parcel_with_more_than_was_sold_is_put_aside(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 9).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2)]);
    mall.deliver(checkout.reserve()).await;
    mall.deliver(checkout.confirmed()).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 5)]).confirmed()).await;
    let greedy = checkout.shipped(&seller, SellerOrderId::new(), &[("LAMP", 3)]);
    mall.deliver_record(mall.record(&greedy)).await;
    let letters = chassis::dead_letters::list(mall.db()).await.expect("letters can be listed");
    assert_eq!(letters.len(), 1);
    assert_eq!(seller.counters("LAMP").await, [2, 0, 7, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_seller_order_may_go_out_in_several_parcels_and_each_counts_once(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 9).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 3)]);
    mall.deliver(checkout.reserve()).await;
    mall.deliver(checkout.confirmed()).await;
    let part = SellerOrderId::new();
    let mut first = checkout.shipped(&seller, part, &[("LAMP", 2)]);
    first.parcel_id = Some(ParcelId::new());
    let mut second = checkout.shipped(&seller, part, &[("LAMP", 1)]);
    second.parcel_id = Some(ParcelId::new());
    mall.deliver(first.clone()).await;
    mall.deliver(first).await;
    assert_eq!(seller.counters("LAMP").await, [6, 0, 1, 2]);
    mall.deliver(second).await;
    assert_eq!(seller.counters("LAMP").await, [6, 0, 0, 3]);
    assert_books(&mall).await;
}
