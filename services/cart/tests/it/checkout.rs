//! The till.

use contracts::Event;
use contracts::order::OrderRejected;
use contracts::product::{LineTrouble, Trouble};
use futures::future::join_all;
use serde_json::json;

use crate::scene::{Scene, lamp};

#[tokio::test]
async fn a_checkout_freezes_what_the_buyer_saw_and_empties_the_cart() {
    let scene = Scene::set().await;
    scene.two_lamps().await;

    let buyer = scene.app.as_user(scene.buyer).key("k-1");
    let answer = buyer.post("/v1/cart/checkout", scene.wish(259_800)).await.expect(202);

    let (name, key, body) = scene.said().await.pop().unwrap();
    assert_eq!(name, "cart.checkout_requested.v1");
    assert_eq!(answer["checkout_id"], key.as_str());
    assert_eq!(body["buyer"], scene.buyer.to_string());
    assert_eq!(body["payment_method"], "upi");
    assert_eq!(body["lines"][0]["unit_price"]["amount"], 129_900);
    assert_eq!(body["expected_total"]["amount"], 259_800);
    assert_eq!(scene.cart().await["sellers"], json!([]));
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_in_sequence_and_twenty_in_parallel() {
    let scene = Scene::set().await;
    scene.two_lamps().await;
    let buyer = scene.app.as_user(scene.buyer).key("k-1");

    let asks = (0..20).map(|_| buyer.post("/v1/cart/checkout", scene.wish(259_800)));
    let answers: Vec<_> = join_all(asks).await;
    let again = buyer.post("/v1/cart/checkout", scene.wish(259_800)).await;

    let checkouts: Vec<_> = answers.iter().map(|a| a.value()["checkout_id"].clone()).collect();
    assert!(checkouts.iter().all(|c| c.is_string() && *c == checkouts[0]), "{checkouts:?}");
    let first = answers.iter().filter(|a| a.header("idempotency-replayed").is_none()).count();
    assert_eq!(first, 1);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let said = scene.said().await;
    let requests = said.iter().filter(|(name, ..)| name == "cart.checkout_requested.v1").count();
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn the_same_key_with_another_body_and_no_key_at_all_are_refused() {
    let scene = Scene::set().await;
    scene.two_lamps().await;
    let buyer = scene.app.as_user(scene.buyer);
    let keyless = buyer.post("/v1/cart/checkout", scene.wish(259_800)).await;
    let _ = keyless.problem(422, "idempotency/key-required");
    let buyer = buyer.key("k-1");
    let _ = buyer.post("/v1/cart/checkout", scene.wish(259_800)).await.expect(202);
    let other = buyer.post("/v1/cart/checkout", scene.wish(1)).await;
    let _ = other.problem(422, "idempotency/key-reused");
}

#[tokio::test]
async fn an_empty_cart_another_total_and_a_changed_price_are_refused() {
    let scene = Scene::set().await;
    let buyer = scene.app.as_user(scene.buyer).key("k-1");
    let _ = buyer.post("/v1/cart/checkout", scene.wish(0)).await.problem(409, "cart/empty");
    scene.two_lamps().await;
    let _ = buyer
        .post("/v1/cart/checkout", scene.wish(259_801))
        .await
        .problem(409, "cart/price-changed");

    scene.app.hear(lamp(139_900)).await;
    let changed = buyer.post("/v1/cart/checkout", scene.wish(259_800)).await;

    let problem = changed.problem(409, "cart/price-changed");
    assert!(problem["detail"].as_str().unwrap().contains("2,798.00"), "{problem}");
    let _ = buyer.post("/v1/cart/checkout", scene.wish(279_800)).await.expect(202);
}

#[tokio::test]
async fn a_line_that_ran_out_or_left_the_shelf_stops_the_checkout_and_is_named() {
    let scene = Scene::set().await;
    scene.two_lamps().await;
    scene.out_of_stock().await;
    let buyer = scene.app.as_user(scene.buyer).key("k-1");
    let problem = buyer
        .post("/v1/cart/checkout", scene.wish(259_800))
        .await
        .problem(409, "cart/lines-flagged");
    assert_eq!(problem["errors"][0]["pointer"], "/lines/LAMP-BRASS-18");
    assert_eq!(scene.cart().await["sellers"][0]["lines"][0]["quantity"], 2, "the cart stays");
}

#[tokio::test]
async fn somebody_elses_address_is_no_address() {
    let scene = Scene::set().await;
    scene.two_lamps().await;
    let mut wish = scene.wish(259_800);
    wish["address_id"] = json!(kernel::AddressId::new());
    let buyer = scene.app.as_user(scene.buyer).key("k-1");
    let _ = buyer.post("/v1/cart/checkout", wish).await.problem(404, "not-found");
    assert_eq!(scene.said().await.len(), 1, "nothing but the added line was said");
}

#[tokio::test]
async fn a_rejected_order_brings_the_lines_back_flagged_once() {
    let scene = Scene::set().await;
    let rejected = OrderRejected {
        buyer: scene.buyer,
        problems: vec![LineTrouble {
            trouble: Trouble::OutOfStock,
            price: None,
            ..OrderRejected::sample().problems.remove(0)
        }],
        ..OrderRejected::sample()
    };
    scene.app.hear(rejected.clone()).await;
    scene.app.hear(rejected).await;

    let cart = scene.cart().await;

    assert_eq!(cart["version"], 1, "the second time changes nothing");
    assert_eq!(cart["sellers"][0]["lines"][0]["flags"], json!(["out_of_stock"]));
    scene.two_lamps().await;
    assert_eq!(
        scene.cart().await["sellers"][0]["lines"][0]["flags"],
        json!([]),
        "setting it again clears the flag"
    );
}

#[tokio::test]
async fn a_checkout_needs_somebody_who_is_signed_in() {
    let scene = Scene::set().await;
    let guest = scene.app.anonymous().key("k-1");
    let _ = guest.post("/v1/cart/checkout", scene.wish(1)).await.problem(401, "unauthenticated");
}
