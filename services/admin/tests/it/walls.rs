//! Who may not.

use admin::{App, Config};
use axum::http::Method;
use kernel::VendorId;
use serde_json::json;
use sqlx::PgPool;
use testkit::TestApp;

const ID: &str = "01934e5f-0000-7000-8000-000000000001";

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn every_route_refuses_strangers_buyers_sellers_and_staff_without_the_permission(
    pool: PgPool,
) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let gets = ["vendors", "products", "reviews", "dashboard", "orders", "audit", "health"];
    let posts = [
        ("vendors", "products.moderate"),
        ("products", "reviews.moderate"),
        ("reviews", "vendors.decide"),
    ];
    let body = serde_json::to_vec(&json!({ "decision": "approve", "reason": "x" })).unwrap();
    let routes = gets
        .iter()
        .map(|name| (Method::GET, format!("/v1/admin/{name}"), "vendors.decide"))
        .chain(posts.iter().map(|(name, other)| {
            (Method::POST, format!("/v1/admin/{name}/{ID}/decisions"), *other)
        }));
    for (method, path, other_permission) in routes {
        let body = || Some(("application/json", body.clone()));
        let ask = async |client: testkit::Client| client.send(method.clone(), &path, body()).await;
        let _ = ask(app.anonymous()).await.problem(401, "unauthenticated");
        let _ = ask(app.as_buyer()).await.problem(403, "forbidden");
        let _ = ask(app.as_vendor(VendorId::new())).await.problem(403, "forbidden");
        let _ = ask(app.as_staff(&[other_permission])).await.problem(403, "forbidden");
    }
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn unknown_filters_and_wrong_pages_are_refused(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let staff = app.as_staff(&["look"]);
    for query in ["filter[owner.email]=a", "sort=password_hash", "fields=secret"] {
        let _ = staff.get(&format!("/v1/admin/orders?{query}")).await.problem(400, "unknown-field");
        let _ =
            staff.get(&format!("/v1/admin/vendors?{query}")).await.problem(400, "unknown-field");
    }
    for query in ["limit=0", "limit=101", "after=x"] {
        let _ =
            staff.get(&format!("/v1/admin/audit?{query}")).await.problem(422, "validation-error");
    }
}
