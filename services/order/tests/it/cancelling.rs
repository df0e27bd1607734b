//! Orders that end unpaid: the window is over, the buyer changes their mind, and money that comes in between.

use contracts::cart::PaymentMethod;
use contracts::order::{
    CancelReason, CreditCause, OrderCancelled, OrderConfirmed, SellerOrderCredited,
};
use contracts::payment::CreatePayment;
use contracts::product::Reserve;
use kernel::OrderId;
use sqlx::PgPool;
use testkit::Answer;

use crate::world::{World, cancelled, cancels, captured, cod_accepted, rejected, reserved};

async fn cancel(world: &World, order_id: OrderId) -> Answer {
    world.client().post(&format!("/v1/orders/{order_id}/cancel"), ()).await
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn when_the_window_is_over_the_owner_of_the_money_is_asked_and_its_answer_cancels(
    pool: PgPool,
) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    world.wait(899);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 1);
    assert_eq!(world.app.run_timers().await, 0);

    let asked = cancels(&world).await;
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].payment_id, payment.payment_id);
    assert_eq!(world.order(payment.order_id).await["status"], "cancel_pending");
    assert!(world.app.emitted::<OrderCancelled>().await.is_empty());

    world.app.deliver(cancelled(&payment)).await;
    world.app.deliver(cancelled(&payment)).await;
    let emitted = world.app.emitted::<OrderCancelled>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].reason, CancelReason::PaymentWindowOver);
    assert_eq!(
        world.history(payment.order_id).await,
        ["placed", "reserving", "reserved", "awaiting_payment", "cancel_pending", "cancelled"]
    );
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn money_that_came_first_wins_over_the_window(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    world.wait(900);
    world.app.run_timers().await;
    world.app.deliver(captured(&payment)).await;
    assert_eq!(world.app.emitted::<OrderConfirmed>().await.len(), 1);
    assert_eq!(world.order(payment.order_id).await["status"], "confirmed");
    assert_eq!(
        world.history(payment.order_id).await[3..],
        ["awaiting_payment", "cancel_pending", "confirmed"]
    );
    assert!(world.app.emitted::<SellerOrderCredited>().await.is_empty(), "nobody cancelled it");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn money_for_a_cancelled_order_leaves_it_cancelled(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    world.wait(900);
    world.app.run_timers().await;
    world.app.deliver(cancelled(&payment)).await;
    world.app.deliver(captured(&payment)).await;
    assert!(world.app.emitted::<OrderConfirmed>().await.is_empty());
    assert_eq!(world.order(payment.order_id).await["status"], "cancelled");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_payment_that_its_owner_ended_itself_cancels_by_the_published_way(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    world.app.deliver(cancelled(&payment)).await;
    let emitted = world.app.emitted::<OrderCancelled>().await;
    assert_eq!(emitted[0].reason, CancelReason::PaymentWindowOver);
    assert_eq!(
        world.history(payment.order_id).await[3..],
        ["awaiting_payment", "cancel_pending", "cancelled"]
    );
    assert!(cancels(&world).await.is_empty());
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_buyer_cancels_before_paying(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    let answer = cancel(&world, payment.order_id).await.expect(202);
    assert_eq!(answer["status"], "cancel_pending");
    let again = cancel(&world, payment.order_id).await.expect(202);
    assert_eq!(again, answer);
    assert_eq!(cancels(&world).await.len(), 1);

    world.app.deliver(cancelled(&payment)).await;
    let emitted = world.app.emitted::<OrderCancelled>().await;
    assert_eq!(emitted[0].reason, CancelReason::BuyerCancelled);
    let done = cancel(&world, payment.order_id).await.expect(200);
    assert_eq!(done["status"], "cancelled");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_buyer_who_pays_after_all_gets_the_order(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    cancel(&world, payment.order_id).await.expect(202);
    world.app.deliver(captured(&payment)).await;
    assert_eq!(world.order(payment.order_id).await["status"], "confirmed");
}

/// The window began to end the order, and then the buyer cancels: the wish counts as if it had begun it.
#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_buyer_who_cancels_after_the_window_gets_the_money_that_comes_all_the_same_back(
    pool: PgPool,
) {
    let world = World::open(pool).await;
    for pays in [true, false] {
        let payment = world.await_payment(PaymentMethod::Upi).await;
        world.wait(900);
        assert_eq!(world.app.run_timers().await, 1);
        for _ in 0..2 {
            let answer = cancel(&world, payment.order_id).await.expect(202);
            assert_eq!(answer["status"], "cancel_pending");
        }
        assert_eq!(cancels(&world).await.len(), 1, "it was asked to end already");
        if pays {
            world.app.deliver(captured(&payment)).await;
            let back = world.app.emitted::<SellerOrderCredited>().await;
            assert_eq!(back.iter().map(|credit| credit.share).collect::<Vec<_>>(), payment.shares);
            assert!(back.iter().all(|credit| credit.cause == CreditCause::BuyerCancelled));
        } else {
            world.app.deliver(cancelled(&payment)).await;
            let ended = world.app.emitted::<OrderCancelled>().await;
            assert_eq!(ended[0].reason, CancelReason::BuyerCancelled);
        }
    }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_buyer_who_cancels_before_cash_is_granted_does_not_get_the_order(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Cod).await;
    cancel(&world, payment.order_id).await.expect(202);
    // The grant was on its way before the wish; the answer to the wish is behind it.
    world.app.deliver(cod_accepted(&payment)).await;
    assert_eq!(world.order(payment.order_id).await["status"], "cancel_pending");
    world.app.deliver(cancelled(&payment)).await;
    assert_eq!(world.order(payment.order_id).await["status"], "cancelled");
    assert!(world.app.emitted::<OrderConfirmed>().await.is_empty());
    let ended = world.app.emitted::<OrderCancelled>().await;
    assert_eq!(ended[0].reason, CancelReason::BuyerCancelled);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn cash_that_is_granted_after_the_window_does_not_confirm(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Cod).await;
    world.wait(900);
    assert_eq!(world.app.run_timers().await, 1);
    world.app.deliver(cod_accepted(&payment)).await;
    world.app.deliver(cancelled(&payment)).await;
    assert_eq!(world.order(payment.order_id).await["status"], "cancelled");
    assert!(world.app.emitted::<OrderConfirmed>().await.is_empty());
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_answer_that_does_not_come_is_asked_for_again_and_then_left_to_a_person(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    cancel(&world, payment.order_id).await.expect(202);
    assert_eq!(cancels(&world).await.len(), 1);
    let mut asked = Vec::new();
    for minute in 1..=60 {
        world.wait(60);
        world.app.run_timers().await;
        let again = cancels(&world).await;
        assert!(again.iter().all(|ask| ask.payment_id == payment.payment_id));
        asked.extend(again.iter().map(|_| minute));
    }
    assert_eq!(asked, [1, 5, 15]);
    assert_eq!(world.order(payment.order_id).await["status"], "cancel_pending");

    world.app.deliver(cancelled(&payment)).await;
    assert_eq!(world.order(payment.order_id).await["status"], "cancelled", "however late");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn before_a_payment_was_asked_for_cancelling_ends_the_order_at_once(pool: PgPool) {
    let world = World::open(pool).await;
    let placed = world.place(PaymentMethod::Upi).await.order;
    let asked = world.app.emitted::<Reserve>().await.remove(0);
    let answer = cancel(&world, placed.order_id).await.expect(200);
    assert_eq!(answer["status"], "cancelled");
    assert_eq!(world.app.emitted::<OrderCancelled>().await.len(), 1);

    world.app.deliver(reserved(&asked)).await;
    assert!(world.app.emitted::<CreatePayment>().await.is_empty());
    assert_eq!(world.history(placed.order_id).await, ["placed", "reserving", "cancelled"]);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_lost_answer_about_the_stock_ends_the_order_with_its_reservation(pool: PgPool) {
    let world = World::open(pool).await;
    let placed = world.place(PaymentMethod::Upi).await.order;
    world.wait(1199);
    assert_eq!(world.app.run_timers().await, 0);
    world.wait(1);
    assert_eq!(world.app.run_timers().await, 1);
    assert_eq!(world.app.emitted::<OrderCancelled>().await.len(), 1);
    assert!(cancels(&world).await.is_empty());
    assert_eq!(world.order(placed.order_id).await["status"], "cancelled");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_rejected_order_cannot_be_cancelled(pool: PgPool) {
    let world = World::open(pool).await;
    let placed = world.place(PaymentMethod::Upi).await.order;
    let asked = world.app.emitted::<Reserve>().await.remove(0);
    world.app.deliver(rejected(&asked, vec![])).await;
    cancel(&world, placed.order_id).await.problem(409, "order/not-cancellable");
    assert_eq!(world.order(placed.order_id).await["status"], "rejected");
    assert!(cancels(&world).await.is_empty());
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn many_windows_that_are_over_at_once_are_all_closed(pool: PgPool) {
    let world = World::open(pool).await;
    for _ in 0..3 {
        world.await_payment(PaymentMethod::Upi).await;
    }
    world.place(PaymentMethod::Upi).await;
    world.wait(900);
    assert_eq!(world.app.run_timers().await, 3);
    assert_eq!(cancels(&world).await.len(), 3);
}
