//! Who may not.

use admin::{App, Config};
use axum::http::Method;
use chassis::Service;
use chassis::auth::callers::may;
use kernel::{UserId, VendorId};
use serde_json::json;
use sqlx::PgPool;
use testkit::TestApp;

const ID: &str = "01934e5f-0000-7000-8000-000000000001";

/// What each route asks for; a route that is not here fails the test.
const NEEDS: &[(&str, &str)] = &[
    ("GET /v1/admin/vendors", "look"),
    ("GET /v1/admin/vendors/{id}", "look"),
    ("GET /v1/admin/after-sales", "look"),
    ("GET /v1/admin/orders/{id}/trail", "look"),
    ("GET /v1/admin/products", "look"),
    ("GET /v1/admin/reviews", "look"),
    ("GET /v1/admin/dashboard", "look"),
    ("GET /v1/admin/orders", "look"),
    ("GET /v1/admin/audit", "look"),
    ("GET /v1/admin/health", "look"),
    ("POST /v1/admin/vendors/{id}/decisions", "vendors.decide"),
    ("POST /v1/admin/products/{id}/decisions", "products.moderate"),
    ("POST /v1/admin/reviews/{id}/decisions", "reviews.moderate"),
];

fn documented() -> Vec<String> {
    let document = serde_json::to_value(App::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations.collect()
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn every_route_refuses_strangers_buyers_sellers_and_staff_without_the_permission(
    pool: PgPool,
) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let body = serde_json::to_vec(&json!({ "decision": "approve", "reason": "x" })).unwrap();
    for route in documented() {
        let (_, needed) = NEEDS.iter().find(|(known, _)| *known == route).expect(&route);
        let (method, path) = route.split_once(' ').unwrap();
        let (method, path) = (method.parse::<Method>().unwrap(), path.replace("{id}", ID));
        let body = || Some(("application/json", body.clone()));
        let ask = async |client: testkit::Client| client.send(method.clone(), &path, body()).await;
        let others: Vec<&str> = may::ALL.iter().copied().filter(|p| p != needed).collect();
        let mut pretender = app.claims(UserId::new());
        pretender.perms = may::ALL.iter().map(|p| (*p).to_owned()).collect();
        let mut idle = app.claims(UserId::new());
        idle.exp = idle.iat - 61;
        idle.roles.push("admin".into());
        idle.perms = pretender.perms.clone();

        ask(app.anonymous()).await.problem(401, "unauthenticated");
        ask(app.as_claims(&idle)).await.problem(401, "unauthenticated");
        for stranger in [
            app.as_buyer(),
            app.as_vendor(VendorId::new()),
            app.as_staff(&[]),
            app.as_staff(&others),
            app.as_claims(&pretender),
        ] {
            ask(stranger).await.problem(403, "forbidden");
        }
        let granted = ask(app.as_staff(&[needed])).await.status.as_u16();
        assert!(matches!(granted, 200 | 404), "{route}: {granted}");
    }
    assert!(app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn unknown_filters_and_wrong_pages_are_refused(pool: PgPool) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let staff = app.as_staff(&["look"]);
    for list in ["vendors", "products", "reviews", "orders", "audit", "dashboard", "health"] {
        for query in
            ["filter[owner.email]=a", "sort=password_hash", "fields=secret", "Status=draft"]
        {
            staff.get(&format!("/v1/admin/{list}?{query}")).await.problem(400, "unknown-field");
        }
    }
    for list in ["vendors", "products", "reviews", "orders"] {
        for query in ["status=password", "status=%00", "status=unknown", "status=a&status=b"] {
            let refused = staff.get(&format!("/v1/admin/{list}?{query}")).await;
            let problem = refused.problem(422, "validation-error");
            assert_eq!(problem["errors"][0]["pointer"], "status", "{list}?{query}");
        }
    }
    for list in ["vendors", "products", "reviews", "orders", "audit"] {
        for query in [
            "limit=0",
            "limit=101",
            "limit=1e6",
            "limit=99999999999999999999",
            "after=x",
            "after=%00",
        ] {
            staff.get(&format!("/v1/admin/{list}?{query}")).await.problem(422, "validation-error");
        }
    }
    staff.get("/v1/admin/orders?number=%00").await.problem(422, "validation-error");
    let odd = staff.get("/v1/admin/orders?number=%27%20or%201=1").await.expect(200);
    assert_eq!(odd["items"], json!([]));
}
