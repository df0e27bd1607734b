//! What was sold and is taken back.

use chassis::Service;
use chassis::apply::ApplyError;
use chassis::subscriptions::Kind;
use contracts::order::{
    CreditedLine, Disposition, MovedLine, ParcelEnded, ReturnReceived, SellerOrderCredited,
};
use contracts::product::{StockLevel, StockLevelChanged};
use kernel::{CreditId, ParcelId, ReturnId, SellerOrderId};
use product::App;
use sqlx::PgPool;
use testkit::sample;

use crate::stage::{Checkout, Mall, Seller, assert_books, forget, shop, sku};

/// A seller with nine of each, of which two lamps and one tea are sold.
async fn sold(pool: PgPool) -> (Mall, Seller, Checkout) {
    let (mall, seller) = shop(pool, &["LAMP", "TEA"], 9).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2), ("TEA", 1)]);
    mall.deliver(checkout.reserve()).await;
    mall.deliver(checkout.confirmed()).await;
    forget(&mall).await;
    (mall, seller, checkout)
}

/// Of a seller order, these are taken back.
fn credited(
    checkout: &Checkout,
    seller: &Seller,
    lines: &[(&str, u32, Disposition)],
) -> SellerOrderCredited {
    let mut event = sample::<SellerOrderCredited>();
    event.credit_id = CreditId::new();
    event.seller_order.checkout_id = checkout.id;
    event.seller_order.order_id = checkout.order_id;
    event.seller_order.vendor_id = seller.id;
    let model = event.lines[0].clone();
    let line = |(name, quantity, stock): &(&str, u32, Disposition)| CreditedLine {
        sku: sku(name),
        quantity: *quantity,
        stock: *stock,
        ..model.clone()
    };
    event.lines = lines.iter().map(line).collect();
    event
}

