//! Copies of what the others say.

use chassis::Service;
use chassis::apply::ApplyError;
use chassis::record::Record;
use chassis::subscriptions::Kind;
use contracts::cart::{CheckoutRequested, PaymentMethod};
use contracts::order::{OrderFact, OrderPlaced, OrderRejected};
use contracts::product::Trouble;
use kernel::{CheckoutId, StateCode};
use order::App;
use sqlx::PgPool;

use crate::sold::go;
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
async fn an_order_goes_to_the_edition_of_the_address_that_the_buyer_saw(pool: PgPool) {
    let world = World::open(pool).await;
    let mut moved = contact(world.buyer, world.address_id);
    moved.addresses[0].version = 2;
    moved.addresses[0].state = StateCode::parse("27").unwrap();
    world.app.deliver(moved.clone()).await;
    for (version, state) in [(1, "29"), (2, "27")] {
        let cart = world.cart(PaymentMethod::Upi);
        world.app.deliver(CheckoutRequested { address_version: Some(version), ..cart }).await;
        let order = world.app.emitted::<OrderPlaced>().await.remove(0).order;
        assert_eq!((order.address_version, order.place_of_supply.as_str()), (version, state));
    }

    // One that was not heard yet is waited for.
    let cart = world.cart(PaymentMethod::Upi);
    let early = CheckoutRequested { address_version: Some(3), ..cart };
    let subscribed = App::subscriptions().of(&world.app.app);
    let consumer = chassis::run::consumer::<App>(world.app.db(), &subscribed, Kind::Effect);
    let taken = consumer.apply(&[world.app.record(&early)]).await;
    let Err(ApplyError::Handler { problem, .. }) = taken else { panic!("it was taken in") };
    assert_eq!((problem.status, problem.slug), (503, "order/not-yet"));
    assert!(world.app.emitted::<OrderPlaced>().await.is_empty());

    // One that never will be, because later ones were, is not.
    moved.addresses[0].version = 4;
    world.app.deliver(moved).await;
    let again = CheckoutRequested { checkout_id: CheckoutId::new(), ..early };
    world.app.deliver(again).await;
    let rejected = world.app.emitted::<OrderRejected>().await.remove(0);
    assert!(rejected.problems.iter().all(|problem| problem.trouble == Trouble::Stale));
    assert_eq!(rejected.problems.len(), 3);
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

    let accept = format!("{path}/accept");
    let accepted = world.seller(0).key("k-1").post(&accept, ()).await.expect(200);
    assert_eq!(accepted["delivery"]["line1"], "12 MG Road");
    // Each seller reads it until its own parcel has come; then it goes within the hour.
    for (nth, end) in [(0, "deliver"), (1, "reject"), (2, "came-back")] {
        assert_eq!(reads(&world, &order, nth).await["line1"], "12 MG Road");
        let steps: &[_] = match end {
            "deliver" => &["pack", "ship", "deliver"],
            "came-back" => &["accept", "pack", "ship", "turned-away", "came-back"],
            _ => &["reject"],
        };
        world.app.run_timers().await;
        go(&world, &order, nth, steps).await;
        assert_eq!(reads(&world, &order, nth).await, serde_json::Value::Null);
    }
    assert_eq!(kept(&world).await, 1);
    world.wait(600);
    world.app.run_timers().await;
    assert_eq!(kept(&world).await, 0);
    assert_eq!(answered(&world).await, 0, "what was answered is forgotten, too");
    assert_eq!(world.app.run_timers().await, 0, "there is nothing left to do");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_a_seller_was_answered_goes_when_its_own_parcel_has_come(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let sellers = [world.seller(0), world.seller(1)];
    let under_key = async |nth: usize, verb: &str| {
        let client = sellers[nth].clone().key(&format!("k-{verb}"));
        client.post(&step(&order, nth, verb), ()).await
    };
    for nth in [0, 1] {
        let accepted = under_key(nth, "accept").await.expect(200);
        assert_eq!(accepted["delivery"]["line1"], "12 MG Road");
    }
    go(&world, &order, 0, &["pack", "ship"]).await;
    let part = order.parts[2].seller_order_id;
    let cancel = format!("/v1/orders/{}/parts/{part}/cancel", order.order_id);
    world.client().key("k-buyer").post(&cancel, ()).await.expect(200);
    assert_eq!(answered(&world).await, 3);

    let mut tombstone = world.app.record(&contact(world.buyer, world.address_id));
    tombstone.payload = None;
    world.app.deliver_record(tombstone).await;
    assert_eq!(answered(&world).await, 2, "what the buyer was answered goes at once");
    world.app.run_timers().await;
    assert_eq!(answered(&world).await, 2, "both parcels are still to come");
    under_key(0, "deliver").await.expect(200);
    world.wait(60);
    world.app.run_timers().await;
    assert_eq!(answered(&world).await, 1, "the other seller needs it still");
    let again = under_key(1, "accept").await.expect(200);
    assert_eq!(again["delivery"]["line1"], "12 MG Road");
    under_key(0, "accept").await.problem(409, "order/transition-refused");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_address_goes_with_its_last_parcel_though_another_order_is_on_its_way(pool: PgPool) {
    let world = World::open(pool).await;
    let first = world.confirmed().await.order;
    let mut moved = contact(world.buyer, world.address_id);
    moved.addresses[0].version = 2;
    world.app.deliver(moved.clone()).await;
    let second = world.confirmed().await.order;
    assert_eq!((first.address_version, second.address_version), (1, 2));
    let mut tombstone = world.app.record(&moved);
    tombstone.payload = None;
    world.app.deliver_record(tombstone).await;
    assert_eq!(kept(&world).await, 2);
    for nth in 0..3 {
        go(&world, &first, nth, &["reject"]).await;
    }
    world.app.run_timers().await;
    assert_eq!(kept(&world).await, 1, "nothing goes to the first any more");
    world.app.run_timers().await;
    assert_eq!(reads(&world, &second, 0).await["line1"], "12 MG Road");
}

fn step(order: &OrderFact, nth: usize, verb: &str) -> String {
    let part = &order.parts[nth];
    format!("/v1/vendors/{}/orders/{}/{verb}", part.vendor_id, part.seller_order_id)
}

/// How many answers are kept that show where the buyer lives.
async fn answered(world: &World) -> i64 {
    let answered = "select count(*) from chassis.idempotency where convert_from(body, 'UTF8') like '%MG Road%'";
    sqlx::query_scalar(answered).fetch_one(world.app.db().pool()).await.unwrap()
}

async fn reads(world: &World, order: &OrderFact, nth: usize) -> serde_json::Value {
    let part = &order.parts[nth];
    let path = format!("/v1/vendors/{}/orders/{}", part.vendor_id, part.seller_order_id);
    world.seller(nth).get(&path).await.expect(200)["delivery"].clone()
}

async fn kept(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from address_copies where user_id = $1")
        .bind(world.buyer)
        .fetch_one(world.app.db().pool())
        .await
        .unwrap()
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
