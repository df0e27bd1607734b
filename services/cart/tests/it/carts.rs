//! Putting things in and taking them out.

use contracts::Event;
use contracts::vendor::{VendorChanged, VendorStatus};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::scene::{Scene, lamp};

#[tokio::test]
async fn a_cart_is_grouped_by_seller_and_adds_up() {
    let scene = Scene::set().await;
    scene.two_lamps().await;
    scene.app.clock.advance(jiff::SignedDuration::from_secs(1));
    let _ = scene
        .app
        .as_user(scene.buyer)
        .put("/v1/cart/lines/BOWL-1", json!({"quantity": 1}))
        .await
        .expect(200);

    let cart = scene.cart().await;

    let seller = &cart["sellers"][0];
    assert_eq!(cart["sellers"].as_array().unwrap().len(), 1);
    assert_eq!(seller["vendor_name"], "Lotus Home");
    assert_eq!(seller["lines"][0]["sku"], "LAMP-BRASS-18");
    assert_eq!(seller["lines"][0]["quantity"], 2);
    assert_eq!(seller["lines"][0]["flags"], json!([]));
    assert_eq!(seller["subtotal"], json!({"amount": 309_800, "currency": "INR"}));
    assert_eq!(cart["total"], seller["subtotal"]);
}

#[tokio::test]
async fn every_change_is_said_with_the_carts_version_and_repeating_it_keeps_the_place() {
    let scene = Scene::set().await;
    scene.two_lamps().await;
    scene.two_lamps().await;
    let buyer = scene.app.as_user(scene.buyer);
    let _ = buyer.delete("/v1/cart/lines/LAMP-BRASS-18").await.expect(204);

    let said = scene.said().await;

    let names: Vec<_> = said.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["cart.item_added.v1", "cart.item_added.v1", "cart.item_removed.v1"]);
    let versions: Vec<_> = said.iter().map(|(.., body)| body["cart_version"].clone()).collect();
    assert_eq!(versions, [json!(1), json!(2), json!(3)]);
    assert!(said.iter().all(|(_, key, _)| *key == scene.buyer.to_string()));
    assert_eq!(scene.cart().await["sellers"], json!([]));
}

#[tokio::test]
async fn fifty_parallel_puts_of_different_lines_all_stay() {
    let scene = Scene::set().await;
    for n in 0..50 {
        let mut product = lamp(1000 + n);
        product.product_id = kernel::ProductId::new();
        product.variants[0].sku = kernel::Sku::parse(&format!("P-{n}")).unwrap();
        let sku = product.variants[0].sku.clone();
        scene.app.hear(product).await;
        scene.app.hear(contracts::product::StockLevelChanged { sku, ..Event::sample() }).await;
    }
    let buyer = scene.app.as_user(scene.buyer);

    let puts =
        (0..50).map(|n| {
            let buyer = buyer.clone();
            async move {
                buyer.put(&format!("/v1/cart/lines/P-{n}"), json!({"quantity": 1})).await.status
            }
        });
    let statuses = join_all(puts).await;

    assert!(statuses.iter().all(|s| s.as_u16() == 200), "{statuses:?}");
    let cart = scene.cart().await;
    assert_eq!(cart["sellers"][0]["lines"].as_array().unwrap().len(), 50);
    assert_eq!(cart["version"], 50);
}

#[tokio::test]
async fn wrong_quantities_and_unknown_members_are_refused() {
    let scene = Scene::set().await;
    let buyer = scene.app.as_user(scene.buyer);
    for quantity in [
        json!(0),
        json!(-1),
        json!(1.5),
        json!("1"),
        json!(2_147_483_648_i64),
        json!(1e10),
        Value::Null,
    ] {
        let answer =
            buyer.put("/v1/cart/lines/LAMP-BRASS-18", json!({ "quantity": quantity })).await;
        let _ = answer.problem(422, "validation-error");
    }
    let priced = json!({ "quantity": 1, "unit_price": 1 });
    let _ = buyer.put("/v1/cart/lines/LAMP-BRASS-18", priced).await.problem(400, "unknown-field");
    assert_eq!(scene.cart().await["sellers"], json!([]));
}

#[tokio::test]
async fn what_is_not_for_sale_cannot_be_put_in() {
    let scene = Scene::set().await;
    let buyer = scene.app.as_user(scene.buyer);
    let one = json!({ "quantity": 1 });
    let _ = buyer.put("/v1/cart/lines/NOBODY-SELLS", &one).await.problem(404, "not-found");
    scene.out_of_stock().await;
    let _ = buyer.put("/v1/cart/lines/LAMP-BRASS-18", &one).await.problem(409, "cart/out-of-stock");
    scene
        .app
        .hear(VendorChanged { status: VendorStatus::Suspended, ..VendorChanged::sample() })
        .await;
    let _ = buyer.put("/v1/cart/lines/BOWL-1", &one).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_line_tells_when_its_price_changed_or_it_ran_out_or_left_the_shelf() {
    let scene = Scene::set().await;
    scene.two_lamps().await;
    let flags = async || scene.cart().await["sellers"][0]["lines"][0]["flags"].clone();

    scene.app.hear(lamp(139_900)).await;
    assert_eq!(flags().await, json!(["price_changed"]));
    scene.two_lamps().await;
    assert_eq!(flags().await, json!([]));
    scene.out_of_stock().await;
    assert_eq!(flags().await, json!(["out_of_stock"]));
    scene.unlisted().await;
    assert_eq!(flags().await, json!(["price_changed", "out_of_stock", "delisted"]));
}

#[tokio::test]
async fn a_guest_gets_a_token_and_the_cart_moves_over_at_sign_in_once() {
    let scene = Scene::set().await;
    let guest = scene.app.anonymous();
    let put = guest.put("/v1/cart/lines/LAMP-BRASS-18", json!({"quantity": 3})).await;
    let token = put.header("x-cart-token").unwrap().to_owned();
    let guest = guest.with("x-cart-token", &token);
    assert_eq!(guest.get("/v1/cart").await.expect(200)["sellers"][0]["lines"][0]["quantity"], 3);
    scene.two_lamps().await;

    let signed_in = scene.app.as_user(scene.buyer).with("x-cart-token", &token);
    let merged = signed_in.get("/v1/cart").await.expect(200);

    assert_eq!(merged["sellers"][0]["lines"][0]["quantity"], 3, "the larger quantity stays");
    assert_eq!(guest.get("/v1/cart").await.expect(200)["sellers"], json!([]));
    assert_eq!(signed_in.get("/v1/cart").await.expect(200)["version"], merged["version"]);
}

#[tokio::test]
async fn carts_are_their_owners_own_and_a_wrong_token_is_refused() {
    let scene = Scene::set().await;
    scene.two_lamps().await;
    assert_eq!(scene.app.as_buyer().get("/v1/cart").await.expect(200)["sellers"], json!([]));
    assert_eq!(scene.app.anonymous().get("/v1/cart").await.expect(200)["sellers"], json!([]));
    let forger = scene.app.anonymous().with("authorization", "Bearer not-a-token");
    let _ = forger.get("/v1/cart").await.problem(401, "unauthenticated");
    let _ =
        scene.app.as_buyer().delete("/v1/cart/lines/LAMP-BRASS-18").await.problem(404, "not-found");
}

#[tokio::test]
async fn clearing_empties_the_cart() {
    let scene = Scene::set().await;
    scene.two_lamps().await;
    let _ = scene.app.as_user(scene.buyer).delete("/v1/cart").await.expect(204);
    assert_eq!(scene.cart().await["sellers"], json!([]));
}
