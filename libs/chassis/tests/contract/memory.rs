//! What was heard is remembered for a month, and not for ever.

use chassis::janitor::{self, Swept};
use chassis::subscriptions::Kind;
use jiff::SignedDuration;
use kernel::VendorId;
use sqlx::PgPool;

use crate::stage::{Stage, suspended};

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn ids_of_events_are_thrown_away_after_thirty_days(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let consumer = stage.consumer(Kind::Effect);
    consumer.apply(&[stage.app.record(&suspended(VendorId::new(), "old"))]).await.unwrap();
    stage.app.clock.advance(SignedDuration::from_hours(29 * 24));
    let fresh = stage.app.record(&suspended(VendorId::new(), "fresh"));
    consumer.apply(std::slice::from_ref(&fresh)).await.unwrap();
    assert_eq!(janitor::sweep(stage.app.db()).await.unwrap(), Swept::default());

    stage.app.clock.advance(SignedDuration::from_hours(2 * 24));
    let swept = janitor::sweep(stage.app.db()).await.unwrap();

    assert_eq!(swept, Swept { inbox: 1, idempotency: 0 });
    let mut late = fresh;
    late.offset = 2;
    assert_eq!(consumer.apply(&[late]).await.unwrap().known, 1, "the fresh one is still known");
}
