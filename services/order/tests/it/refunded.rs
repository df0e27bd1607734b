//! Money that goes back, as its buyer reads it at the order.

use contracts::cart::PaymentMethod;
use contracts::order::{OrderConfirmed, OrderFact};
use contracts::payment::{
    CodCollected, CreatePayment, RefundDone, RefundFailed, RefundKind, RefundRef, RefundRequested,
};
use contracts::user::ContactUpdated;
use jiff::SignedDuration;
use kernel::{Clock, Currency, Money, RefundId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::sold::{await_payment, cancel_part, confirmed, open, part_of};
use crate::world::{World, cod_accepted, payment_ref};

fn refund(order: &OrderFact, kind: RefundKind, amount: Money) -> RefundRef {
    let refund = sample::<RefundRequested>().refund;
    RefundRef { refund_id: RefundId::new(), order_id: order.order_id, kind, amount, ..refund }
}

fn done(refund: &RefundRef) -> RefundDone {
    let bank_reference = Some("433412345678".to_owned());
    RefundDone { refund: refund.clone(), bank_reference, ..sample() }
}

/// What the timeline says of money that went back.
async fn told(world: &World, order: &OrderFact) -> Vec<String> {
    let path = format!("/v1/orders/{}/timeline?limit=100", order.order_id);
    let steps = world.client().get(&path).await.expect(200);
    let steps = steps["items"].as_array().unwrap().iter();
    let of_refunds = steps.filter(|step| step["cause"] == "refund.done");
    of_refunds.map(|step| step["text"].as_str().unwrap().to_owned()).collect()
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_order_says_what_goes_back_where_it_stands_and_what_the_bank_calls_it(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let before = world.order(order.order_id).await;
    assert_eq!((&before["refunds"], &before["refunded"]["amount"]), (&json!([]), &json!(0)));
    let back = refund(&order, RefundKind::Credit, Money::inr(99_800));
    world.app.deliver(RefundRequested { refund: back.clone() }).await;
    let state =
        async |world: &World| world.order(order.order_id).await["refunds"][0]["state"].clone();
    assert_eq!(state(&world).await, "requested");
    for (needs_a_person, stands) in [(false, "requested"), (true, "delayed")] {
        world.app.deliver(RefundFailed { refund: back.clone(), needs_a_person, ..sample() }).await;
        assert_eq!(state(&world).await, stands);
    }
    assert!(told(&world, &order).await.is_empty());
    world.app.deliver(done(&back)).await;

    let view = world.order(order.order_id).await;
    assert_eq!(view["refunded"]["amount"], 99_800);
    let [shown] = &view["refunds"].as_array().unwrap()[..] else { panic!("{view}") };
    assert_eq!(shown["refund_id"], json!(back.refund_id));
    assert_eq!((&shown["state"], &shown["reason"]), (&json!("done"), &json!("credit")));
    assert_eq!((&shown["at"], &shown["reference"]), (&json!(back.at), &json!("433412345678")));
    assert_eq!(shown["credit_id"], json!(back.credit_id));
    assert_eq!(told(&world, &order).await, ["₹998.00 went back to you."]);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn in_any_order_and_said_twice_it_is_the_same(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let back = refund(&order, RefundKind::Credit, Money::inr(99_800));
    let dollars = Money::new(1_500, Currency::Usd);
    let wrong = refund(&order, RefundKind::Mismatch, dollars);
    for _ in 0..2 {
        // A record that is read again is handled again.
        world.app.deliver(done(&back)).await;
        world.app.deliver(RefundFailed { refund: back.clone(), ..sample() }).await;
        world.app.deliver(RefundRequested { refund: back.clone() }).await;
        world.app.deliver(done(&wrong)).await;
    }
    let view = world.order(order.order_id).await;
    let refunds = view["refunds"].as_array().unwrap();
    assert!(refunds.iter().all(|refund| refund["state"] == "done"), "{view}");
    assert_eq!((refunds.len(), &view["refunded"]), (2, &json!(Money::inr(99_800))));
    assert_eq!(told(&world, &order).await.len(), 2);
}

/// The cash for the `nth` seller order was taken, so many seconds ago.
fn taken(
    world: &World,
    asked: &CreatePayment,
    order: &OrderFact,
    nth: usize,
    ago: i64,
) -> CodCollected {
    let mut payment = payment_ref(asked);
    payment.at = world.app.clock.now() - SignedDuration::from_secs(ago);
    let part = &order.parts[nth];
    let (seller_order_id, vendor_id) = (part.seller_order_id, part.vendor_id);
    CodCollected { payment, seller_order_id, vendor_id, collected: part.total }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn cash_is_taken_once_it_is_for_every_seller_order_that_is_left(pool: PgPool) {
    let world = open(pool).await;
    let asked = await_payment(&world, PaymentMethod::Cod).await;
    world.app.deliver(cod_accepted(&asked)).await;
    let order = world.app.emitted::<OrderConfirmed>().await.remove(0).order;
    let status = async || world.order(order.order_id).await["payment"]["status"].clone();
    for nth in [0, 0, 1] {
        world.app.deliver(taken(&world, &asked, &order, nth, 0)).await;
        assert_eq!(status().await, "cod_accepted");
    }
    let (client, whole) = (world.client(), Value::Null);
    cancel_part(&client, order.order_id, part_of(&order, 2), whole).await.expect(200);
    assert_eq!(status().await, "cod_collected");
    let path = format!("/v1/admin/orders/{}", order.order_id);
    let staff = world.app.as_staff(&["look"]).get(&path).await.expect(200);
    assert_eq!(staff["payment"]["status"], "cod_collected");
    let told = staff["steps"].as_array().unwrap().iter();
    let told: Vec<_> = told.filter(|step| step["cause"] == "payment.cod_collected").collect();
    assert_eq!(told.len(), 2, "a record that is read again is told once");
    let sentence = "The cash for the part of nila was taken at the door: ₹1,497.00.";
    assert_eq!(told[0]["text"], sentence);
    crate::sold::credits(&world).await;
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_timeline_goes_on_in_time_whatever_other_clocks_say(pool: PgPool) {
    let world = open(pool).await;
    let asked = await_payment(&world, PaymentMethod::Cod).await;
    world.app.deliver(cod_accepted(&asked)).await;
    let order = world.app.emitted::<OrderConfirmed>().await.remove(0).order;
    world.wait(600);
    let mut back = refund(&order, RefundKind::Goodwill, Money::inr(5_000));
    // It was back long ago, and that was found out only now; the cash was taken by a clock that is ahead.
    back.at = world.app.clock.now() - SignedDuration::from_secs(300);
    world.app.deliver(taken(&world, &asked, &order, 0, -30)).await;
    world.app.deliver(done(&back)).await;
    crate::sold::go(&world, &order, 0, &["accept"]).await;
    let path = format!("/v1/orders/{}/timeline?limit=100", order.order_id);
    let steps = world.client().get(&path).await.expect(200);
    let times: Vec<_> = steps["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["at"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted(), "{steps}");
    assert_eq!(world.order(order.order_id).await["refunds"][0]["at"], json!(back.at));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_is_paid_in_parts_adds_up_to_what_was_owed(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let whole = refund(&order, RefundKind::Credit, Money::inr(100_000));
    world.app.deliver(RefundRequested { refund: whole.clone() }).await;
    // The provider has too little for all of it at once.
    let first = RefundRef { amount: Money::inr(40_000), ..whole };
    let rest = refund(&order, RefundKind::Credit, Money::inr(60_000));
    world.app.deliver(RefundRequested { refund: rest.clone() }).await;
    for part in [&first, &rest] {
        world.app.deliver(done(part)).await;
    }
    assert_eq!(world.order(order.order_id).await["refunded"], json!(Money::inr(100_000)));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn of_a_buyer_who_is_forgotten_no_number_at_the_bank_is_shown(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    world.app.deliver(done(&refund(&order, RefundKind::Credit, Money::inr(99_800)))).await;
    let buyer = ContactUpdated { user_id: world.buyer, ..sample() };
    let mut gone = world.app.record(&buyer);
    gone.payload = None;
    world.app.deliver_record(gone).await;
    let refund: Value = world.order(order.order_id).await["refunds"][0].clone();
    assert_eq!((&refund["state"], refund.get("reference")), (&json!("done"), None));
}
