//! From held stock to a confirmed order.

use contracts::cart::PaymentMethod;
use contracts::order::{CreditCause, OrderCancelled, OrderConfirmed, SellerOrderCredited};
use contracts::payment::{
    CodRefused, CreatePayment, PaymentCreated, PaymentMismatch, PaymentUnclaimed,
};
use contracts::product::{CommitFailed, Reserve};
use kernel::{Money, PaymentId};
use serde_json::json;
use sqlx::PgPool;

use crate::world::{
    World, cancelled, cancels, captured, cod_accepted, payment_ref, rejected, reserved,
};

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn held_stock_asks_for_one_payment_with_a_share_for_each_seller(pool: PgPool) {
    let world = World::open(pool).await;
    let placed = world.place(PaymentMethod::Upi).await.order;
    let asked = world.app.emitted::<Reserve>().await.remove(0);
    world.app.deliver(reserved(&asked)).await;
    world.app.deliver(reserved(&asked)).await;

    let payments = world.app.emitted::<CreatePayment>().await;
    assert_eq!(payments.len(), 1);
    let payment = &payments[0];
    assert_eq!(payment.amount, placed.total);
    assert_eq!(payment.order_number, placed.number);
    let shares: Vec<_> = placed.parts.iter().map(|part| part.share).collect();
    assert_eq!(payment.shares, shares);
    assert_eq!(payment.expires_at.to_string(), "2026-11-22T12:15:00Z");
    assert_eq!(
        world.history(placed.order_id).await,
        ["placed", "reserving", "reserved", "awaiting_payment"]
    );
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn money_that_does_not_fit_is_told_in_the_timeline(pool: PgPool) {
    let world = World::open(pool).await;
    let asked = world.await_payment(PaymentMethod::Upi).await;
    let (payment, received) = (payment_ref(&asked), Money::inr(40_000));
    let mismatch = PaymentMismatch { payment: payment.clone(), received, ..testkit::sample() };
    world.app.deliver(mismatch).await;
    world.app.deliver(PaymentUnclaimed { payment, received, ..testkit::sample() }).await;
    let path = format!("/v1/orders/{}/timeline?limit=100", asked.order_id);
    let timeline = world.client().get(&path).await.expect(200);
    let steps = timeline["items"].as_array().unwrap();
    let told: Vec<_> = steps.iter().map(|step| step["text"].as_str().unwrap()).collect();
    assert_eq!(
        told[told.len() - 2..],
        [
            "Money came that is not what was asked for, and a person looks at it: ₹400.00.",
            "Money came that the order does not need, and it goes back: ₹400.00.",
        ]
    );
    assert_eq!(world.order(asked.order_id).await["status"], "awaiting_payment");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_payment_window_never_outlives_the_hold(pool: PgPool) {
    let world = World::open(pool).await;
    let placed = world.place(PaymentMethod::Upi).await.order;
    let asked = world.app.emitted::<Reserve>().await.remove(0);
    world.wait(600);
    world.app.deliver(reserved(&asked)).await;
    let payment = world.app.emitted::<CreatePayment>().await.remove(0);
    assert_eq!(payment.expires_at, asked.expires_at);
    assert_eq!(payment.order_id, placed.order_id);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_buyer_sees_how_to_pay(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    let path = format!("/v1/checkouts/{}", payment.checkout_id);
    let before = world.client().get(&path).await.expect(200);
    assert_eq!(before["status"], "awaiting_payment");
    assert!(before["payment"].get("upi_intent").is_none());

    world
        .app
        .deliver(PaymentCreated {
            payment: payment_ref(&payment),
            provider_order_id: "order_1".into(),
            upi_intent: "upi://pay?pa=mall@upi".into(),
            expires_at: payment.expires_at,
        })
        .await;
    let view = world.client().get(&path).await.expect(200);
    assert_eq!(view["payment"]["payment_id"], payment.payment_id.to_string());
    assert_eq!(view["payment"]["method"], "upi");
    assert_eq!(view["payment"]["upi_intent"], "upi://pay?pa=mall@upi");
    assert_eq!(view["payment"]["expires_at"], "2026-11-22T12:15:00Z");
    let order = world.order(payment.order_id).await;
    assert_eq!(order["payment"]["status"], "created");

    // What cannot be paid any more shows no way to pay.
    world.app.deliver(captured(&payment)).await;
    let view = world.client().get(&path).await.expect(200);
    assert_eq!(view["status"], "confirmed");
    assert!(view["payment"].get("upi_intent").is_none(), "{view}");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_captured_payment_confirms_once_and_tells_the_whole_order(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    for _ in 0..3 {
        world.app.deliver(captured(&payment)).await;
    }
    let emitted = world.app.emitted::<OrderConfirmed>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].payment_id, payment.payment_id);
    let shares: Vec<_> = emitted[0].order.parts.iter().map(|part| part.share).collect();
    assert_eq!(shares, payment.shares);

    let order = world.order(payment.order_id).await;
    assert_eq!(
        (&order["status"], &order["payment"]["status"]),
        (&"confirmed".into(), &"captured".into())
    );
    for part in order["seller_orders"].as_array().unwrap() {
        assert_eq!(part["status"], "confirmed");
    }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn cash_on_delivery_is_confirmed_when_it_is_accepted(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Cod).await;
    assert_eq!(payment.method, PaymentMethod::Cod);
    world.app.deliver(cod_accepted(&payment)).await;
    assert_eq!(world.app.emitted::<OrderConfirmed>().await.len(), 1);
    assert_eq!(
        world.history(payment.order_id).await,
        ["placed", "reserving", "reserved", "awaiting_cod_ok", "confirmed"]
    );
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn cash_on_delivery_that_is_not_granted_cancels(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Cod).await;
    let refused = CodRefused { payment: payment_ref(&payment), reason: "over-limit".into() };
    world.app.deliver(refused.clone()).await;
    world.app.deliver(refused).await;
    let emitted = world.app.emitted::<OrderCancelled>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].reason, contracts::order::CancelReason::CodRefused);
    let order = world.order(payment.order_id).await;
    assert_eq!(order["payment"]["status"], "cod_refused");
    assert_eq!(order["seller_orders"][0]["status"], "cancelled");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn another_amount_or_another_payment_confirms_nothing(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    let mut little = captured(&payment);
    little.payment.amount = Money::inr(100);
    world.app.deliver(little).await;
    let mut other = captured(&payment);
    other.payment.payment_id = PaymentId::new();
    world.app.deliver(other).await;
    assert!(world.app.emitted::<OrderConfirmed>().await.is_empty());
    assert_eq!(world.order(payment.order_id).await["status"], "awaiting_payment");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn late_and_contradicting_answers_change_nothing(pool: PgPool) {
    let world = World::open(pool).await;
    let placed = world.place(PaymentMethod::Upi).await.order;
    let asked = world.app.emitted::<Reserve>().await.remove(0);
    world.app.deliver(reserved(&asked)).await;
    let payment = world.app.emitted::<CreatePayment>().await.remove(0);
    world.app.deliver(captured(&payment)).await;
    let before = world.order(placed.order_id).await;

    world.app.deliver(rejected(&asked, vec![])).await;
    world.app.deliver(reserved(&asked)).await;
    world.app.deliver(cancelled(&payment)).await;
    world.wait(10_000);
    world.app.run_timers().await;

    assert_eq!(world.order(placed.order_id).await, before);
    assert!(world.app.emitted::<OrderCancelled>().await.is_empty());
    assert!(cancels(&world).await.is_empty());
    let history = world.history(placed.order_id).await;
    assert_eq!(history.last().map(String::as_str), Some("confirmed"));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_is_gone_after_the_confirmation_is_taken_back_and_the_rest_goes_on(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let sku = order.parts[0].lines[0].sku.clone();
    world
        .app
        .deliver(CommitFailed {
            checkout_id: order.checkout_id,
            order_id: order.order_id,
            skus: vec![sku.clone()],
        })
        .await;
    let path = format!("/v1/orders/{}/timeline?limit=100", order.order_id);
    let timeline = world.client().get(&path).await.expect(200);
    let steps = timeline["items"].as_array().unwrap();
    let told = steps.iter().find(|step| step["detail"] == sku.to_string()).unwrap();
    assert_eq!(told["cause"], "stock.commit_failed");

    let credits = world.app.emitted::<SellerOrderCredited>().await;
    assert_eq!(credits.len(), 1);
    assert_eq!(credits[0].cause, CreditCause::Unavailable);
    assert_eq!(credits[0].share.gross, order.parts[0].total);
    assert_eq!(credits[0].seller_order.seller_order_id, order.parts[0].seller_order_id);
    let seen = world.order(order.order_id).await;
    assert_eq!(seen["status"], "confirmed");
    for part in seen["seller_orders"].as_array().unwrap() {
        let gone = part["seller_order_id"] == json!(order.parts[0].seller_order_id);
        assert_eq!(part["status"], if gone { "unavailable" } else { "confirmed" });
    }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_checkout_of_three_sellers_costs_four_events_of_ours(pool: PgPool) {
    let world = World::open(pool).await;
    world.app.deliver(world.cart(PaymentMethod::Upi)).await;
    let mut names = world.app.emitted_names().await;
    let asked = world.app.emitted::<Reserve>().await.remove(0);
    world.app.deliver(reserved(&asked)).await;
    let payment = world.app.emitted::<CreatePayment>().await.remove(0);
    names.push("payment.create.v1".into());
    world.app.deliver(captured(&payment)).await;
    names.extend(world.app.emitted_names().await.into_iter().filter(|n| n != "order.placed.v1"));
    assert_eq!(
        names,
        ["order.placed.v1", "stock.reserve.v1", "payment.create.v1", "order.confirmed.v1"]
    );
}
