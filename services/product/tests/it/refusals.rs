//! Who may not, and what is nobody's business.

use axum::http::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client};

use crate::stage::{Seller, lamp, open};

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
        let _ = anonymous.problem(401, "unauthenticated");
        let _ = send(&mall.as_buyer(), &route).await.problem(403, "forbidden");
        let _ = send(&mall.as_staff(chassis::auth::callers::may::ALL), &route)
            .await
            .problem(403, "forbidden");
        let _ = send(&stranger.client, &route).await.problem(404, "not-found");
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
async fn bodies_that_are_no_json_are_refused(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let path = seller.path("/products");
    let cases: [(&str, &[u8], u16, &str); 4] = [
        ("application/json", b"{", 400, "malformed-body"),
        ("application/json", b"", 400, "malformed-body"),
        ("application/json", b"[]", 422, "validation-error"),
        ("text/plain", b"{}", 415, "unsupported-media-type"),
    ];
    for (media, body, status, slug) in cases {
        let answer = seller.client.send(Method::POST, &path, Some((media, body.to_vec()))).await;
        let _ = answer.problem(status, slug);
    }
    let _ = seller.client.delete(&path).await.problem(405, "method-not-allowed");
}
