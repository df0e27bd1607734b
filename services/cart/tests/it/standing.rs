//! What a buyer may have open at once.

use cart::Config;
use contracts::cart::PaymentMethod;
use contracts::order::{
    CreditCause, OrderCancelled, OrderConfirmed, OrderFact, OrderRejected, SellerOrderCredited,
    SellerOrderDelivered, SellerOrderRef,
};
use jiff::SignedDuration;
use kernel::{Clock, CreditId, OrderId, SellerOrderId};
use serde_json::json;
use sqlx::PgPool;
use testkit::{Answer, TestApp, sample, servers};

use crate::scene::{Scene, config};

/// The true settings.
async fn strict(pool: PgPool) -> Scene {
    let config = Config { unpaid_orders: 3, cash_orders: 3, cash_turned_away: 2, ..config() };
    Scene::over(TestApp::start(pool, config.clone()).await, config).await
}

/// Checks two lamps out.
async fn buy(scene: &Scene, method: &str) -> Answer {
    scene.two_lamps().await;
    let mut wish = scene.wish(259_800);
    wish["payment_method"] = json!(method);
    scene.buyer().key(&servers::unique()).post("/v1/cart/checkout", wish).await
}

/// The order that was made of a checkout, with one part.
async fn order(scene: &Scene, method: &str) -> OrderFact {
    let answer = buy(scene, method).await.expect(202);
    let mut order = sample::<OrderConfirmed>().order;
    order.checkout_id = answer["checkout_id"].as_str().unwrap().parse().unwrap();
    order.order_id = OrderId::new();
    order.buyer = scene.buyer;
    order.payment_method = if method == "cod" { PaymentMethod::Cod } else { PaymentMethod::Upi };
    order.parts.truncate(1);
    order.parts[0].seller_order_id = SellerOrderId::new();
    order
}

async fn confirmed(scene: &Scene, method: &str) -> OrderFact {
    let order = order(scene, method).await;
    let confirmed_at = scene.app.clock.now();
    scene.app.deliver(OrderConfirmed { order: order.clone(), confirmed_at, ..sample() }).await;
    order
}

fn part(scene: &Scene, order: &OrderFact) -> SellerOrderRef {
    SellerOrderRef {
        checkout_id: order.checkout_id,
        order_id: order.order_id,
        seller_order_id: order.parts[0].seller_order_id,
        buyer: order.buyer,
        at: scene.app.clock.now(),
        ..sample::<SellerOrderDelivered>().seller_order
    }
}

async fn delivered(scene: &Scene, order: &OrderFact) {
    let seller_order = part(scene, order);
    scene.app.deliver(SellerOrderDelivered { seller_order, ..sample() }).await;
}

async fn credited(scene: &Scene, order: &OrderFact, cause: CreditCause) {
    let (seller_order, credit_id) = (part(scene, order), CreditId::new());
    let credit = SellerOrderCredited { seller_order, credit_id, cause, ended: true, ..sample() };
    scene.app.deliver(credit).await;
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn three_orders_may_be_unpaid_and_the_fourth_waits_for_an_answer(pool: PgPool) {
    let scene = strict(pool).await;
    let orders =
        [order(&scene, "upi").await, order(&scene, "upi").await, order(&scene, "upi").await];
    for method in ["upi", "cod"] {
        let refused = buy(&scene, method).await.problem(409, "cart/unpaid-orders");
        assert_eq!(
            refused["detail"],
            "3 orders at most may be unpaid at once; pay for one, or cancel it"
        );
    }
    assert_ne!(scene.cart().await["sellers"], json!([]), "the cart is as it was");

    let (checkout_id, buyer) = (orders[0].checkout_id, scene.buyer);
    scene.app.deliver(OrderCancelled { checkout_id, buyer, ..sample() }).await;
    let paid = confirmed(&scene, "upi").await;
    order(&scene, "upi").await;
    buy(&scene, "upi").await.problem(409, "cart/unpaid-orders");
    delivered(&scene, &paid).await;
    let checkout_id = orders[1].checkout_id;
    scene.app.deliver(OrderRejected { checkout_id, buyer, ..sample() }).await;
    buy(&scene, "upi").await.expect(202);

    // Others are not concerned, and whoever is not answered for an hour is not locked out.
    buy(&scene, "upi").await.problem(409, "cart/unpaid-orders");
    scene.app.clock.advance(SignedDuration::from_hours(1));
    buy(&scene, "upi").await.expect(202);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn three_orders_may_be_on_their_way_in_cash(pool: PgPool) {
    let scene = strict(pool).await;
    let first = confirmed(&scene, "cod").await;
    let second = confirmed(&scene, "cod").await;
    order(&scene, "cod").await;
    let refused = buy(&scene, "cod").await.problem(409, "cart/cash-not-offered");
    assert!(refused["detail"].as_str().unwrap().starts_with("3 orders at most"), "{refused}");
    assert_ne!(scene.cart().await["sellers"], json!([]), "the cart is as it was");
    confirmed(&scene, "upi").await;

    delivered(&scene, &first).await;
    confirmed(&scene, "cod").await;
    buy(&scene, "cod").await.problem(409, "cart/cash-not-offered");
    credited(&scene, &second, CreditCause::BuyerCancelled).await;
    buy(&scene, "cod").await.expect(202);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn who_turned_two_parcels_away_pays_before_for_ninety_days(pool: PgPool) {
    let scene = strict(pool).await;
    for _ in 0..2 {
        let order = confirmed(&scene, "cod").await;
        credited(&scene, &order, CreditCause::ReturnedToOrigin).await;
        scene.app.clock.advance(SignedDuration::from_hours(24));
    }
    let refused = buy(&scene, "cod").await.problem(409, "cart/cash-not-offered");
    assert!(refused["detail"].as_str().unwrap().contains("were not taken"), "{refused}");
    // What was paid before and was not taken is another matter.
    let paid = confirmed(&scene, "upi").await;
    credited(&scene, &paid, CreditCause::ReturnedToOrigin).await;
    scene.app.clock.advance(SignedDuration::from_hours(88 * 24));
    buy(&scene, "cod").await.expect(202);
}
