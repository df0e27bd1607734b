//! Who may not, and what is nobody's business.

use axum::http::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client, refuses_hostile_bodies};

use crate::stage::{Seller, forget, lamp, open};

/// Every route of sellers, with a body that would be taken.
fn routes(seller: &Seller, product: &str) -> Vec<(Method, String, Value)> {
    let price = json!({ "price": { "amount": 100, "currency": "INR" } });
    vec![
        (Method::POST, seller.path("/products"), lamp(&["NEW"])),
        (Method::GET, seller.path("/products"), Value::Null),
        (Method::GET, seller.path(&format!("/products/{product}")), Value::Null),
        (Method::PATCH, seller.path(&format!("/products/{product}")), json!({ "title": "Mine" })),
        (Method::POST, seller.path(&format!("/products/{product}/propose")), json!({})),
        (Method::PUT, seller.path("/prices/LAMP"), price),
        (
            Method::POST,
            seller.path("/stock/LAMP/movements"),
            json!({ "quantity": 1, "reason": "x" }),
        ),
        (Method::GET, seller.path("/stock/LAMP"), Value::Null),
    ]
}

async fn send(client: &Client, (method, path, body): &(Method, String, Value)) -> Answer {
    let bytes = (!body.is_null()).then(|| ("application/json", body.to_string().into_bytes()));
    client.send(method.clone(), path, bytes).await
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn sellers_routes_are_closed_to_everybody_else(pool: PgPool) {
    let mall = open(pool).await;
    let owner = Seller::approved(&mall).await;
    let id = owner.draft(lamp(&["LAMP"])).await.to_string();
    let stranger = Seller::approved(&mall).await;
    let before = owner.client.get(&owner.path(&format!("/products/{id}"))).await.expect(200);
    for route in routes(&owner, &id) {
        let anonymous = send(&mall.anonymous(), &route).await;
        assert!(anonymous.header("www-authenticate").is_some(), "{route:?}");
        anonymous.problem(401, "unauthenticated");
        send(&mall.as_buyer(), &route).await.problem(403, "forbidden");
        send(&mall.as_staff(chassis::auth::callers::may::ALL), &route)
            .await
            .problem(403, "forbidden");
        send(&stranger.client, &route).await.problem(404, "not-found");
    }
    let after = owner.client.get(&owner.path(&format!("/products/{id}"))).await.expect(200);
    assert_eq!(before, after);
    assert_eq!(owner.counters("LAMP").await, [0, 0, 0, 0]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn through_the_own_door_nothing_of_others_is_reached(pool: PgPool) {
    let mall = open(pool).await;
    let owner = Seller::approved(&mall).await;
    let id = owner.draft(lamp(&["LAMP"])).await.to_string();
    let stranger = Seller::approved(&mall).await;
    let missing = Seller::approved(&mall).await;
    let reaching: Vec<_> = routes(&stranger, &id)
        .into_iter()
        .filter(|(_, path, _)| !path.ends_with("/products"))
        .collect();
    assert_eq!(reaching.len(), 6);
    for route in reaching {
        let theirs = send(&stranger.client, &route).await;
        let path =
            route.1.replace(&id, &kernel::ProductId::new().to_string()).replace("LAMP", "GHOST");
        let nothing = (
            route.0.clone(),
            path.replace(&stranger.id.to_string(), &missing.id.to_string()),
            route.2,
        );
        let nobodys = send(&missing.client, &nothing).await;
        let same = |answer: Answer| {
            let mut problem = answer.problem(404, "not-found");
            for member in ["instance", "trace_id"] {
                problem.as_object_mut().expect("an object").remove(member);
            }
            problem
        };
        assert_eq!(same(theirs), same(nobodys), "theirs and nobody's look the same");
    }
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn hostile_bodies_are_refused_by_every_route_that_takes_one(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let id = seller.draft(lamp(&["LAMP"])).await.to_string();
    forget(&mall).await;
    let before = seller.client.get(&seller.path("/products")).await.expect(200);
    let client = seller.client.clone().key("hostile");
    for (method, path, good) in routes(&seller, &id) {
        if !good.is_null() {
            refuses_hostile_bodies(&client, &method, &path, &good).await;
        }
    }
    assert_eq!(seller.client.get(&seller.path("/products")).await.expect(200), before);
    assert_eq!(seller.counters("LAMP").await, [0, 0, 0, 0]);
    assert!(mall.emitted_names().await.is_empty());
    client.delete(&seller.path("/products")).await.problem(405, "method-not-allowed");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn ten_thousand_movements_where_one_is_expected_are_refused(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    seller.draft(lamp(&["LAMP"])).await;
    let path = seller.path("/stock/LAMP/movements");
    let one = json!({ "quantity": 1, "reason": "x" });
    let many = seller.client.post(&path, vec![&one; 10_000]).await;
    many.problem(413, "payload-too-large");
    let some = seller.client.post(&path, vec![&one; 100]).await;
    some.problem(400, "malformed-body");
    // Members by their places.
    seller.client.post(&path, json!([1, "x"])).await.problem(400, "malformed-body");
    assert_eq!(seller.counters("LAMP").await, [0, 0, 0, 0]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn fifty_skus_of_which_one_is_somebody_elses_are_refused_as_a_whole(pool: PgPool) {
    let mall = open(pool).await;
    let (owner, stranger) = (Seller::approved(&mall).await, Seller::approved(&mall).await);
    owner.sells(&mall, &["L-25"], 7).await;
    let skus: Vec<String> = (0..50).map(|n| format!("L-{n}")).collect();
    let skus: Vec<&str> = skus.iter().map(String::as_str).collect();

    let refused = stranger.client.post(&stranger.path("/products"), lamp(&skus)).await;

    let problem = refused.problem(409, "product/sku-taken");
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1), "{problem}");
    assert!(!problem.to_string().contains(&owner.id.to_string()), "{problem}");
    let mine = stranger.client.get(&stranger.path("/products")).await.expect(200);
    assert_eq!(mine["items"], json!([]));
    assert!(mall.emitted_names().await.is_empty());
    assert_eq!(owner.counters("L-25").await, [7, 0, 0, 0]);
}
