//! What was sold is taken back because a seller is late, or because a parcel is lost or comes back.

use contracts::order::{CreditCause, Disposition, SellerOrderCompleted};
use serde_json::json;
use sqlx::PgPool;

use crate::sold::{
    act, amounts, cancel_part, confirmed, credits, go, open, part_of, pieces, statuses,
};

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_that_does_not_accept_within_a_day_loses_the_order(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    for nth in [1, 2] {
        go(&world, &order, nth, &["accept"]).await;
    }
    let due = &world.order(order.order_id).await["seller_orders"][0]["due_at"];
    assert_eq!(due, "2026-11-23T12:00:00Z");
    world.wait(86_399);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 1);
    assert_eq!(world.app.run_timers().await, 0);
    let credit = credits(&world).await.remove(0);
    assert_eq!((credit.cause, credit.reason), (CreditCause::SlaExpired, None));
    assert_eq!(amounts(&credit.share), [131_274, 14_970, 2695, 634, 127]);
    let view = world.order(order.order_id).await;
    assert_eq!(statuses(&view), ["sla_expired", "accepted", "accepted"]);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_was_accepted_is_shipped_within_three_days_packed_or_not(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept"]).await;
    go(&world, &order, 1, &["accept"]).await;
    go(&world, &order, 2, &["accept", "pack", "ship"]).await;
    world.wait(200_000);
    go(&world, &order, 0, &["pack"]).await;
    world.wait(59_199);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 2);
    let view = world.order(order.order_id).await;
    assert_eq!(statuses(&view), ["sla_expired", "sla_expired", "shipped"]);
    assert_eq!(credits(&world).await.len(), 2);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_the_release_before_placed_goes_back_whole_and_has_its_time(pool: PgPool) {
    let world = open(pool.clone()).await;
    let order = confirmed(&world).await;
    sqlx::query(
        "update seller_orders
         set commission_bp = null, supply = null, has_gstin = null, has_pan = null,
             due_at = null, due_in = null",
    )
    .execute(&pool)
    .await
    .unwrap();
    let part = part_of(&order, 0);
    let some = cancel_part(&world.client(), order.order_id, part, pieces(1)).await;
    some.problem(409, "order/indivisible");
    let all = cancel_part(&world.client(), order.order_id, part, pieces(3)).await.expect(200);
    assert_eq!(statuses(&all)[0], "buyer_cancelled");
    let share = contracts::payment::Share { terms: None, ..order.parts[0].share };
    assert_eq!(credits(&world).await[0].share, share);

    world.wait(3 * 86_400 - 1);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 2);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_the_buyer_keeps_for_seven_days_is_completed(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept", "pack", "ship", "deliver"]).await;
    for nth in [1, 2] {
        go(&world, &order, nth, &["accept", "pack", "ship"]).await;
    }
    world.wait(7 * 86_400 - 1);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 1);
    assert_eq!(world.app.run_timers().await, 0);
    let completed = world.app.emitted::<SellerOrderCompleted>().await;
    assert_eq!(completed.len(), 1);
    assert_eq!(completed[0].seller_order.seller_order_id, part_of(&order, 0));
    assert!(credits(&world).await.is_empty());
    let view = world.order(order.order_id).await;
    assert_eq!(statuses(&view), ["completed", "shipped", "shipped"]);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_deadline_that_the_release_before_left_behind_means_nothing(pool: PgPool) {
    let world = open(pool.clone()).await;
    let order = confirmed(&world).await;
    let shipped = "update seller_orders set state = 'shipped' where position = 1";
    sqlx::query(shipped).execute(&pool).await.unwrap();
    act(&world, &order, 1, "reject").await.expect(200);
    act(&world, &order, 2, "reject").await.expect(200);
    let view = world.order(order.order_id).await;
    assert!(view["seller_orders"][0].get("due_at").is_none());
    world.wait(30 * 86_400 - 1);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 1);
    assert_eq!(statuses(&world.order(order.order_id).await)[0], "lost");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_parcel_that_nobody_takes_comes_back_and_its_buyer_gets_the_money(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    act(&world, &order, 0, "turned-away").await.problem(409, "order/transition-refused");
    go(&world, &order, 0, &["accept", "pack", "ship"]).await;
    act(&world, &order, 0, "came-back").await.problem(409, "order/transition-refused");
    let view = act(&world, &order, 0, "turned-away").await.expect(200);
    assert_eq!(view["status"], "rto");
    assert!(credits(&world).await.is_empty(), "it may still be taken");
    let view = act(&world, &order, 0, "came-back").await.expect(200);
    assert_eq!(view["status"], "rto_received");
    let credit = credits(&world).await.remove(0);
    assert_eq!(credit.cause, CreditCause::ReturnedToOrigin);
    assert_eq!((credit.lines[0].stock, credit.lines[0].quantity), (Disposition::Restock, 3));
    assert_eq!(credit.share, order.parts[0].share);

    // Another one comes back broken, after one piece of it was cancelled.
    let client = world.client();
    cancel_part(&client, order.order_id, part_of(&order, 1), pieces(1)).await.expect(200);
    go(&world, &order, 1, &["accept", "pack", "ship", "turned-away"]).await;
    let vendor = order.parts[1].vendor_id;
    let path = format!("/v1/vendors/{vendor}/orders/{}/came-back", part_of(&order, 1));
    world.seller(1).post(&path, json!({})).await.problem(422, "validation-error");
    let damaged = json!({"condition": "damaged"});
    let view = world.seller(1).post(&path, &damaged).await.expect(200);
    assert_eq!(view["lines"][0]["cancelled"], 1);
    let said = credits(&world).await;
    assert_eq!(said[1].lines[0].stock, Disposition::WriteOff);
    let payable: Vec<_> = said.iter().map(|credit| credit.share.payable.minor()).collect();
    assert_eq!(payable, [113_911, 113_912]);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_parcel_that_is_taken_at_the_second_attempt_is_delivered(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept", "pack", "ship", "turned-away", "deliver"]).await;
    assert_eq!(statuses(&world.order(order.order_id).await)[0], "delivered");
    act(&world, &order, 0, "lost").await.problem(409, "order/transition-refused");
    world.wait(90 * 86_400);
    assert_eq!(world.app.run_timers().await, 3, "it was kept, the other two were never accepted");
    assert_eq!(statuses(&world.order(order.order_id).await)[0], "completed");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_parcel_that_is_lost_or_never_arrives_is_written_off(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    for nth in [0, 1, 2] {
        go(&world, &order, nth, &["accept", "pack", "ship"]).await;
    }
    world.wait(3 * 86_400 - 1);
    let early = act(&world, &order, 1, "lost").await.problem(409, "order/not-lost-yet");
    assert_eq!(
        early["detail"],
        "it may still arrive; from 2026-11-25T12:00:00Z on it can be reported lost, and staff can say so before"
    );
    assert!(credits(&world).await.is_empty());
    world.wait(1);
    let view = act(&world, &order, 1, "lost").await.expect(200);
    assert_eq!(view["status"], "lost");
    let credit = credits(&world).await.remove(0);
    assert_eq!((credit.cause, credit.lines[0].stock), (CreditCause::Lost, Disposition::WriteOff));
    assert_eq!(credit.share, order.parts[1].share);

    go(&world, &order, 2, &["turned-away"]).await;
    world.wait(27 * 86_400 - 1);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 1);
    world.wait(3 * 86_400);
    assert_eq!(world.app.run_timers().await, 1);
    assert_eq!(statuses(&world.order(order.order_id).await), ["lost"; 3]);
    assert_eq!(credits(&world).await.len(), 2);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn staff_declare_a_parcel_lost_at_once(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let path = format!("/v1/admin/orders/{}/lost", part_of(&order, 0));
    let reason = json!({"reason": "the carrier burnt down"});
    let staff = world.app.as_staff(&["orders.cancel"]);
    staff.post(&path, &reason).await.problem(409, "order/transition-refused");
    go(&world, &order, 0, &["accept", "pack", "ship"]).await;
    for stranger in [world.client(), world.seller(0), world.app.as_staff(&["look"])] {
        stranger.post(&path, &reason).await.problem(403, "forbidden");
    }
    let view = staff.post(&path, &reason).await.expect(200);
    assert_eq!(view["status"], "lost");
    let credit = credits(&world).await.remove(0);
    assert_eq!((credit.cause, credit.lines[0].stock), (CreditCause::Lost, Disposition::WriteOff));
    assert_eq!(credit.reason.as_deref(), Some("the carrier burnt down"));
    let timeline = format!("/v1/orders/{}/timeline?limit=100", order.order_id);
    let timeline = world.client().get(&timeline).await.expect(200);
    let last = timeline["items"].as_array().unwrap().last().unwrap();
    assert_eq!(last["cause"], "staff.lost");
    let text = last["text"].as_str().unwrap();
    assert!(text.starts_with("What nila sent was lost on the way"), "{text}");
    let seen = world.order(order.order_id).await;
    assert_eq!(seen["lines"][0]["lost"], 3);
    assert_eq!(seen["taken_back"], seen["seller_orders"][0]["total"]);
}
