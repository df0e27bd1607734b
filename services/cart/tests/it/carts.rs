//! Putting things in and taking them out.

use std::collections::BTreeSet;

use axum::http::Method;
use chassis::Service;
use contracts::product::ProductUpserted;
use kernel::Clock;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, refuses_hostile_bodies};

use crate::scene::{Scene, lamp};

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_cart_is_grouped_by_seller_and_adds_up(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    scene.app.clock.advance(jiff::SignedDuration::from_secs(1));
    scene.buyer().put("/v1/cart/lines/BOWL-1", json!({"quantity": 1})).await.expect(200);

    let cart = scene.cart().await;

    let seller = &cart["sellers"][0];
    assert_eq!(cart["sellers"].as_array().unwrap().len(), 1);
    assert_eq!(seller["vendor_name"], "Lotus Home");
    assert_eq!(seller["lines"][0]["sku"], "LAMP-BRASS-18");
    assert_eq!(seller["lines"][0]["quantity"], 2);
    assert_eq!(seller["lines"][0]["flags"], json!([]));
    assert_eq!(seller["lines"][0]["options"], json!({"size": "18 cm"}));
    assert_eq!(seller["subtotal"], json!({"amount": 309_800, "currency": "INR"}));
    assert_eq!(cart["total"], seller["subtotal"]);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn every_change_is_said_with_the_carts_version_and_repeating_it_keeps_the_place(
    pool: PgPool,
) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    scene.two_lamps().await;
    let buyer = scene.buyer();
    buyer.delete("/v1/cart/lines/LAMP-BRASS-18").await.expect(204);

    let emitted = scene.emitted().await;

    let names: Vec<_> = emitted.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["cart.item_added.v1", "cart.item_added.v1", "cart.item_removed.v1"]);
    let first = scene.app.clock.now().as_millisecond();
    let versions: Vec<_> = emitted.iter().map(|(.., body)| body["cart_version"].clone()).collect();
    assert_eq!(versions, [json!(first), json!(first + 1), json!(first + 2)]);
    assert!(emitted.iter().all(|(_, key, _)| *key == scene.buyer.to_string()));
    assert_eq!(scene.cart().await["sellers"], json!([]));
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn fifty_parallel_puts_of_different_lines_all_stay(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.articles(50).await;

    let answers = scene.put(&scene.buyer(), 0..50).await;

    assert!(answers.iter().all(|a| a.status.as_u16() == 200), "{answers:?}");
    let cart = scene.cart().await;
    assert_eq!(cart["sellers"][0]["lines"].as_array().unwrap().len(), 50);
    assert_eq!(cart["version"], scene.app.clock.now().as_millisecond() + 49);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_cart_holds_a_hundred_articles_and_a_guests_that_do_not_fit_stay_with_the_guest(
    pool: PgPool,
) {
    let scene = Scene::set(pool).await;
    scene.articles(102).await;
    let full = |answers: Vec<Answer>| answers.iter().filter(|a| a.status == 409).count();
    assert_eq!(full(scene.put(&scene.buyer(), 0..102).await), 2);
    let guest = scene.app.anonymous().with("x-cart-token", &"g".repeat(43));
    assert_eq!(full(scene.put(&guest, 0..102).await), 2);

    let signed_in = scene.buyer().with("x-cart-token", &"g".repeat(43));
    let merged = signed_in.get("/v1/cart").await.expect(200);

    let skus = |cart: &Value| -> BTreeSet<String> {
        let lines = cart["sellers"][0]["lines"].as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| line["sku"].as_str().unwrap().to_owned()).collect()
    };
    let (mine, left) = (skus(&merged), skus(&guest.get("/v1/cart").await.expect(200)));
    assert_eq!(mine.len(), 100);
    assert!(left.is_disjoint(&mine), "{left:?}");
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_line_takes_no_price_no_currency_and_no_discount(pool: PgPool) {
    let scene = Scene::set(pool).await;
    for member in ["unit_price", "currency", "discount", "total", "vendor_id"] {
        let mut line = json!({ "quantity": 1 });
        line[member] = json!(1);
        scene.buyer().put("/v1/cart/lines/LAMP-BRASS-18", line).await.problem(400, "unknown-field");
    }
    assert_eq!(scene.cart().await["sellers"], json!([]));
    assert!(scene.emitted().await.is_empty());
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_quantity_is_a_whole_number_from_1_to_999(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let put = async |quantity: Value| {
        scene.buyer().put("/v1/cart/lines/LAMP-BRASS-18", json!({ "quantity": quantity })).await
    };
    let wrong =
        ["-1", "0", "1000", "1.5", "\"1\"", "2147483648", "4294967297", "1e10", "1e400", "-0"];
    for text in wrong.into_iter().chain(["null", "true", "[]", "[1]", "{}", "\"\""]) {
        let body = format!("{{\"quantity\":{text}}}").into_bytes();
        let path = "/v1/cart/lines/LAMP-BRASS-18";
        let answer = scene.buyer().send(Method::PUT, path, Some(("application/json", body))).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{text}: {}", answer.text());
    }
    put(Value::Null).await.problem(422, "validation-error");
    put(json!(-1)).await.problem(422, "validation-error");
    put(json!(1e10)).await.problem(422, "validation-error");
    assert_eq!(scene.cart().await["sellers"], json!([]));
    put(json!(999)).await.expect(200);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn hostile_bodies_are_refused_by_every_route_that_takes_one(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let (before, emitted) = (scene.cart().await, scene.emitted().await);
    let buyer = scene.buyer().key("hostile");
    let line = "/v1/cart/lines/LAMP-BRASS-18";
    refuses_hostile_bodies(&buyer, &Method::PUT, line, &json!({ "quantity": 1 })).await;
    let till = "/v1/cart/checkout";
    refuses_hostile_bodies(&buyer, &Method::POST, till, &scene.wish(259_800)).await;
    assert_eq!((scene.cart().await, scene.emitted().await), (before, emitted));
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn names_and_tokens_of_strange_characters_are_refused_and_break_nothing(pool: PgPool) {
    let scene = Scene::set(pool).await;
    for sku in ["%00", "A%00B", "%E2%80%AE", "%F0%9F%98%80", "%FF", "..%2F..%2Fx", "'--"] {
        let answer =
            scene.buyer().put(&format!("/v1/cart/lines/{sku}"), json!({ "quantity": 1 })).await;
        answer.problem(404, "not-found");
    }
    for token in ["short", "with\ttabs, that are not visible", &"x".repeat(10_000)] {
        let guest = scene.app.anonymous().with("x-cart-token", token);
        assert_eq!(guest.get("/v1/cart").await.expect(200)["sellers"], json!([]));
        guest.delete("/v1/cart/lines/LAMP-BRASS-18").await.problem(404, "not-found");
    }
    let long = format!("/v1/cart/lines/{}", "x".repeat(60_000));
    scene.buyer().put(&long, json!({ "quantity": 1 })).await.problem(404, "not-found");
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn hostile_words_in_what_is_overheard_are_shown_as_they_are(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let title = "<img src=x onerror=alert(1)>\u{202e}'; drop table carts; --\u{0}\u{1F600}";
    scene.app.deliver(ProductUpserted { title: title.into(), ..lamp(129_900) }).await;
    scene.two_lamps().await;

    let answer = scene.buyer().get("/v1/cart").await;

    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.expect(200)["sellers"][0]["lines"][0]["title"], title);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn records_that_make_no_sense_are_passed_over_and_the_shelf_stays(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let good = scene.app.record(&lamp(1));
    let mut broken = vec![good.clone(), good.clone(), good.clone(), good];
    broken[0].headers.remove("ce_id");
    broken[1].headers.remove("ce_aggversion");
    broken[2].payload = Some(b"{\"product_id\":".to_vec());
    broken[3].headers.insert("ce_type".into(), "product.upserted.v9".into());
    for record in broken {
        cart::App::subscriptions().of(&scene.app.app).apply_in_memory(&record);
    }
    let cart = scene.cart().await;
    assert_eq!(cart["sellers"][0]["lines"][0]["unit_price"]["amount"], 129_900);
    assert_eq!(cart["sellers"][0]["lines"][0]["flags"], json!([]));
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn what_is_not_for_sale_cannot_be_put_in(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let buyer = scene.buyer();
    let one = json!({ "quantity": 1 });
    buyer.put("/v1/cart/lines/NOBODY-SELLS", &one).await.problem(404, "not-found");
    scene.out_of_stock().await;
    buyer.put("/v1/cart/lines/LAMP-BRASS-18", &one).await.problem(409, "cart/out-of-stock");
    scene.suspended().await;
    buyer.put("/v1/cart/lines/BOWL-1", &one).await.problem(404, "not-found");
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_line_tells_when_its_price_changed_or_it_ran_out_or_left_the_shelf(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let flags = async || scene.cart().await["sellers"][0]["lines"][0]["flags"].clone();

    scene.app.deliver(lamp(139_900)).await;
    assert_eq!(flags().await, json!(["price_changed"]));
    scene.two_lamps().await;
    assert_eq!(flags().await, json!([]));
    scene.out_of_stock().await;
    assert_eq!(flags().await, json!(["out_of_stock"]));
    scene.unlisted().await;
    assert_eq!(flags().await, json!(["price_changed", "out_of_stock", "delisted"]));
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_guest_gets_a_token_and_the_cart_moves_over_at_sign_in_once(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let guest = scene.app.anonymous();
    let put = guest.put("/v1/cart/lines/LAMP-BRASS-18", json!({"quantity": 3})).await;
    let token = put.header("x-cart-token").unwrap().to_owned();
    let guest = guest.with("x-cart-token", &token);
    assert_eq!(guest.get("/v1/cart").await.expect(200)["sellers"][0]["lines"][0]["quantity"], 3);
    scene.two_lamps().await;

    let signed_in = scene.buyer().with("x-cart-token", &token);
    let merged = signed_in.get("/v1/cart").await.expect(200);

    assert_eq!(merged["sellers"][0]["lines"][0]["quantity"], 3, "the larger quantity stays");
    assert_eq!(guest.get("/v1/cart").await.expect(200)["sellers"], json!([]));
    assert_eq!(signed_in.get("/v1/cart").await.expect(200)["version"], merged["version"]);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn carts_are_their_owners_own_and_a_wrong_token_is_refused(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    assert_eq!(scene.app.as_buyer().get("/v1/cart").await.expect(200)["sellers"], json!([]));
    assert_eq!(scene.app.anonymous().get("/v1/cart").await.expect(200)["sellers"], json!([]));
    let forger = scene.app.anonymous().with("authorization", "Bearer not-a-token");
    forger.get("/v1/cart").await.problem(401, "unauthenticated");
    scene.app.as_buyer().delete("/v1/cart/lines/LAMP-BRASS-18").await.problem(404, "not-found");
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn clearing_empties_the_cart(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    scene.buyer().delete("/v1/cart").await.expect(204);
    assert_eq!(scene.cart().await["sellers"], json!([]));
}
