//! What buyers send back: asked for, answered, sent, received, contested, and what time does.

use contracts::order::{
    CreditCause, Disposition, OrderFact, ReturnChanged, ReturnState, SellerOrderCompleted,
};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Answer;

use crate::sold::{amounts, confirmed, credits, go, open, part_of, statuses};
use crate::world::World;

const DAY: i64 = 86_400;

pub async fn delivered(world: &World) -> OrderFact {
    let order = confirmed(world).await;
    for nth in [0, 1, 2] {
        go(world, &order, nth, &["accept", "pack", "ship", "deliver"]).await;
    }
    order
}

pub async fn ask(world: &World, order: &OrderFact, nth: usize, quantity: u32) -> Answer {
    let body = json!({"lines": [{"position": 0, "quantity": quantity}], "reason": "does_not_fit"});
    let path = format!("/v1/orders/{}/parts/{}/returns", order.order_id, part_of(order, nth));
    world.client().key(&kernel::ReturnId::new().to_string()).post(&path, body).await
}

/// Asks; the id of the return.
pub async fn asked(world: &World, order: &OrderFact, nth: usize, quantity: u32) -> String {
    let view = ask(world, order, nth, quantity).await.expect(201);
    view["return_id"].as_str().unwrap().to_owned()
}

async fn buyer(world: &World, order: &OrderFact, id: &str, verb: &str) -> Answer {
    let path = format!("/v1/orders/{}/returns/{id}/{verb}", order.order_id);
    world.client().post(&path, body(verb)).await
}

async fn seller(world: &World, order: &OrderFact, nth: usize, id: &str, verb: &str) -> Answer {
    let path = format!("/v1/vendors/{}/returns/{id}/{verb}", order.parts[nth].vendor_id);
    world.seller(nth).post(&path, body(verb)).await
}

/// The seller has it back, as it should be.
pub async fn receive(world: &World, order: &OrderFact, nth: usize, id: &str) -> Answer {
    seller(world, order, nth, id, "received").await
}

async fn decide(world: &World, id: &str, body: Value) -> Answer {
    let staff = world.app.as_staff(&["returns.decide"]);
    staff.post(&format!("/v1/admin/returns/{id}/decide"), body).await
}

fn body(verb: &str) -> Value {
    match verb {
        "refuse" => json!({"words": "it was used"}),
        "contest" => json!({"words": "that is not so"}),
        "received" => json!({"condition": "resellable"}),
        "sent-back" => json!({"carrier": "India Post", "tracking_number": "EE1IN"}),
        _ => Value::Null,
    }
}

/// Asked for, approved, on its way.
pub async fn sent_back(world: &World, order: &OrderFact, nth: usize, quantity: u32) -> String {
    let id = asked(world, order, nth, quantity).await;
    seller(world, order, nth, &id, "approve").await.expect(200);
    buyer(world, order, &id, "sent-back").await.expect(200);
    id
}

/// What the order's timeline tells its buyer of it, after the delivery.
async fn told(world: &World, order: &OrderFact) -> Vec<String> {
    let path = format!("/v1/orders/{}/timeline?limit=100", order.order_id);
    let steps = world.client().get(&path).await.expect(200);
    let steps = steps["items"].as_array().unwrap().iter();
    let of_return = steps.filter(|step| step["cause"].as_str().unwrap().contains("return"));
    of_return.map(|step| step["text"].as_str().unwrap().to_owned()).collect()
}

