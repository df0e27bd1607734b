//! Prices that staff reduce of what a buyer keeps, at the seller's cost.

use contracts::order::{CreditCause, Disposition, OrderFact};
use kernel::Money;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client, servers};

use crate::returns::{delivered, receive, sent_back};
use crate::sold::{amounts, confirmed, credits, go, open, part_of, statuses};
use crate::world::World;

async fn reduce(staff: &Client, order: &OrderFact, nth: usize, minor: i64) -> Answer {
    let path = format!("/v1/admin/orders/{}/reductions", part_of(order, nth));
    let amount = json!({"amount": minor, "currency": "INR"});
    let body = json!({"amount": amount, "reason": "a scratch on the foot"});
    staff.clone().key(&servers::unique()).post(&path, body).await
}

async fn decide(staff: &Client, reduction: &Value, verb: &str) -> Answer {
    let id = reduction["reduction_id"].as_str().unwrap();
    staff.post(&format!("/v1/admin/reductions/{id}/{verb}"), ()).await
}

fn staff(world: &World) -> Client {
    world.app.as_staff(&["orders.cancel", "look"])
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_buyer_keeps_it_for_less_and_its_seller_bears_it(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    let done = reduce(&staff(&world), &order, 0, 10_000).await.expect(201);
    assert_eq!((&done["status"], done.get("decided_by")), (&json!("done"), None));

    let said = credits(&world).await.remove(0);
    assert_eq!((said.cause, said.ended), (CreditCause::PriceReduced, false));
    assert_eq!(amounts(&said.share), [8769, 1000, 180, 42, 9]);
    assert_eq!((said.share.gross, said.share.taxable), (Money::inr(10_000), Money::inr(8474)));
    let line = &said.lines[0];
    assert_eq!((line.quantity, line.stock), (0, Disposition::None));
    assert_eq!([line.total, line.taxable, line.tax].map(Money::minor), [10_000, 8474, 2 * 763]);
    assert_eq!(done["credit_id"], json!(said.credit_id));

    let view = world.order(order.order_id).await;
    assert_eq!(statuses(&view), ["delivered"; 3]);
    let mine = &view["seller_orders"][0]["credits"][0];
    assert_eq!(
        (&mine["cause"], &mine["reason"], &mine["total"]["amount"]),
        (&json!("price_reduced"), &json!("a scratch on the foot"), &json!(10_000))
    );
    let path = format!("/v1/orders/{}/timeline?limit=100", order.order_id);
    let steps = world.client().get(&path).await.expect(200);
    let last = steps["items"].as_array().unwrap().last().unwrap()["text"].clone();
    let told = "The marketplace reduced the price of what nila sold: 3 x nila's best, ₹100.00 back: a scratch on the foot.";
    assert_eq!(last, told);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn staff_do_not_decide_about_what_they_bought(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    let own = world.buyer_as_staff(&["orders.cancel", "look"]);
    reduce(&own, &order, 0, 10_000).await.problem(403, "order/own-order");
    let path = format!("/v1/admin/orders/{}/lost", part_of(&order, 0));
    own.post(&path, json!({"reason": "gone"})).await.problem(403, "order/own-order");
    assert_eq!(credits(&world).await.len(), 0);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn staff_do_not_decide_about_what_a_seller_of_their_own_sold(pool: PgPool) {
    let mut shops = crate::sold::shops();
    shops[0].product.variants[0].price = Money::inr(1_000_000);
    let world = World::with(pool, shops).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept", "pack", "ship", "deliver"]).await;
    go(&world, &order, 1, &["accept", "pack", "ship"]).await;
    let own = |nth| world.seller_as_staff(nth, &["orders.cancel", "look"]);
    let proposed = reduce(&staff(&world), &order, 0, 1_200_000).await.expect(201);
    reduce(&own(0), &order, 0, 10_000).await.problem(403, "order/own-seller");
    for verb in ["approve", "decline"] {
        decide(&own(0), &proposed, verb).await.problem(403, "order/own-seller");
    }
    for (nth, verb) in [(1, "lost"), (2, "cancel")] {
        let path = format!("/v1/admin/orders/{}/{verb}", part_of(&order, nth));
        let why = json!({"reason": "gone"});
        own(nth).post(&path, &why).await.problem(403, "order/own-seller");
        own(0).post(&path, &why).await.expect(200);
    }
    assert_eq!(credits(&world).await.len(), 2, "what a colleague decided");
    decide(&own(1), &proposed, "decline").await.expect(200);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_is_sent_back_later_gives_what_is_left_of_its_price(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    reduce(&staff(&world), &order, 0, 10_000).await.expect(201);
    for quantity in [1, 2] {
        let id = sent_back(&world, &order, 0, quantity).await;
        receive(&world, &order, 0, &id).await.expect(200);
    }
    let gross: Vec<_> = credits(&world).await.iter().map(|it| it.share.gross.minor()).collect();
    assert_eq!(gross, [10_000, 46_567, 93_133]);
    assert_eq!(gross.iter().sum::<i64>(), order.parts[0].total.minor());
    assert_eq!(statuses(&world.order(order.order_id).await)[0], "returned");
    let gone = reduce(&staff(&world), &order, 0, 100).await;
    gone.problem(409, "order/not-kept");
    world.app.emitted::<contracts::order::ReturnChanged>().await;
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn more_than_ten_thousand_rupees_in_all_need_a_second_person(pool: PgPool) {
    let mut shops = crate::sold::shops();
    shops[0].product.variants[0].price = Money::inr(1_000_000);
    let world = World::with(pool, shops).await;
    let order = delivered(&world).await;
    let (one, other) = (staff(&world), staff(&world));
    reduce(&one, &order, 0, 600_000).await.expect(201);
    // What was given before counts, whoever gave it.
    let proposed = reduce(&one, &order, 0, 400_001).await.expect(201);
    let own = world.buyer_as_staff(&["orders.cancel"]);
    decide(&own, &proposed, "approve").await.problem(403, "order/own-order");
    assert_eq!((&proposed["status"], proposed.get("credit_id")), (&json!("proposed"), None));
    assert_eq!(credits(&world).await.len(), 1, "nothing is given before somebody agrees");

    let waiting = other.get("/v1/admin/reductions?status=proposed").await.expect(200);
    assert_eq!(waiting["items"], json!([proposed]));
    decide(&one, &proposed, "approve").await.problem(403, "order/own-approval");
    let done = decide(&other, &proposed, "approve").await.expect(200);
    assert_eq!(done["status"], "done");
    assert_ne!(done["decided_by"], done["proposed_by"]);
    assert_eq!(decide(&other, &proposed, "approve").await.expect(200), done);
    decide(&one, &proposed, "decline").await.problem(409, "order/nothing-to-approve");
    assert_eq!(credits(&world).await.remove(0).share.gross, Money::inr(400_001));

    let changed_mind = reduce(&one, &order, 0, 100).await.expect(201);
    let declined = decide(&one, &changed_mind, "decline").await.expect(200);
    assert_eq!(declined["status"], "declined");
    assert!(credits(&world).await.is_empty());
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn only_what_is_kept_and_never_more_than_is_left(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let staff = staff(&world);
    reduce(&staff, &order, 2, 100).await.problem(409, "order/not-kept");
    go(&world, &order, 2, &["accept", "pack", "ship", "deliver"]).await;
    for wrong in [0, 99, 24_901] {
        let refused = reduce(&staff, &order, 2, wrong).await;
        refused.problem(422, "order/reduction-out-of-range");
    }
    let path = format!("/v1/admin/orders/{}/reductions", part_of(&order, 2));
    let body = json!({"amount": {"amount": 100, "currency": "INR"}, "reason": "late"});
    staff.post(&path, &body).await.problem(422, "idempotency/key-required");
    let keyed = staff.clone().key("once");
    let first = keyed.post(&path, &body).await.expect(201);
    assert_eq!(keyed.post(&path, &body).await.expect(201), first);
    let dollars = json!({"amount": {"amount": 100, "currency": "USD"}, "reason": "late"});
    let refused = staff.clone().key("dollars").post(&path, dollars).await;
    let refused = refused.problem(422, "order/reduction-out-of-range");
    assert_eq!(refused["detail"], "the price is in INR, and so is what is taken off it");
    assert_eq!(credits(&world).await.len(), 1);

    let looks = world.app.as_staff(&["look"]);
    reduce(&looks, &order, 2, 100).await.problem(403, "forbidden");
}
