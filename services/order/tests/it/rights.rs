//! Who may see and do what.

use contracts::cart::PaymentMethod;
use contracts::order::SellerOrderShipped;
use kernel::{OrderId, SellerOrderId, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client};

use crate::world::World;

const SHIP: &str = r#"{"carrier": "India Post", "tracking_number": "1"}"#;

async fn call(client: &Client, method: &str, path: &str) -> Answer {
    let body =
        if path.ends_with("/ship") { serde_json::from_str(SHIP).unwrap() } else { Value::Null };
    match method {
        "GET" => client.get(path).await,
        _ => client.post(path, body).await,
    }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn nobody_anonymous_gets_in(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let (order_id, checkout_id) = (order.order_id, order.checkout_id);
    let part = format!(
        "/v1/vendors/{}/orders/{}",
        order.parts[0].vendor_id, order.parts[0].seller_order_id
    );
    for (method, path) in [
        ("GET", format!("/v1/checkouts/{checkout_id}")),
        ("GET", format!("/v1/checkouts/{checkout_id}/events")),
        ("GET", "/v1/orders".into()),
        ("GET", format!("/v1/orders/{order_id}")),
        ("GET", format!("/v1/orders/{order_id}/timeline")),
        ("POST", format!("/v1/orders/{order_id}/cancel")),
        ("POST", format!("/v1/orders/{order_id}/parts/{}/cancel", order.parts[0].seller_order_id)),
        ("POST", format!("/v1/admin/orders/{}/cancel", order.parts[0].seller_order_id)),
        ("POST", format!("/v1/admin/orders/{}/lost", order.parts[0].seller_order_id)),
        ("GET", format!("/v1/vendors/{}/orders", order.parts[0].vendor_id)),
        ("GET", part.clone()),
        ("POST", format!("{part}/accept")),
        ("POST", format!("{part}/pack")),
        ("POST", format!("{part}/ship")),
        ("POST", format!("{part}/deliver")),
        ("POST", format!("{part}/reject")),
        ("POST", format!("{part}/turned-away")),
        ("POST", format!("{part}/came-back")),
        ("POST", format!("{part}/lost")),
        ("GET", format!("/v1/orders/{order_id}/returns")),
        ("GET", format!("/v1/vendors/{}/returns", order.parts[0].vendor_id)),
        ("GET", "/v1/admin/returns".into()),
        ("POST", format!("/v1/admin/returns/{}/decide", order.parts[0].seller_order_id)),
    ] {
        let answer = call(&world.app.anonymous(), method, &path).await;
        answer.problem(401, "unauthenticated");
    }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn somebody_elses_order_looks_like_one_that_does_not_exist(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    let stranger = world.app.as_buyer();
    for (method, before, after) in [
        ("GET", "/v1/orders/", ""),
        ("GET", "/v1/orders/", "/timeline"),
        ("POST", "/v1/orders/", "/cancel"),
        ("GET", "/v1/checkouts/", ""),
        ("GET", "/v1/checkouts/", "/events"),
    ] {
        let id = if before.contains("orders") {
            payment.order_id.to_string()
        } else {
            payment.checkout_id.to_string()
        };
        let foreign = call(&stranger, method, &format!("{before}{id}{after}")).await;
        let missing = call(&stranger, method, &format!("{before}{}{after}", OrderId::new())).await;
        let strip = |answer: Answer| {
            let mut document = answer.problem(404, "not-found");
            document["instance"] = json!("");
            document["trace_id"] = json!("");
            document
        };
        assert_eq!(strip(foreign), strip(missing));
    }
    assert_eq!(world.order(payment.order_id).await["status"], "awaiting_payment");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn sellers_act_on_their_own_part_only(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let (mine, other) = (&order.parts[0], &order.parts[1]);
    let own = format!("/v1/vendors/{}/orders", mine.vendor_id);

    // The other seller's part, under the other's name and under one's own.
    for path in [
        format!("/v1/vendors/{}/orders/{}/accept", other.vendor_id, other.seller_order_id),
        format!("{own}/{}/accept", other.seller_order_id),
        format!("{own}/{}/accept", SellerOrderId::new()),
        format!("{own}/nonsense/accept"),
    ] {
        world.seller(0).post(&path, ()).await.problem(404, "not-found");
    }
    world
        .seller(0)
        .get(&format!("/v1/vendors/{}/orders", VendorId::new()))
        .await
        .problem(404, "not-found");
    world.client().get(&own).await.problem(403, "forbidden");
    world.app.as_staff(&[]).get(&own).await.problem(403, "forbidden");
    let parts = world.order(order.order_id).await["seller_orders"].clone();
    assert!(parts.as_array().unwrap().iter().all(|part| part["status"] == "confirmed"));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_sibling_in_the_same_order_is_another_sellers_too(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    for (nth, part) in order.parts.iter().enumerate().take(2) {
        let path = format!("/v1/vendors/{}/orders/{}", part.vendor_id, part.seller_order_id);
        for verb in ["accept", "pack"] {
            world.seller(nth).post(&format!("{path}/{verb}"), ()).await.expect(200);
        }
    }
    let before = world.order(order.order_id).await;
    let (mine, other) = (&order.parts[0], &order.parts[1]);
    for vendor in [mine.vendor_id, other.vendor_id] {
        let path = format!("/v1/vendors/{vendor}/orders/{}", other.seller_order_id);
        let ship = call(&world.seller(0), "POST", &format!("{path}/ship")).await;
        ship.problem(404, "not-found");
        world.seller(0).get(&path).await.problem(404, "not-found");
    }
    assert_eq!(world.order(order.order_id).await, before);
    assert!(world.app.emitted::<SellerOrderShipped>().await.is_empty());
}

fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn each_reader_sees_the_members_meant_for_it(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let path = format!("/v1/vendors/{}/orders", order.parts[0].vendor_id);
    let listed = world.seller(0).get(&path).await.expect(200);
    let summary =
        ["due_at", "number", "payment_method", "placed_at", "seller_order_id", "status", "total"];
    assert_eq!(members(&listed["items"][0]), summary, "no buyer, no address");

    let path = format!("{path}/{}", order.parts[0].seller_order_id);
    let sellers = world.seller(0).get(&path).await.expect(200);
    let own = [
        "credits",
        "delivery",
        "due_at",
        "lines",
        "number",
        "parcels",
        "payable",
        "payment_method",
        "placed_at",
        "returns",
        "seller_order_id",
        "shipping",
        "status",
        "tax",
        "total",
    ];
    assert_eq!(members(&sellers), own, "the address to send to, and nothing else of the buyer");
    let address = ["city", "line1", "line2", "phone", "pincode", "recipient", "state"];
    assert_eq!(members(&sellers["delivery"]), address);

    let buyers = world.order(order.order_id).await;
    let whole = [
        "cancellable",
        "checkout_id",
        "delivery",
        "lines",
        "number",
        "order_id",
        "payment",
        "placed_at",
        "refunded",
        "refunds",
        "seller_orders",
        "standing",
        "status",
        "taken_back",
        "total",
    ];
    assert_eq!(members(&buyers), whole);
    let part = [
        "cancellable",
        "cancellation",
        "credits",
        "due_at",
        "lines",
        "number",
        "parcels",
        "returns",
        "seller_order_id",
        "shipping",
        "status",
        "tax",
        "total",
        "vendor_id",
        "vendor_name",
    ];
    assert_eq!(members(&buyers["seller_orders"][0]), part, "no commission, nothing payable");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn there_is_no_way_to_write_an_order(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let before = world.order(order.order_id).await;
    let path = format!("/v1/orders/{}", order.order_id);
    let part = &order.parts[0];
    let sellers = format!("/v1/vendors/{}/orders/{}", part.vendor_id, part.seller_order_id);
    for (member, value) in [
        ("status", json!("paid")),
        ("total", json!({"amount": 1, "currency": "INR"})),
        ("paid_at", json!("2026-11-22T12:00:00Z")),
    ] {
        let body = json!({ member: value });
        world.client().patch(&path, &body).await.problem(405, "method-not-allowed");
        world.client().put(&path, &body).await.problem(405, "method-not-allowed");
        let cancel = world.client().post(&format!("{path}/cancel"), &body).await;
        cancel.problem(400, "unknown-field");
        let accept = world.seller(0).post(&format!("{sellers}/accept"), &body).await;
        accept.problem(400, "unknown-field");
    }
    world.client().post("/v1/orders", json!({})).await.problem(405, "method-not-allowed");
    assert_eq!(world.order(order.order_id).await, before);
}
