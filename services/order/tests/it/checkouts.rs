//! Following a checkout: asking, waiting, streaming.

use contracts::cart::PaymentMethod;
use kernel::CheckoutId;
use serde_json::Value;
use sqlx::PgPool;

use crate::world::{World, captured};

fn events(body: &str) -> Vec<(i64, Value)> {
    body.split("\n\n")
        .filter(|block| block.contains("data:"))
        .map(|block| {
            let field = |name: &str| {
                block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim()
            };
            assert_eq!(field("event:"), "checkout");
            (field("id:").parse().unwrap(), serde_json::from_str(field("data:")).unwrap())
        })
        .collect()
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_held_question_is_answered_when_the_checkout_changes(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    let path = format!("/v1/checkouts/{}", payment.checkout_id);
    let now = world.client().get(&path).await;
    let tag = now.header("etag").unwrap().to_owned();
    assert_eq!(now.expect(200)["status"], "awaiting_payment");

    let waiting = world.client().with("if-none-match", &tag);
    let path = format!("{path}?wait=20");
    let (answer, ()) = tokio::join!(waiting.get(&path), world.app.deliver(captured(&payment)));
    assert_eq!(answer.expect(200)["status"], "confirmed");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_held_question_waits_for_a_checkout_that_was_not_heard_of_yet(pool: PgPool) {
    let world = World::open(pool).await;
    let cart = world.cart(PaymentMethod::Upi);
    let path = format!("/v1/checkouts/{}?wait=20", cart.checkout_id);
    let client = world.client();
    let (answer, ()) = tokio::join!(client.get(&path), world.app.deliver(cart.clone()));
    let view = answer.expect(200);
    assert_eq!(view["status"], "reserving");
    assert_eq!(view["checkout_id"], cart.checkout_id.to_string());
    assert_eq!(view["total"]["amount"], cart.expected_total.minor());
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_held_question_ends_with_its_time(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    let path = format!("/v1/checkouts/{}?wait=1", payment.checkout_id);
    let now = world.client().get(&path).await;
    let tag = now.header("etag").unwrap().to_owned();
    assert_eq!(now.expect(200)["status"], "awaiting_payment");
    let unchanged = world.client().with("if-none-match", &tag).get(&path).await;
    assert_eq!(unchanged.status.as_u16(), 304);
    let missing = format!("/v1/checkouts/{}?wait=1", CheckoutId::new());
    world.client().get(&missing).await.problem(404, "not-found");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_checkout_that_has_ended_holds_nobody_up(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let path = format!("/v1/checkouts/{}?wait=30", order.checkout_id);
    let view = world.client().get(&path).await.expect(200);
    assert_eq!(view["status"], "confirmed");
    assert_eq!(view["order_id"], order.order_id.to_string());
    assert_eq!(view["number"], order.number);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_wait_is_from_one_to_thirty_seconds_and_nothing_else_is_known(pool: PgPool) {
    let world = World::open(pool).await;
    let path = format!("/v1/checkouts/{}", CheckoutId::new());
    for wrong in ["0", "31", "-1", "soon", "1.5"] {
        let answer = world.client().get(&format!("{path}?wait={wrong}")).await;
        answer.problem(422, "validation-error");
    }
    world.client().get(&format!("{path}?waits=1")).await.problem(400, "unknown-field");
    world.client().get("/v1/checkouts/nonsense").await.problem(404, "not-found");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_stream_tells_every_change_and_ends_with_the_checkout(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    let path = format!("/v1/checkouts/{}/events", payment.checkout_id);
    let client = world.client();
    let (answer, ()) = tokio::join!(client.get(&path), world.app.deliver(captured(&payment)));
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    let sent = events(&answer.text());
    assert!(sent.windows(2).all(|pair| pair[0].0 < pair[1].0), "{sent:?}");
    assert_eq!(sent.last().unwrap().1["status"], "confirmed");

    // Who saw all but the end is told the end; who saw the end is told not to come back.
    let last = sent.last().unwrap().0;
    let missed = client.clone().with("last-event-id", &(last - 1).to_string()).get(&path).await;
    assert_eq!(events(&missed.text()).len(), 1);
    let seen = client.clone().with("last-event-id", &last.to_string()).get(&path).await;
    assert_eq!(seen.status.as_u16(), 204);
    let future = client.with("last-event-id", "999").get(&path).await;
    assert_eq!(events(&future.text()).len(), 1);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_stream_of_an_unknown_checkout_is_not_there(pool: PgPool) {
    let world = World::open(pool).await;
    let path = format!("/v1/checkouts/{}/events", CheckoutId::new());
    world.client().get(&path).await.problem(404, "not-found");
}
