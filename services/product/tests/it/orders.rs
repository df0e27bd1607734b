//! What becomes of a hold: sold, given back, or over.

use contracts::product::{
    CommitFailed, ReservationExpired, StockCommitted, StockLevel, StockLevelChanged, StockReleased,
    StockReserved,
};
use jiff::SignedDuration;
use kernel::SellerOrderId;
use sqlx::PgPool;

use crate::stage::{Checkout, Mall, assert_books, forget, shop, sku};

async fn hold_runs_out(mall: &Mall) -> usize {
    mall.clock.advance(SignedDuration::from_mins(7));
    mall.run_timers().await
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_confirmed_order_turns_held_into_committed_once(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 9).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2), ("TEA", 1)]);
    mall.deliver(checkout.reserve()).await;
    mall.deliver(checkout.confirmed()).await;
    mall.deliver(checkout.confirmed()).await;
    let committed = mall.emitted::<StockCommitted>().await;
    assert_eq!(committed.len(), 1);
    assert_eq!((committed[0].checkout_id, committed[0].order_id), (checkout.id, checkout.order_id));
    assert_eq!(seller.counters("LAMP").await, [7, 0, 2, 0]);
    assert_eq!(hold_runs_out(&mall).await, 0, "what is sold does not expire");
    mall.deliver(checkout.cancelled()).await;
    assert_eq!(seller.counters("TEA").await, [8, 0, 1, 0], "nor is it given back");
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_cancelled_order_gives_back_what_was_held(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 2).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2)]);
    mall.deliver(checkout.reserve()).await;
    forget(&mall).await;
    mall.deliver(checkout.cancelled()).await;
    mall.deliver(checkout.cancelled()).await;
    let released = mall.emitted::<StockReleased>().await;
    assert_eq!(released.len(), 1);
    assert_eq!(released[0].checkout_id, checkout.id);
    assert_eq!(mall.emitted::<StockLevelChanged>().await[0].level, StockLevel::Low);
    assert_eq!(seller.counters("LAMP").await, [2, 0, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_release_that_overtakes_its_reserve_is_remembered(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 2).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2)]);
    mall.deliver(checkout.cancelled()).await;
    assert!(mall.emitted_names().await.is_empty());
    mall.deliver(checkout.reserve()).await;
    assert_eq!(mall.emitted::<StockReleased>().await.len(), 1);
    assert!(mall.emitted::<StockReserved>().await.is_empty());
    assert_eq!(seller.counters("LAMP").await, [2, 0, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_hold_expires_and_its_stock_comes_back(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 2).await;
    let late = Checkout::of(&mall, &[("LAMP", 1)]);
    mall.deliver(late.reserve()).await;
    mall.clock.advance(SignedDuration::from_mins(5));
    assert_eq!(mall.run_timers().await, 0);
    let fresh = Checkout::of(&mall, &[("LAMP", 1)]);
    mall.deliver(fresh.reserve()).await;
    mall.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(mall.run_timers().await, 1);
    let expired = mall.emitted::<ReservationExpired>().await;
    assert_eq!((expired.len(), expired[0].checkout_id), (1, late.id));
    assert_eq!(seller.counters("LAMP").await, [1, 1, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn more_than_a_hundred_holds_expire_at_once(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 130).await;
    for _ in 0..120 {
        mall.deliver(Checkout::of(&mall, &[("LAMP", 1), ("TEA", 1)]).reserve()).await;
    }
    assert_eq!(seller.counters("TEA").await, [10, 120, 0, 0]);
    assert_eq!(hold_runs_out(&mall).await, 120);
    assert_eq!(seller.counters("TEA").await, [130, 0, 0, 0]);
    assert_eq!(mall.emitted::<ReservationExpired>().await.len(), 120);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn an_expired_hold_that_was_paid_for_is_taken_again(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 2).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2)]);
    mall.deliver(checkout.reserve()).await;
    hold_runs_out(&mall).await;
    mall.deliver(checkout.confirmed()).await;
    assert_eq!(mall.emitted::<StockCommitted>().await.len(), 1);
    assert_eq!(seller.counters("LAMP").await, [0, 0, 2, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn paid_for_too_late_it_names_what_is_gone_and_takes_nothing(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 2).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2), ("TEA", 1)]);
    mall.deliver(checkout.reserve()).await;
    hold_runs_out(&mall).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    mall.deliver(checkout.confirmed()).await;
    mall.deliver(checkout.confirmed()).await;
    let failed = mall.emitted::<CommitFailed>().await;
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0].checkout_id, failed[0].skus.clone()), (checkout.id, vec![sku("LAMP")]));
    assert!(mall.emitted::<StockCommitted>().await.is_empty());
    assert_eq!(seller.counters("TEA").await, [2, 0, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn paid_for_too_late_the_seller_orders_that_are_there_are_sold_and_ship(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 2).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2), ("TEA", 1)]);
    mall.deliver(checkout.reserve()).await;
    hold_runs_out(&mall).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    let mut confirmed = checkout.confirmed();
    let mut other = confirmed.order.parts[0].clone();
    other.lines = confirmed.order.parts[0].lines.split_off(1);
    confirmed.order.parts.push(other);
    mall.deliver(confirmed).await;
    let failed = mall.emitted::<CommitFailed>().await;
    assert_eq!((failed.len(), failed[0].skus.clone()), (1, vec![sku("LAMP")]));
    assert_eq!(seller.counters("LAMP").await, [1, 1, 0, 0], "of a part that lacks some, none");
    assert_eq!(seller.counters("TEA").await, [1, 0, 1, 0]);

    mall.deliver(checkout.shipped(&seller, SellerOrderId::new(), &[("TEA", 1)])).await;
    assert_eq!(seller.counters("TEA").await, [1, 0, 0, 1]);
    let lamps = checkout.shipped(&seller, SellerOrderId::new(), &[("LAMP", 2)]);
    mall.deliver_record(mall.record(&lamps)).await;
    let letters = chassis::dead_letters::list(mall.db()).await.expect("letters can be listed");
    assert_eq!(letters[0].problem, "product/shipment-unmatched", "it is not lost in silence");
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_confirmation_that_overtakes_its_reserve_is_remembered(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 3).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2)]);
    mall.deliver(checkout.confirmed()).await;
    mall.deliver(checkout.reserve()).await;
    assert_eq!(seller.counters("LAMP").await, [1, 0, 2, 0], "it is sold once");
    assert!(!mall.emitted::<StockCommitted>().await.is_empty());
    assert!(mall.emitted::<StockReserved>().await.is_empty());
    assert_books(&mall).await;
}
