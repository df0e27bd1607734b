//! What a buyer reads about orders.

use contracts::cart::PaymentMethod;
use serde_json::json;
use sqlx::PgPool;

use crate::world::World;

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_order_shows_its_lines_its_parts_and_its_payment(pool: PgPool) {
    let world = World::open(pool).await;
    let fact = world.confirmed().await;
    let order = world.order(fact.order.order_id).await;
    assert_eq!(order["order_id"], fact.order.order_id.to_string());
    assert_eq!(order["checkout_id"], fact.order.checkout_id.to_string());
    assert_eq!(order["number"], "M261122-000001");
    assert_eq!(order["status"], "confirmed");
    assert_eq!(order["total"], json!({"amount": 379_400, "currency": "INR"}));
    assert_eq!(order["standing"], "under_way");
    assert_eq!(order["delivery"]["line1"], "12 MG Road");
    assert_eq!(order["lines"].as_array().unwrap().len(), 3);
    let part = &order["seller_orders"][1];
    assert_eq!(part["seller_order_id"], fact.order.parts[1].seller_order_id.to_string());
    assert_eq!(part["number"], "M261122-000001-2");
    assert_eq!(part["vendor_id"], world.shops[1].vendor.vendor_id.to_string());
    assert_eq!(part["vendor_name"], "bela");
    assert_eq!(part["shipping"], json!({"amount": 0, "currency": "INR"}));
    assert_eq!(part["tax"], json!({"amount": 39_631, "currency": "INR"}));
    assert_eq!(part["total"], json!({"amount": 259_800, "currency": "INR"}));
    assert_eq!(
        part["lines"],
        json!([{
            "position": 0,
            "sku": "BELA-1",
            "product_id": world.shops[1].product.product_id.to_string(),
            "title": "bela's best",
            "quantity": 2,
            "cancelled": 0,
            "returned": 0,
            "lost": 0,
            "settled": 0,
            "unit_price": {"amount": 129_900, "currency": "INR"},
            "total": {"amount": 259_800, "currency": "INR"},
        }])
    );
    let payment = json!({
        "payment_id": fact.payment_id.to_string(), "method": "upi", "status": "captured"
    });
    assert_eq!(order["payment"], payment);
    assert!(order.get("payable_until").is_none());
    assert_eq!(order["taken_back"], json!({"amount": 0, "currency": "INR"}));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_order_that_is_not_paid_says_until_when_it_can_be_and_that_it_can_be_cancelled(
    pool: PgPool,
) {
    let world = World::open(pool).await;
    let order_id = world.await_payment(PaymentMethod::Upi).await.order_id;
    let order = world.order(order_id).await;
    assert_eq!(
        (&order["cancellable"], &order["status"]),
        (&json!(true), &json!("awaiting_payment"))
    );
    assert_eq!(order["payable_until"], "2026-11-22T12:15:00Z");
    let cancelled = world.client().post(&format!("/v1/orders/{order_id}/cancel"), ()).await;
    let order = cancelled.expect(202);
    assert_eq!(order["cancellable"], false);
    assert!(order.get("payable_until").is_none());
    let path = format!("/v1/orders/{order_id}/timeline?limit=100");
    let timeline = world.client().get(&path).await.expect(200);
    let last = timeline["items"].as_array().unwrap().last().unwrap();
    assert_eq!(last["text"], "You cancelled; the order ends unless the payment arrives first.");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_order_that_the_client_has_is_not_sent_again(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let path = format!("/v1/orders/{}", order.order_id);
    let first = world.client().get(&path).await;
    let tag = first.header("etag").unwrap().to_owned();
    let client = world.client().with("if-none-match", &tag);
    assert_eq!(client.get(&path).await.status.as_u16(), 304);

    let accept = format!(
        "/v1/vendors/{}/orders/{}/accept",
        order.parts[0].vendor_id, order.parts[0].seller_order_id
    );
    world.seller(0).post(&accept, ()).await.expect(200);
    let fresh = client.get(&path).await.expect(200);
    assert_eq!(fresh["seller_orders"][0]["status"], "accepted");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn orders_are_listed_newest_first_page_by_page(pool: PgPool) {
    let world = World::open(pool).await;
    let mut numbers = Vec::new();
    for _ in 0..5 {
        numbers.push(world.place(PaymentMethod::Upi).await.order.number);
    }
    numbers.reverse();

    let (mut listed, mut path) = (Vec::new(), "/v1/orders?limit=2".to_owned());
    loop {
        let page = world.client().get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        listed.extend(items.iter().map(|order| order["number"].as_str().unwrap().to_owned()));
        assert!(items.iter().all(|order| order["standing"] == "open"), "{page}");
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/orders?limit=2&after={next}");
    }
    assert_eq!(listed, numbers);

    let none = world.app.as_buyer().get("/v1/orders").await.expect(200);
    assert_eq!(none, json!({"items": [], "next": null}));
    for wrong in ["limit=0", "limit=101", "after=x"] {
        let answer = world.client().get(&format!("/v1/orders?{wrong}")).await;
        answer.problem(422, "validation-error");
    }
    world.client().get("/v1/orders?page=2").await.problem(400, "unknown-field");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_timeline_tells_every_step_and_its_cause(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let path = format!("/v1/orders/{}/timeline", order.order_id);
    let whole = world.client().get(&format!("{path}?limit=100")).await.expect(200);
    let steps = whole["items"].as_array().unwrap();
    let of_order: Vec<_> = steps
        .iter()
        .filter(|step| step["seller_order_id"].is_null())
        .map(|step| (step["to"].as_str().unwrap(), step["cause"].as_str().unwrap()))
        .collect();
    assert_eq!(
        of_order,
        [
            ("placed", "cart.checkout_requested"),
            ("reserving", "cart.checkout_requested"),
            ("reserved", "stock.reserved"),
            ("awaiting_payment", "stock.reserved"),
            ("confirmed", "payment.captured"),
        ]
    );
    let told: Vec<_> = steps.iter().map(|step| step["text"].as_str().unwrap()).collect();
    assert_eq!(told[0], "The order was placed.");
    assert!(told.contains(&"The payment arrived, and the order is confirmed."), "{told:?}");
    assert!(told.contains(&"asha was asked to supply its part."), "{told:?}");
    let first_part: Vec<_> = steps
        .iter()
        .filter(|step| step["seller_order_id"] == order.parts[0].seller_order_id.to_string())
        .map(|step| step["to"].as_str().unwrap())
        .collect();
    assert_eq!(first_part, ["pending", "confirmed"]);

    let page = world.client().get(&format!("{path}?limit=2")).await.expect(200);
    let next = page["next"].as_str().unwrap();
    let rest = world.client().get(&format!("{path}?limit=100&after={next}")).await.expect(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), steps.len() - 2);
}