async fn said(world: &World) -> Vec<(ReturnState, Option<String>)> {
    let said = world.app.emitted::<ReturnChanged>().await;
    let until = |said: &ReturnChanged| said.until.map(|until| until.to_string());
    said.iter().map(|said| (said.state, until(said))).collect()
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn one_piece_comes_back_and_is_for_sale_again(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    let view = world.order(order.order_id).await;
    assert_eq!(view["seller_orders"][0]["returnable_until"], "2026-11-29T12:00:00Z");
    assert_eq!(view["seller_orders"][0]["returns"], json!([]));

    let id = asked(&world, &order, 0, 1).await;
    let open = json!([{"return_id": id, "status": "requested", "until": "2026-11-24T12:00:00Z"}]);
    assert_eq!(world.order(order.order_id).await["seller_orders"][0]["returns"], open);
    let (vendor, part) = (order.parts[0].vendor_id, part_of(&order, 0));
    let sellers = world.seller(0).get(&format!("/v1/vendors/{vendor}/orders/{part}")).await;
    assert_eq!(sellers.expect(200)["returns"], open);

    let approved = seller(&world, &order, 0, &id, "approve").await.expect(200);
    assert_eq!(approved["until"], "2026-12-02T12:00:00Z");
    let sent = buyer(&world, &order, &id, "sent-back").await.expect(200);
    assert_eq!(sent["tracking_number"], "EE1IN");
    let back = seller(&world, &order, 0, &id, "received").await.expect(200);
    assert_eq!((&back["status"], &back["condition"]), (&json!("credited"), &json!("resellable")));
    assert!(back.get("until").is_none());
    let by: Vec<_> = back["steps"].as_array().unwrap().iter().map(|step| &step["by"]).collect();
    assert_eq!(by, ["buyer", "seller", "buyer", "seller"]);

    let credit = credits(&world).await.remove(0);
    assert_eq!(credit.cause, CreditCause::Returned);
    assert_eq!(credit.return_id.unwrap().to_string(), id);
    assert_eq!((credit.lines[0].stock, credit.lines[0].quantity), (Disposition::Restock, 1));
    assert_eq!(amounts(&credit.share), [43_757, 4990, 899, 212, 42]);
    assert_eq!(
        told(&world, &order).await,
        [
            "You asked nila to take back 1 x nila's best.",
            "nila approved the return of 1 x nila's best.",
            "You sent 1 x nila's best back to nila.",
            "Returned to nila: 1 x nila's best, ₹499.00 back.",
            "nila received the return of 1 x nila's best.",
        ]
    );
    let mine = &world.order(order.order_id).await["seller_orders"][0];
    assert_eq!((&mine["status"], &mine["lines"][0]["returned"]), (&json!("delivered"), &json!(1)));
    assert_eq!((&mine["returns"], &mine["lines"][0]["cancelled"]), (&json!([]), &json!(0)));

    let states = [
        (ReturnState::Requested, Some("2026-11-24T12:00:00Z".to_owned())),
        (ReturnState::Approved, Some("2026-12-02T12:00:00Z".to_owned())),
        (ReturnState::SentBack, Some("2026-12-06T12:00:00Z".to_owned())),
        (ReturnState::Credited, None),
    ];
    assert_eq!(said(&world).await, states);
    world.wait(7 * DAY);
    assert_eq!(world.app.run_timers().await, 3, "what is kept of it is completed");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn three_pieces_come_back_one_by_one_and_the_part_is_returned(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    for _ in 0..3 {
        let id = sent_back(&world, &order, 0, 1).await;
        seller(&world, &order, 0, &id, "received").await.expect(200);
    }
    let payable: Vec<_> =
        credits(&world).await.iter().map(|credit| credit.share.payable.minor()).collect();
    assert_eq!(payable, [43_757, 43_759, 43_758]);
    let view = world.order(order.order_id).await;
    assert_eq!(statuses(&view), ["returned", "delivered", "delivered"]);
    assert_eq!(view["status"], "confirmed");
    let listed = world.client().get(&format!("/v1/orders/{}/returns", order.order_id)).await;
    assert_eq!(listed.expect(200)["items"].as_array().unwrap().len(), 3);
    assert_eq!(said(&world).await.len(), 12);
    ask(&world, &order, 0, 1).await.problem(409, "order/transition-refused");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_comes_back_damaged_is_written_off(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    let id = sent_back(&world, &order, 1, 1).await;
    let path = format!("/v1/vendors/{}/returns/{id}/received", order.parts[1].vendor_id);
    world.seller(1).post(&path, json!({"condition": "damaged"})).await.expect(200);
    let credit = credits(&world).await.remove(0);
    assert_eq!(credit.lines[0].stock, Disposition::WriteOff);
    assert_eq!(amounts(&credit.share), [113_911, 12_990, 2338, 551, 110]);
    assert_eq!(said(&world).await.len(), 4);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_refusal_is_contested_and_staff_overrule_it(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    let id = asked(&world, &order, 0, 1).await;
    let refused = seller(&world, &order, 0, &id, "refuse").await.expect(200);
    assert_eq!(
        (&refused["status"], &refused["until"]),
        (&json!("refused"), &json!("2026-11-29T12:00:00Z"))
    );
    buyer(&world, &order, &id, "contest").await.expect(200);

    let staff = world.app.as_staff(&["look"]);
    let listed = staff.get("/v1/admin/returns?status=contested").await.expect(200);
    assert_eq!(listed["items"][0]["return_id"], id.as_str());
    let words: Vec<_> =
        listed["items"][0]["steps"].as_array().unwrap().iter().map(|s| &s["words"]).collect();
    assert_eq!(words, [&Value::Null, &json!("it was used"), &json!("that is not so")]);
    let approve = json!({"outcome": "approve", "words": "the lamp is new"});
    let path = format!("/v1/admin/returns/{id}/decide");
    staff.post(&path, &approve).await.problem(403, "forbidden");
    let credit = json!({"outcome": "credit", "words": "nothing came back yet"});
    let refused = decide(&world, &id, credit).await;
    let refused = refused.problem(409, "order/return-transition-refused");
    assert!(refused["detail"].as_str().unwrap().contains("`approve` or `refuse`"), "{refused}");
    let own = world.buyer_as_staff(&["returns.decide"]);
    own.post(&path, &approve).await.problem(403, "order/own-order");
    let own = world.seller_as_staff(0, &["returns.decide"]);
    own.post(&path, &approve).await.problem(403, "order/own-seller");
    decide(&world, &id, approve).await.expect(200);
    buyer(&world, &order, &id, "sent-back").await.expect(200);
    seller(&world, &order, 0, &id, "received").await.expect(200);
    assert_eq!(amounts(&credits(&world).await[0].share), [43_757, 4990, 899, 212, 42]);
    let states: Vec<_> = said(&world).await.into_iter().map(|(state, _)| state).collect();
    assert_eq!(
        states,
        [
            ReturnState::Requested,
            ReturnState::Refused,
            ReturnState::Contested,
            ReturnState::Approved,
            ReturnState::SentBack,
            ReturnState::Credited
        ]
    );
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_contests_what_came_and_staff_decide(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    let stone = sent_back(&world, &order, 0, 1).await;
    let lamp = sent_back(&world, &order, 0, 1).await;
    for id in [&stone, &lamp] {
        seller(&world, &order, 0, id, "contest").await.expect(200);
    }
    let refuse = json!({"outcome": "refuse", "words": "a stone was in the parcel"});
    let refused = decide(&world, &stone, refuse).await.expect(200);
    assert_eq!(refused["status"], "refused");
    assert!(refused.get("until").is_none());
    let again = buyer(&world, &order, &stone, "contest").await;
    again.problem(409, "order/return-transition-refused");
    let credit = json!({"outcome": "credit", "condition": "resellable", "words": "all is there"});
    assert_eq!(decide(&world, &lamp, credit).await.expect(200)["condition"], "resellable");
    let credits = credits(&world).await;
    assert_eq!((credits.len(), credits[0].lines[0].stock), (1, Disposition::Restock));
    assert_eq!(said(&world).await.len(), 10);
    ask(&world, &order, 0, 2).await.problem(409, "order/not-left");
    ask(&world, &order, 0, 1).await.expect(201);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn asked_for_in_the_last_second_it_is_not_completed_before_it_is_decided(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    world.wait(7 * DAY - 1);
    let id = asked(&world, &order, 0, 1).await;
    world.wait(1);
    let late = ask(&world, &order, 0, 1).await.problem(409, "order/return-window-over");
    assert_eq!(late["detail"], "the time to send it back is over");
    assert_eq!(world.app.run_timers().await, 2, "the other two");
    let late = ask(&world, &order, 1, 1).await;
    late.problem(409, "order/return-window-over");
    assert_eq!(
        statuses(&world.order(order.order_id).await),
        ["delivered", "completed", "completed"]
    );

    seller(&world, &order, 0, &id, "refuse").await.expect(200);
    assert_eq!(world.app.run_timers().await, 0, "the buyer may still contest it");
    world.wait(7 * DAY);
    assert_eq!(world.app.run_timers().await, 2, "it is refused for good, and the part kept");
    let contest = buyer(&world, &order, &id, "contest").await;
    contest.problem(409, "order/return-transition-refused");
    assert_eq!(world.app.emitted::<SellerOrderCompleted>().await.len(), 3);
    let refused = said(&world).await.pop();
    assert_eq!(refused, Some((ReturnState::Refused, None)));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_may_still_be_sent_back_is_said(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let part = async || world.order(order.order_id).await["seller_orders"][0].clone();
    assert_eq!(
        (part().await.get("returnable"), part().await.get("returnable_until")),
        (None, None)
    );
    go(&world, &order, 0, &["accept", "pack", "ship", "deliver"]).await;
    let until = "2026-11-29T12:00:00Z";
    let left = |n: u32| json!({"lines": [{"position": 0, "quantity": n}], "until": until});
    assert_eq!(part().await["returnable"], left(3));

    let two = asked(&world, &order, 0, 2).await;
    assert_eq!(part().await["returnable"], left(1));
    seller(&world, &order, 0, &two, "refuse").await.expect(200);
    buyer(&world, &order, &two, "contest").await.expect(200);
    let refuse = json!({"outcome": "refuse", "words": "it was used"});
    decide(&world, &two, refuse).await.expect(200);
    let mine = part().await;
    assert_eq!((&mine["returnable"], &mine["returnable_until"]), (&left(1), &json!(until)));

    let last = sent_back(&world, &order, 0, 1).await;
    seller(&world, &order, 0, &last, "received").await.expect(200);
    let mine = part().await;
    let none = (mine.get("returnable"), mine.get("returnable_until"));
    assert_eq!(none, (None, None), "what is left was refused for good");
    let path = format!("/v1/vendors/{}/orders/{}", order.parts[0].vendor_id, part_of(&order, 0));
    assert_eq!(world.seller(0).get(&path).await.expect(200).get("returnable_until"), None);
    ask(&world, &order, 0, 1).await.problem(409, "order/not-left");
    credits(&world).await;
    said(&world).await;
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_return_that_was_withdrawn_holds_nothing_up(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    let id = asked(&world, &order, 0, 3).await;
    ask(&world, &order, 0, 1).await.problem(409, "order/not-left");
    seller(&world, &order, 0, &id, "approve").await.expect(200);
    buyer(&world, &order, &id, "withdraw").await.expect(200);
    let twice = buyer(&world, &order, &id, "withdraw").await;
    twice.problem(409, "order/return-transition-refused");
    ask(&world, &order, 0, 4).await.problem(409, "order/not-left");
    let id = asked(&world, &order, 0, 3).await;
    buyer(&world, &order, &id, "withdraw").await.expect(200);
    world.wait(7 * DAY);
    assert_eq!(world.app.run_timers().await, 3);
    assert_eq!(said(&world).await.len(), 5);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn time_answers_where_nobody_does(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    let kept = asked(&world, &order, 0, 1).await;
    let sent = sent_back(&world, &order, 1, 2).await;
    let contested = sent_back(&world, &order, 2, 1).await;
    seller(&world, &order, 2, &contested, "contest").await.expect(200);
    world.wait(2 * DAY - 1);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 1, "no answer approves");
    world.wait(10 * DAY);
    assert_eq!(world.app.run_timers().await, 2, "it was not sent, so that it is kept");
    world.wait(2 * DAY);
    assert_eq!(
        world.app.run_timers().await,
        2,
        "nobody said how it came, and staff did not decide"
    );
    let view = world.order(order.order_id).await;
    assert_eq!(statuses(&view), ["completed", "returned", "returned"]);
    let path = format!("/v1/orders/{}/returns", order.order_id);
    let listed = world.client().get(&path).await.expect(200);
    let status = |id: &str| {
        let items = listed["items"].as_array().unwrap();
        items.iter().find(|item| item["return_id"] == id).unwrap()["status"].clone()
    };
    assert_eq!(
        [&kept, &sent, &contested].map(|id| status(id)),
        ["expired", "credited", "credited"]
    );
    // What nobody has looked at is not put up for sale.
    let stock = credits(&world).await.into_iter().map(|credit| credit.lines[0].stock);
    assert!(stock.eq([Disposition::WriteOff, Disposition::WriteOff]));
    assert_eq!(said(&world).await.len(), 12);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn only_what_was_delivered_and_only_its_own_people(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    ask(&world, &order, 0, 1).await.problem(409, "order/transition-refused");
    go(&world, &order, 0, &["accept", "pack", "ship", "deliver"]).await;
    let path = format!("/v1/orders/{}/parts/{}/returns", order.order_id, part_of(&order, 0));
    let wish = json!({"lines": [{"position": 0, "quantity": 1}], "reason": "damaged"});
    world.client().post(&path, &wish).await.problem(422, "idempotency/key-required");
    let client = world.client().key("once");
    let first = client.post(&path, &wish).await.expect(201);
    assert_eq!(client.post(&path, &wish).await.expect(201), first);
    let id = first["return_id"].as_str().unwrap();

    let stranger = world.app.as_buyer();
    let own = format!("/v1/orders/{}/returns", order.order_id);
    stranger.get(&own).await.problem(404, "not-found");
    for verb in ["withdraw", "sent-back", "contest"] {
        let answer = stranger.post(&format!("{own}/{id}/{verb}"), body(verb)).await;
        answer.problem(404, "not-found");
    }
    for verb in ["approve", "refuse", "received", "contest"] {
        let (mine, other) = (order.parts[0].vendor_id, order.parts[1].vendor_id);
        for vendor in [mine, other] {
            let path = format!("/v1/vendors/{vendor}/returns/{id}/{verb}");
            world.seller(1).post(&path, body(verb)).await.problem(404, "not-found");
        }
    }
    let list =
        |nth: usize| format!("/v1/vendors/{}/returns?status=requested", order.parts[nth].vendor_id);
    let mine = world.seller(0).get(&list(0)).await.expect(200);
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
    assert_eq!(world.seller(1).get(&list(1)).await.expect(200)["items"], json!([]));
    assert_eq!(said(&world).await.len(), 1);
}