async fn letters(mall: &Mall) -> Vec<String> {
    let letters = chassis::dead_letters::list(mall.db()).await.expect("letters can be listed");
    letters.into_iter().map(|letter| letter.problem).collect()
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn what_is_cancelled_before_it_left_is_for_sale_again_once(pool: PgPool) {
    let (mall, seller, checkout) = sold(pool).await;
    let credit = credited(
        &checkout,
        &seller,
        &[("LAMP", 2, Disposition::Uncommit), ("TEA", 1, Disposition::Uncommit)],
    );
    mall.deliver(credit.clone()).await;
    mall.deliver(credit).await;
    assert_eq!(seller.counters("LAMP").await, [9, 0, 0, 0]);
    assert_eq!(seller.counters("TEA").await, [9, 0, 0, 0]);
    assert_books(&mall).await;
    assert_eq!(letters(&mall).await, [""; 0]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn two_lines_of_one_sku_are_taken_back_together(pool: PgPool) {
    let (mall, seller, checkout) = sold(pool).await;
    let line = ("LAMP", 1, Disposition::Uncommit);
    mall.deliver(credited(&checkout, &seller, &[line, line])).await;
    assert_eq!(seller.counters("LAMP").await, [9, 0, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn the_level_of_what_comes_back_is_said(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 2).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2)]);
    mall.deliver(checkout.reserve()).await;
    mall.deliver(checkout.confirmed()).await;
    forget(&mall).await;
    mall.deliver(credited(&checkout, &seller, &[("LAMP", 1, Disposition::Uncommit)])).await;
    let levels = mall.emitted::<StockLevelChanged>().await;
    assert_eq!((levels.len(), levels[0].level), (1, StockLevel::Low));
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn after_a_partial_credit_the_rest_ships(pool: PgPool) {
    let (mall, seller, checkout) = sold(pool).await;
    mall.deliver(credited(&checkout, &seller, &[("LAMP", 1, Disposition::Uncommit)])).await;
    assert_eq!(seller.counters("LAMP").await, [8, 0, 1, 0]);
    let parcel = checkout.shipped(&seller, SellerOrderId::new(), &[("LAMP", 1), ("TEA", 1)]);
    mall.deliver(parcel).await;
    assert_eq!(seller.counters("LAMP").await, [8, 0, 0, 1]);
    assert_eq!(seller.counters("TEA").await, [8, 0, 0, 1]);
    assert_books(&mall).await;
    assert_eq!(letters(&mall).await, [""; 0]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn what_left_comes_back_or_is_lost(pool: PgPool) {
    let (mall, seller, checkout) = sold(pool).await;
    let parcel = checkout.shipped(&seller, SellerOrderId::new(), &[("LAMP", 2), ("TEA", 1)]);
    mall.deliver(parcel).await;
    let lines = [("LAMP", 1, Disposition::Restock), ("TEA", 1, Disposition::WriteOff)];
    mall.deliver(credited(&checkout, &seller, &lines)).await;
    assert_eq!(seller.counters("LAMP").await, [8, 0, 0, 1]);
    assert_eq!(seller.counters("TEA").await, [8, 0, 0, 0]);
    assert_eq!(seller.stock("TEA").await["received"], 8);
    // The other lamp comes back too, by a credit of its own.
    mall.deliver(credited(&checkout, &seller, &[("LAMP", 1, Disposition::Restock)])).await;
    assert_eq!(seller.counters("LAMP").await, [9, 0, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn what_a_bank_paid_for_is_for_sale_again_when_it_is_back(pool: PgPool) {
    let (mall, seller, checkout) = sold(pool).await;
    let parcel = checkout.shipped(&seller, SellerOrderId::new(), &[("LAMP", 2), ("TEA", 1)]);
    mall.deliver(parcel).await;
    let credit = credited(&checkout, &seller, &[("LAMP", 2, Disposition::None)]);
    let seller_order = credit.seller_order.clone();
    mall.deliver(credit).await;
    assert_eq!(seller.counters("LAMP").await, [7, 0, 0, 2]);
    let back = |name, quantity, stock| {
        let line = sample::<ReturnReceived>().lines.remove(0);
        let lines = vec![MovedLine { sku: sku(name), quantity, ..line }];
        let (return_id, seller_order) = (ReturnId::new(), seller_order.clone());
        ReturnReceived { seller_order, return_id, lines, stock }
    };
    let lamp = back("LAMP", 1, Disposition::Restock);
    mall.deliver(lamp.clone()).await;
    mall.deliver(lamp).await;
    // The other was on its way yet, and never came.
    let ReturnReceived { seller_order, lines, stock, .. } = back("LAMP", 1, Disposition::WriteOff);
    let ended = ParcelEnded { seller_order, parcel_id: ParcelId::new(), lines, stock };
    mall.deliver(ended.clone()).await;
    mall.deliver(ended).await;
    assert_eq!(seller.counters("LAMP").await, [8, 0, 0, 0]);
    assert_books(&mall).await;
    assert_eq!(letters(&mall).await, [""; 0]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_credit_of_no_pieces_moves_none(pool: PgPool) {
    let (mall, seller, checkout) = sold(pool).await;
    mall.deliver(credited(&checkout, &seller, &[("LAMP", 2, Disposition::None)])).await;
    assert_eq!(seller.counters("LAMP").await, [7, 0, 2, 0]);
    assert_books(&mall).await;
    assert_eq!(letters(&mall).await, [""; 0]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_credit_that_overtakes_the_sale_waits_for_it(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 9).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 2)]);
    mall.deliver(checkout.reserve()).await;
    let credit = credited(&checkout, &seller, &[("LAMP", 2, Disposition::Uncommit)]);
    let subscribed = App::subscriptions().of(&mall.app);
    let consumer = chassis::run::consumer::<App>(mall.db(), &subscribed, Kind::Effect);
    let taken = consumer.apply(&[mall.record(&credit)]).await;
    let Err(ApplyError::Handler { problem, .. }) = taken else { panic!("it was taken in") };
    assert_eq!((problem.status, problem.slug), (503, "product/not-yet"));
    assert_eq!(seller.counters("LAMP").await, [7, 2, 0, 0], "what is held stays held");
    mall.deliver(checkout.confirmed()).await;
    mall.deliver(credit).await;
    assert_eq!(seller.counters("LAMP").await, [9, 0, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn nothing_is_put_back_for_what_was_gone(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 2).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 3)]);
    mall.deliver(checkout.confirmed()).await;
    for stock in [Disposition::Uncommit, Disposition::None] {
        mall.deliver(credited(&checkout, &seller, &[("LAMP", 3, stock)])).await;
    }
    assert_eq!(seller.counters("LAMP").await, [2, 0, 0, 0]);
    assert_books(&mall).await;
    assert_eq!(letters(&mall).await, [""; 0]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_credit_of_more_than_was_sold_or_of_another_seller_is_put_aside(pool: PgPool) {
    let (mall, seller, _) = sold(pool).await;
    let stranger = Seller::approved(&mall).await;
    // Each about a checkout of its own: what comes behind a letter waits for it.
    let mut wrong = Vec::new();
    for (of, quantity, stock) in [
        (&seller, 2, Disposition::Uncommit),
        (&stranger, 1, Disposition::Uncommit),
        (&seller, 1, Disposition::Unknown),
    ] {
        let checkout = Checkout::of(&mall, &[("LAMP", 1)]);
        mall.deliver(checkout.confirmed()).await;
        wrong.push(credited(&checkout, of, &[("LAMP", quantity, stock)]));
    }
    for credit in &wrong {
        mall.deliver_record(mall.record(credit)).await;
    }
    let unmatched = "product/credit-unmatched";
    assert_eq!(letters(&mall).await, [unmatched, unmatched, "product/fate-unknown"]);
    assert_eq!(seller.counters("LAMP").await, [4, 0, 5, 0]);
    assert_books(&mall).await;
}
