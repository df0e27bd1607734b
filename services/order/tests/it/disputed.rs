//! A buyer's bank took the money back, and the sellers bear it.

use contracts::order::{
    CreditCause, Disposition, OrderFact, ParcelEnded, ReturnChanged, ReturnReceived, ReturnState,
    SellerOrderDelivered,
};
use contracts::payment::{DisputeBearer, DisputeChanged, DisputeState, PaymentRef};
use kernel::{Clock, Money};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::returns::{ask, asked, delivered, sent_back};
use crate::sold::{act, confirmed, credits, go, open, statuses};

/// The buyer's bank took the money of `order` back, and somebody bears it, or nobody.
fn lost(order: &OrderFact, bearer: Option<DisputeBearer>) -> DisputeChanged {
    let payment = PaymentRef { order_id: order.order_id, ..sample::<DisputeChanged>().payment };
    DisputeChanged { payment, state: DisputeState::Lost, bearer, ..sample() }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn all_that_is_left_is_taken_back_wherever_it_is(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept", "pack"]).await;
    go(&world, &order, 1, &["accept", "pack", "ship", "deliver"]).await;
    go(&world, &order, 2, &["accept", "pack", "ship"]).await;
    credits(&world).await;

    for nothing in [None, Some(DisputeBearer::Platform)] {
        world.app.deliver(lost(&order, nothing)).await;
        assert!(credits(&world).await.is_empty(), "the sellers bear nothing");
    }
    for _ in 0..2 {
        world.app.deliver(lost(&order, Some(DisputeBearer::Sellers))).await;
    }
    let said = credits(&world).await;
    let stock: Vec<_> = said.iter().map(|credit| credit.lines[0].stock).collect();
    assert_eq!(stock, [Disposition::Uncommit, Disposition::None, Disposition::None]);
    for (credit, part) in said.iter().zip(&order.parts) {
        assert_eq!((credit.cause, credit.ended), (CreditCause::Disputed, true));
        assert_eq!(credit.share, part.share);
    }
    let view = world.order(order.order_id).await;
    assert_eq!(statuses(&view), ["staff_cancelled", "delivered", "lost"]);
    assert_eq!(view["paid_by_bank"], view["taken_back"], "none of it is a refund of ours");
    for line in view["lines"].as_array().unwrap() {
        assert_eq!((&line["lost"], &line["returned"]), (&json!(0), &json!(0)));
        let gone = ["cancelled", "settled"].map(|how| line[how].as_u64().unwrap());
        assert_eq!(gone.iter().sum::<u64>(), line["quantity"].as_u64().unwrap());
    }
    let settled: Vec<_> = view["lines"].as_array().unwrap().iter().map(|l| &l["settled"]).collect();
    assert_eq!(settled, [0, 2, 1], "the first was not sent");
    let path = format!("/v1/admin/orders/{}", order.order_id);
    let seen = world.app.as_staff(&["look"]).get(&path).await.expect(200);
    let line = &seen["seller_orders"][1]["lines"][0];
    assert_eq!((&line["settled"], &line["lost"], &line["left"]), (&json!(2), &json!(0), &json!(0)));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_parcel_on_its_way_goes_to_its_end_without_money(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    for nth in 0..3 {
        go(&world, &order, nth, &["accept", "pack", "ship"]).await;
    }
    act(&world, &order, 0, "turned-away").await.expect(200);
    world.app.deliver(lost(&order, Some(DisputeBearer::Sellers))).await;
    assert_eq!(credits(&world).await.len(), 3);

    // One comes back, one arrives after all, and of one nothing is heard any more.
    let view = act(&world, &order, 0, "came-back").await.expect(200);
    let stands = |view: &Value| (view["status"].clone(), view["parcels"][0]["status"].clone());
    assert_eq!(stands(&view), (json!("lost"), json!("rto_received")));
    act(&world, &order, 0, "came-back").await.problem(409, "order/transition-refused");
    let view = act(&world, &order, 1, "deliver").await.expect(200);
    assert_eq!(stands(&view), (json!("lost"), json!("delivered")));
    assert_eq!(world.app.emitted::<SellerOrderDelivered>().await.len(), 1);
    act(&world, &order, 1, "came-back").await.problem(409, "order/transition-refused");
    act(&world, &order, 2, "turned-away").await.expect(200);
    world.wait(31 * 86_400);
    assert_eq!(world.app.run_timers().await, 1);
    assert_eq!(world.app.run_timers().await, 0, "it is over");
    let view = world.order(order.order_id).await;
    assert_eq!(view["seller_orders"][2]["parcels"][0]["status"], "lost");

    let ended = world.app.emitted::<ParcelEnded>().await;
    let moved = ended
        .iter()
        .map(|ended| (ended.seller_order.seller_order_id, ended.lines[0].quantity, ended.stock));
    let part = |nth: usize| order.parts[nth].seller_order_id;
    let expected = [(part(0), 3, Disposition::Restock), (part(2), 1, Disposition::WriteOff)];
    assert_eq!(moved.collect::<Vec<_>>(), expected);
    assert!(credits(&world).await.is_empty(), "no money moves");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_was_being_sent_back_is_settled_with_it(pool: PgPool) {
    let world = open(pool).await;
    let order = delivered(&world).await;
    let wish = asked(&world, &order, 0, 1).await;
    let on_its_way = sent_back(&world, &order, 0, 2).await;
    let withdrawn = asked(&world, &order, 1, 1).await;
    let path = format!("/v1/orders/{}/returns", order.order_id);
    world.client().post(&format!("{path}/{withdrawn}/withdraw"), ()).await.expect(200);
    world.app.emitted::<ReturnChanged>().await;

    for _ in 0..2 {
        world.app.deliver(lost(&order, Some(DisputeBearer::Sellers))).await;
    }
    let said = world.app.emitted::<ReturnChanged>().await;
    let settled: Vec<_> = said.iter().map(|said| said.return_id.to_string()).collect();
    assert_eq!(settled, [wish.clone(), on_its_way.clone()]);
    assert!(said.iter().all(|said| (said.state, said.until) == (ReturnState::Settled, None)));
    assert_eq!(credits(&world).await.len(), 3);

    let listed = world.client().get(&path).await.expect(200);
    let states: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|item| &item["status"]).collect();
    assert_eq!(states, ["withdrawn", "settled", "settled"]);
    let vendor = order.parts[0].vendor_id;
    let theirs = format!("/v1/vendors/{vendor}/returns?status=settled");
    let theirs = world.seller(0).get(&theirs).await.expect(200);
    assert_eq!(theirs["items"].as_array().unwrap().len(), 2);
    let staff = world.app.as_staff(&["look"]).get("/v1/admin/returns?status=settled").await;
    let last = staff.expect(200)["items"][0]["steps"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["by"], &last["status"]), (&json!("bank"), &json!("settled")));

    let mine = &world.order(order.order_id).await["seller_orders"][0];
    assert_eq!((&mine["returns"], mine.get("returnable_until")), (&json!([]), None));
    let path = format!("/v1/vendors/{vendor}/returns/{on_its_way}/received");
    let came = world.seller(0).post(&path, json!({"condition": "resellable"})).await.expect(200);
    assert_eq!((&came["status"], &came["condition"]), (&json!("settled"), &json!("resellable")));
    let again = world.seller(0).post(&path, json!({"condition": "damaged"})).await;
    again.problem(409, "order/return-transition-refused");
    let received = world.app.emitted::<ReturnReceived>().await;
    let [ReturnReceived { return_id, lines, stock, .. }] = &received[..] else {
        panic!("{received:?}")
    };
    assert_eq!((return_id.to_string(), lines[0].quantity), (on_its_way, 2));
    assert_eq!(*stock, Disposition::Restock);
    assert!(credits(&world).await.is_empty(), "no money moves");
    let approve = format!("/v1/vendors/{vendor}/returns/{wish}/approve");
    let late = world.seller(0).post(&approve, ()).await;
    late.problem(409, "order/return-transition-refused");
    ask(&world, &order, 0, 1).await.problem(409, "order/not-left");
    world.wait(30 * 86_400);
    assert_eq!(world.app.run_timers().await, 3, "nothing is waited for: all three are kept");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn after_november_following_its_year_no_tax_goes_back_with_it(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    for nth in 0..3 {
        go(&world, &order, nth, &["accept", "pack", "ship", "deliver"]).await;
    }
    world.app.clock.advance(
        "2027-12-01T06:00:00Z"
            .parse::<jiff::Timestamp>()
            .unwrap()
            .duration_since(world.app.clock.now()),
    );
    credits(&world).await;
    let payment = PaymentRef { order_id: order.order_id, ..sample::<DisputeChanged>().payment };
    let (state, bearer) = (DisputeState::Lost, Some(DisputeBearer::Sellers));
    world.app.deliver(DisputeChanged { payment, state, bearer, ..sample() }).await;

    let said = credits(&world).await;
    assert_eq!(said.len(), 3);
    for (credit, part) in said.iter().zip(&order.parts) {
        let (back, sold) = (credit.share, part.share);
        assert!(credit.commercial && credit.ended);
        assert_eq!((back.gross, back.tcs), (sold.gross, Money::inr(0)));
        assert_eq!(back.payable, sold.payable.add(sold.tcs).unwrap(), "its seller bears the rest");
        assert_eq!(back.terms.unwrap().tcs_base, Money::inr(0));
        for line in &credit.lines {
            assert_eq!((line.taxable, line.tax), (line.total, Money::inr(0)));
        }
    }
}
