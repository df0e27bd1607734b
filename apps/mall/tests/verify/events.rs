//! 1, 2, 3: databases and broker.

use contracts::order::OrderPlaced;
use contracts::topics;
use testkit::sample;

use crate::stage::Stage;

const CHECKOUT: &str = "01934e5f-0000-7000-8000-00000000001e";

async fn stage() -> Stage {
    let stage = Stage::set(&["order"], &[&topics::ORDER_ORDER_EVT]).await;
    stage.emit("order", &sample::<OrderPlaced>()).await;
    stage
}

#[tokio::test]
async fn what_lies_in_an_outbox_or_was_lost_on_the_way_is_found() {
    let stage = stage().await;
    stage.holds(1).await;

    stage.commit("order", &sample::<OrderPlaced>()).await;
    stage.breaks(1, "order's outbox still holds order.placed.v1").await;

    // As a relay does that deletes before the broker acknowledged.
    stage.run("order", "delete from chassis.outbox").await;
    stage.breaks(1, "order committed version 2 of order.order.evt.v1").await;

    stage
        .run(
            "order",
            "insert into chassis.event_version values ('order.order.evt.v1', 'another', 1)",
        )
        .await;
    stage.breaks(1, "for key another, but the broker has nothing of that key").await;
}

#[tokio::test]
async fn what_was_said_without_being_committed_is_found() {
    let stage = stage().await;
    stage.holds(2).await;

    let mut ahead = stage.bus.outgoing(&sample::<OrderPlaced>());
    ahead.version = 2;
    ahead.source = "order".into();
    stage.bus.publish(&[ahead.clone()]).await;
    stage.breaks(2, &format!("is version 2 of key {CHECKOUT}, but order committed 1 only")).await;

    ahead.source = "payment".into();
    stage.bus.publish(&[ahead]).await;
    stage.breaks(2, "was said by \"payment\", but only order may speak on that topic").await;

    stage.run("order", "delete from order_events; delete from order_lines; delete from seller_orders; delete from orders").await;
    stage.breaks(2, "but order has no such row in orders").await;
}

#[tokio::test]
async fn gaps_and_repeats_that_differ_are_found_and_repeats_that_do_not_are_not() {
    let stage = stage().await;
    let event = |version| {
        let mut event = stage.bus.outgoing(&sample::<OrderPlaced>());
        event.version = version;
        event
    };
    let second = event(2);
    stage.bus.publish(&[second.clone(), second.clone()]).await;
    stage.holds(3).await;

    let mut other = second.clone();
    other.payload = Some(b"{}".to_vec());
    stage.bus.publish(&[other]).await;
    stage.breaks(3, &format!("are both version 2 of key {CHECKOUT}, but differ")).await;

    stage.bus.publish(&[event(4)]).await;
    stage.breaks(3, &format!("is version 4 of key {CHECKOUT}, right after version 2")).await;
}
