//! What staff see of an order, and what its buyer is told of it.

use std::sync::OnceLock;

use chassis::telemetry::{self, Telemetry};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::sold::{act, cancel, cancel_part, confirmed, go, open, part_of, pieces};
use crate::world::contact;

/// Without it nothing has a trace. A process has one.
static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();

fn texts(steps: &Value) -> Vec<&str> {
    steps.as_array().unwrap().iter().map(|step| step["text"].as_str().unwrap()).collect()
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn staff_see_one_order_in_full(pool: PgPool) {
    let _ = TELEMETRY.get_or_init(|| telemetry::start("order", "off", None).unwrap());
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept"]).await;
    let client = world.client();
    cancel_part(&client, order.order_id, part_of(&order, 0), pieces(1)).await.expect(200);
    act(&world, &order, 1, "reject").await.expect(200);
    go(&world, &order, 2, &["accept", "pack", "ship"]).await;
    world.wait(259_200);
    go(&world, &order, 2, &["lost"]).await;

    let path = format!("/v1/admin/orders/{}", order.order_id);
    let staff = world.app.as_staff(&["look"]);
    let answer = staff.get(&path).await;
    let tag = answer.header("etag").unwrap().to_owned();
    let view = answer.expect(200);
    assert_eq!((&view["number"], &view["status"]), (&json!(order.number), &json!("confirmed")));
    assert_eq!(view["buyer"], order.buyer.to_string());
    let counters = |nth: usize| {
        let line = &view["seller_orders"][nth]["lines"][0];
        ["quantity", "left", "cancelled", "returned", "lost"].map(|n| line[n].as_i64().unwrap())
    };
    assert_eq!(counters(0), [3, 2, 1, 0, 0]);
    assert_eq!(counters(1), [2, 0, 2, 0, 0]);
    assert_eq!(counters(2), [1, 0, 0, 0, 1]);
    assert_eq!(view["seller_orders"][1]["credits"][0]["reason"], "the kiln broke");
    assert_eq!(view["seller_orders"][0]["share"]["payable"]["amount"], 131_274);
    assert!(view["seller_orders"][0]["due_at"].is_string());
    let list = |name: &str| json!(format!("/v1/admin/{name}?order_id={}", order.order_id));
    for name in ["payments", "refunds", "invoices", "messages"] {
        assert_eq!(view["links"][name], list(name));
    }
    let trail = json!(format!("/v1/admin/orders/{}/trail", order.order_id));
    assert_eq!(view["links"]["trail"], trail);

    let told = texts(&view["steps"]);
    for sentence in [
        "The buyer cancelled 1 x nila's best, ₹499.00 back.",
        "lotus cannot supply 2 x lotus's best, ₹2,598.00 back: the kiln broke.",
        "What meera sent was lost on the way: 1 x meera's best, ₹250.00 back.",
    ] {
        assert!(told.contains(&sentence), "{told:#?}");
    }
    let authors: Vec<_> =
        view["steps"].as_array().unwrap().iter().map(|step| step["by"].clone()).collect();
    for author in ["buyer", "seller", "system"] {
        assert!(authors.contains(&json!(author)), "{authors:?}");
    }
    let steps = view["steps"].as_array().unwrap();
    let accepted = steps.iter().find(|step| step["cause"] == "vendor.accept").unwrap();
    assert_eq!(accepted["trace_id"].as_str().map(str::len), Some(32), "{accepted}");

    assert_eq!(staff.with("if-none-match", &tag).get(&path).await.status.as_u16(), 304);
    world.app.as_staff(&[]).get(&path).await.problem(403, "forbidden");
    world.client().get(&path).await.problem(403, "forbidden");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_buyer_sees_what_can_be_cancelled_and_what_became_of_the_rest(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let client = world.client();
    cancel_part(&client, order.order_id, part_of(&order, 0), pieces(1)).await.expect(200);
    let part = &world.order(order.order_id).await["seller_orders"][0];
    let left = json!({
        "lines": [{"position": 0, "quantity": 2}], "until": "2026-11-23T12:00:00Z"
    });
    assert_eq!(part["cancellation"], left);
    assert!(part.get("delivered_at").is_none());

    go(&world, &order, 0, &["accept", "pack", "ship"]).await;
    world.wait(3600);
    go(&world, &order, 0, &["deliver"]).await;
    let view = world.order(order.order_id).await;
    assert_eq!(view["seller_orders"][0]["delivered_at"], "2026-11-22T13:00:00Z");
    assert!(view["seller_orders"][0].get("cancellation").is_none());
    assert_eq!(view["standing"], "under_way");
    cancel(&world, &order).await.expect(200);
    assert_eq!(world.order(order.order_id).await["standing"], "delivered");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_order_that_was_taken_back_whole_says_so_and_stays_confirmed(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let view = cancel(&world, &order).await.expect(200);
    assert_eq!(view["status"], "confirmed");
    assert_eq!(view["standing"], "cancelled_after_confirmation");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_address_of_a_buyer_who_is_forgotten_is_gone_when_nothing_is_on_its_way(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    cancel(&world, &order).await.expect(200);
    assert_eq!(world.order(order.order_id).await["delivery"]["recipient"], "Asha Rao");
    let mut tombstone = world.app.record(&contact(world.buyer, world.address_id));
    tombstone.payload = None;
    world.app.deliver_record(tombstone).await;
    assert!(world.order(order.order_id).await.get("delivery").is_none());
}
