//! Copies of what the others say.

use chassis::record::Record;
use contracts::cart::PaymentMethod;
use contracts::order::OrderPlaced;
use kernel::StateCode;
use sqlx::PgPool;

use crate::world::{World, contact};

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_order_uses_the_latest_edition_of_the_address_and_keeps_to_it(pool: PgPool) {
    let world = World::open(pool).await;
    let mut moved = contact(world.buyer, world.address_id);
    moved.addresses[0].version = 2;
    moved.addresses[0].state = StateCode::parse("27").unwrap();
    moved.addresses[0].city = "Mumbai".into();
    world.app.deliver(moved.clone()).await;
    let order = world.confirmed().await.order;
    assert_eq!((order.address_version, order.place_of_supply.as_str()), (2, "27"));

    moved.addresses[0].version = 3;
    moved.addresses[0].city = "Pune".into();
    world.app.deliver(moved).await;
    let part = &order.parts[0];
    let path = format!("/v1/vendors/{}/orders/{}", part.vendor_id, part.seller_order_id);
    let view = world.seller(0).get(&path).await.expect(200);
    assert_eq!(view["delivery"]["city"], "Mumbai");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_address_that_left_the_book_after_the_checkout_is_still_where_it_goes(pool: PgPool) {
    let world = World::open(pool).await;
    let mut emptied = contact(world.buyer, world.address_id);
    emptied.addresses.clear();
    world.app.deliver(emptied).await;
    let order = world.place(PaymentMethod::Upi).await.order;
    assert_eq!(order.address_id, world.address_id);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_older_edition_that_comes_later_changes_nothing(pool: PgPool) {
    let world = World::open(pool).await;
    let old = world.app.record(&world.shops[0].product);
    let mut product = world.shops[0].product.clone();
    product.title = "A better title".into();
    world.app.deliver(product).await;
    let late = Record { offset: 10_000, ..old };
    world.app.deliver_record(late).await;

    // Offsets went ahead: what is heard now must still be heard.
    let order = world.place(PaymentMethod::Upi).await.order;
    assert_eq!(order.parts[0].lines[0].title, "A better title");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_later_change_of_title_price_or_commission_leaves_the_order_as_it_was(pool: PgPool) {
    let world = World::open(pool).await;
    let placed = world.place(PaymentMethod::Upi).await.order;
    let before = world.order(placed.order_id).await;
    let mut vendor = world.shops[0].vendor.clone();
    vendor.commission_bp = 5000;
    vendor.display_name = "Another".into();
    world.app.deliver(vendor).await;
    let mut product = world.shops[0].product.clone();
    product.title = "Another".into();
    world.app.deliver(product).await;
    assert_eq!(world.order(placed.order_id).await, before);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_without_registration_sells_without_tax(pool: PgPool) {
    let world = World::open(pool).await;
    let mut vendor = world.shops[0].vendor.clone();
    vendor.gstin = None;
    vendor.has_pan = false;
    world.app.deliver(vendor).await;
    let order = world.place(PaymentMethod::Upi).await.order;
    let part = &order.parts[0];
    assert_eq!(part.tax.minor(), 0);
    assert_eq!(part.lines[0].gst_rate_bp, 0);
    assert_eq!(part.share.tcs.minor(), 0);
    assert_eq!(part.share.tds.minor(), 99_800 / 20);
    assert!(order.parts[1].tax.minor() > 0);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_person_who_is_forgotten_loses_all_addresses_but_those_of_parcels_on_their_way(
    pool: PgPool,
) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let mut more = contact(world.buyer, world.address_id);
    more.addresses[0].version = 2;
    more.addresses[0].line1 = "Nowhere".into();
    world.app.deliver(more.clone()).await;

    let mut tombstone = world.app.record(&more);
    tombstone.payload = None;
    world.app.deliver_record(tombstone).await;
    let part = &order.parts[0];
    let path = format!("/v1/vendors/{}/orders/{}", part.vendor_id, part.seller_order_id);
    let view = world.seller(0).get(&path).await.expect(200);
    assert_eq!(view["delivery"]["line1"], "12 MG Road");
    let left: Vec<i32> =
        sqlx::query_scalar("select version from address_copies where user_id = $1")
            .bind(world.buyer)
            .fetch_all(world.app.db().pool())
            .await
            .unwrap();
    assert_eq!(left, [1]);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_deleted_product_cannot_be_sold_any_more(pool: PgPool) {
    let world = World::open(pool).await;
    let mut tombstone = world.app.record(&world.shops[0].product);
    tombstone.payload = None;
    world.app.deliver_record(tombstone).await;
    world.app.deliver(world.cart(PaymentMethod::Upi)).await;
    assert_eq!(world.app.emitted::<OrderPlaced>().await.len(), 1);
    let rejected = world.app.emitted::<contracts::order::OrderRejected>().await;
    assert_eq!(rejected[0].problems[0].sku, world.shops[0].product.variants[0].sku);
}
