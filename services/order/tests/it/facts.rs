//! What comes in from the broker that should not: from a broken neighbour, a newer one, or somebody inside.

use chassis::apply::ApplyError;
use chassis::record::Record;
use chassis::subscriptions::Kind;
use chassis::{Service, dead_letters};
use contracts::cart::{CheckoutRequested, PaymentMethod};
use contracts::ops::DeadLettered;
use contracts::order::{CreditCause, OrderPlaced, OrderRejected, SellerOrderCredited};
use contracts::product::{CommitFailed, Reserve};
use kernel::{CheckoutId, Currency, Money};
use order::App;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::world::{World, captured, rejected};

async fn problems(world: &World) -> Vec<String> {
    let letters = dead_letters::list(world.app.db()).await.unwrap();
    letters.into_iter().map(|letter| letter.problem).collect()
}

/// The same event with something changed in what it says.
fn with(mut record: Record, change: impl FnOnce(&mut Value)) -> Record {
    let mut event = serde_json::from_slice(&record.payload.unwrap()).unwrap();
    change(&mut event);
    record.payload = Some(serde_json::to_vec(&event).unwrap());
    record
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_nobody_can_read_is_put_aside_with_an_alert_and_the_next_goes_on(pool: PgPool) {
    let world = World::open(pool).await;
    let record = || world.app.record(&world.cart(PaymentMethod::Upi));
    let mut newer = record();
    newer.headers.insert("ce_type".into(), "cart.checkout_requested.v2".into());
    let mut nameless = record();
    nameless.headers.remove("ce_type");
    let mut anonymous = record();
    anonymous.headers.remove("ce_id");
    let half = Record { payload: Some(b"{\"checkout_id\":".to_vec()), ..record() };
    let typed = with(record(), |event| event["lines"] = json!("all of them"));
    for poison in [newer, nameless, anonymous, half, typed] {
        world.app.deliver_record(poison).await;
    }
    let (unknown, unreadable) = ("event/unknown", "event/unreadable");
    assert_eq!(problems(&world).await, [unknown, unknown, unreadable, unreadable, unreadable]);

    let first = record();
    let mut reused = record();
    reused.headers.insert("ce_id".into(), first.headers["ce_id"].clone());
    world.app.deliver_record(first).await;
    world.app.deliver_record(reused).await;
    assert_eq!(problems(&world).await.last().map(String::as_str), Some("event/reused"));
    assert_eq!(world.app.emitted::<DeadLettered>().await.len(), 6);
    assert_eq!(world.app.emitted::<OrderPlaced>().await.len(), 1);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_a_newer_writer_adds_is_passed_over(pool: PgPool) {
    let world = World::open(pool).await;
    let cart = with(world.app.record(&world.cart(PaymentMethod::Upi)), |event| {
        event["gift"] = json!({"wrap": "red"});
        event["lines"][0]["note"] = json!("for Asha");
    });
    world.app.deliver_record(cart).await;
    let asked = world.app.emitted::<Reserve>().await.remove(0);
    let answer = with(world.app.record(&rejected(&asked, vec![])), |event| {
        event["problems"] = json!([{"sku": asked.lines[0].sku, "trouble": "recalled", "since": 1}]);
    });
    world.app.deliver_record(answer).await;
    assert!(problems(&world).await.is_empty());
    let path = format!("/v1/checkouts/{}", asked.checkout_id);
    let view = world.client().get(&path).await.expect(200);
    assert_eq!(
        (&view["status"], &view["problems"][0]["trouble"]),
        (&json!("rejected"), &json!("unknown"))
    );
    assert_eq!(world.app.emitted::<OrderRejected>().await.len(), 1);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn money_and_amounts_that_are_not_taken_make_no_order(pool: PgPool) {
    let world = World::open(pool).await;
    let spoilt = |spoil: fn(&mut CheckoutRequested)| {
        let mut cart = world.cart(PaymentMethod::Upi);
        spoil(&mut cart);
        cart
    };
    let carts = [
        spoilt(|cart| cart.payment_method = PaymentMethod::Unknown),
        spoilt(|cart| cart.lines.clear()),
        spoilt(|cart| cart.lines[0].quantity = 0),
        spoilt(|cart| cart.lines[0].quantity = u32::MAX),
        spoilt(|cart| cart.lines[0].unit_price = Money::inr(i64::MAX)),
        spoilt(|cart| cart.lines[0].unit_price = Money::new(49_900, Currency::Usd)),
        spoilt(|cart| {
            cart.expected_total = Money::new(cart.expected_total.minor(), Currency::Usd);
            for line in &mut cart.lines {
                line.unit_price = Money::new(line.unit_price.minor(), Currency::Usd);
            }
        }),
        spoilt(|cart| {
            cart.lines.truncate(1);
            cart.lines[0].unit_price = Money::inr(-100);
            cart.expected_total = Money::inr(-200);
        }),
        spoilt(|cart| {
            cart.lines.truncate(1);
            cart.lines[0].unit_price = Money::inr(0);
            cart.expected_total = Money::inr(0);
        }),
    ];
    for cart in &carts {
        world.app.deliver_record(world.app.record(cart)).await;
    }
    assert_eq!(problems(&world).await, vec!["order/bad-checkout"; carts.len()]);
    let odd = with(world.app.record(&world.cart(PaymentMethod::Upi)), |event| {
        event["expected_total"]["currency"] = json!("XXX");
    });
    world.app.deliver_record(odd).await;
    assert_eq!(problems(&world).await.last().map(String::as_str), Some("event/unreadable"));
    assert_eq!(world.client().get("/v1/orders").await.expect(200)["items"], json!([]));
    assert!(world.app.emitted::<OrderPlaced>().await.is_empty());
    assert!(world.app.emitted::<Reserve>().await.is_empty());
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn odd_texts_in_events_are_shown_as_they_are_or_put_aside(pool: PgPool) {
    let world = World::open(pool).await;
    for text in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "'; drop table orders; --",
        "%s%n {} ${x} {{7*7}}",
        "\u{202e}gpj.exe",
        "\u{1f4e6} आशा",
        "a\r\nBcc: x@y.z",
    ] {
        let mut product = world.shops[0].product.clone();
        product.title = text.into();
        world.app.deliver(product).await;
        let mut vendor = world.shops[0].vendor.clone();
        vendor.display_name = text.into();
        world.app.deliver(vendor).await;
        let order = world.place(PaymentMethod::Upi).await.order;
        let view = world.order(order.order_id).await;
        let part = &view["seller_orders"][0];
        assert_eq!(
            (&part["vendor_name"], &part["lines"][0]["title"]),
            (&json!(text), &json!(text))
        );
    }
    for nul in ["\0", "a\0b"] {
        let mut product = world.shops[1].product.clone();
        product.title = nul.into();
        product.product_id = kernel::ProductId::new();
        world.app.deliver_record(world.app.record(&product)).await;
    }
    assert_eq!(problems(&world).await, ["validation-error"; 2]);
}

/// After a restore the checkout is heard again, perhaps later than what followed from it.
#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_event_about_an_order_that_nobody_placed_waits_for_it(pool: PgPool) {
    let world = World::open(pool).await;
    let mut asked = sample::<Reserve>();
    asked.checkout_id = CheckoutId::new();
    let record = world.app.record(&rejected(&asked, vec![]));
    is_too_early(&world, record).await;
    assert!(world.app.emitted::<OrderRejected>().await.is_empty());
}

async fn is_too_early(world: &World, record: Record) {
    let subscribed = App::subscriptions().of(&world.app.app);
    let consumer = chassis::run::consumer::<App>(world.app.db(), &subscribed, Kind::Effect);
    let taken = consumer.apply(&[record]).await;

    let waits = matches!(
        &taken,
        Err(ApplyError::Handler { problem, .. })
            if (problem.status, problem.slug) == (503, "order/not-yet")
    );
    assert!(waits, "{taken:?}");
}

/// After a restore, what is gone may be heard of before the money that confirmed the order.
#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_is_gone_waits_for_the_confirmation_and_is_then_taken_back(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    let sku = world.shops[0].product.variants[0].sku.clone();
    let (checkout_id, order_id) = (payment.checkout_id, payment.order_id);
    let gone = world.app.record(&CommitFailed { checkout_id, order_id, skus: vec![sku] });
    is_too_early(&world, gone.clone()).await;
    world.app.deliver(captured(&payment)).await;
    assert!(world.app.emitted::<SellerOrderCredited>().await.is_empty());
    world.app.deliver_record(gone).await;
    let credits = world.app.emitted::<SellerOrderCredited>().await;
    assert_eq!(credits.len(), 1);
    assert_eq!(credits[0].cause, CreditCause::Unavailable);
    assert_eq!(credits[0].share, payment.shares[0]);
}
