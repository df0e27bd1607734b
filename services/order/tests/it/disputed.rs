//! A buyer's bank took the money back, and the sellers bear it.

use contracts::order::{CreditCause, Disposition};
use contracts::payment::{DisputeBearer, DisputeChanged, DisputeState, PaymentRef};
use sqlx::PgPool;
use testkit::sample;

use crate::sold::{confirmed, credits, go, open, statuses};

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn all_that_is_left_is_taken_back_wherever_it_is(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept", "pack"]).await;
    go(&world, &order, 1, &["accept", "pack", "ship", "deliver"]).await;
    go(&world, &order, 2, &["accept", "pack", "ship"]).await;
    credits(&world).await;

    let payment = PaymentRef { order_id: order.order_id, ..sample::<DisputeChanged>().payment };
    let lost = |bearer| DisputeChanged {
        payment: payment.clone(),
        state: DisputeState::Lost,
        bearer,
        ..sample()
    };
    for nothing in [None, Some(DisputeBearer::Platform)] {
        world.app.deliver(lost(nothing)).await;
        assert!(credits(&world).await.is_empty(), "the sellers bear nothing");
    }
    for _ in 0..2 {
        world.app.deliver(lost(Some(DisputeBearer::Sellers))).await;
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
}
