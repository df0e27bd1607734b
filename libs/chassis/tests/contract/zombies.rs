//! Two readers of one partition: the one that lost it does no harm.

use chassis::Subscriptions;
use chassis::apply::Applied;
use chassis::subscriptions::Kind;
use contracts::vendor::VendorSuspended;
use kernel::VendorId;
use sqlx::PgPool;
use testkit::eventually;
use testkit::wait::within;

use crate::stage::{LOCKED, Reading, Stage, applied, bus, count, counted, entered, suspended};

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_second_waits_for_the_first_and_finds_everything_known(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let records =
        ["a", "wait", "b"].map(|what| stage.app.record(&suspended(VendorId::new(), what)));
    let (zombie, heir) = (stage.consumer(Kind::Effect), stage.consumer(Kind::Effect));
    let batch = records.clone();
    let stuck = tokio::spawn(async move { zombie.apply(&batch).await.unwrap() });
    entered(&stage.strings, 2).await;
    let taking_over = tokio::spawn(async move { heir.apply(&records).await.unwrap() });
    eventually("the heir waits", async || (count(&pool, LOCKED).await > 0).then_some(())).await;

    stage.strings.gate.add_permits(1);

    assert_eq!(stuck.await.unwrap().applied, 3);
    let known = Applied { next_offset: 3, applied: 0, known: 3, parked: 0 };
    assert_eq!(taking_over.await.unwrap(), known);
    assert_eq!(applied(&pool).await, ["a", "wait", "b"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_zombie_that_comes_back_with_an_old_batch_changes_nothing(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let records =
        ["a", "wait", "b"].map(|what| stage.app.record(&suspended(VendorId::new(), what)));
    let (zombie, heir) = (stage.consumer(Kind::Effect), stage.consumer(Kind::Effect));
    let batch = records.clone();
    let consumer = zombie.clone();
    let stuck = tokio::spawn(async move { consumer.apply(&batch).await });
    entered(&stage.strings, 2).await;
    // Its session ends: what it had done in the transaction is gone.
    stuck.abort();
    stuck.await.unwrap_err();
    stage.strings.gate.add_permits(1);

    let more = stage.app.record(&suspended(VendorId::new(), "c"));
    assert_eq!(heir.apply(&records).await.unwrap().applied, 3);
    assert_eq!(heir.apply(std::slice::from_ref(&more)).await.unwrap().applied, 1);
    let late = zombie.apply(&records).await.unwrap();

    assert_eq!(late, Applied { next_offset: 4, applied: 0, known: 3, parked: 0 });
    assert_eq!(applied(&pool).await, ["a", "wait", "b", "c"]);
    assert_eq!(count(&pool, "select next_offset from chassis.consumer_offset").await, 4);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_rebalance_in_the_middle_of_a_batch_doubles_and_loses_nothing(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(2).await);
    let keys: Vec<VendorId> = (0..20).map(|_| VendorId::new()).collect();
    for key in &keys {
        bus.emit(&suspended(*key, "before")).await;
    }
    // Of one topic with two partitions each of two readers gets one.
    let mut consumer = stage.consumer(Kind::Effect);
    let subscriptions = Subscriptions::default().handle::<VendorSuspended>();
    consumer.handlers = subscriptions.of(&stage.app.app).handlers(Kind::Effect).clone();
    let first = Reading::start(consumer.clone(), &bus, 500);
    counted(&pool, "select count(*) from applied", 20).await;
    // Both partitions stop in the middle of a batch, with the transaction open.
    for what in ["wait", "after"] {
        for key in &keys {
            bus.emit(&suspended(*key, what)).await;
        }
    }
    entered(&stage.strings, 22).await;

    let second = Reading::start(consumer, &bus, 500);
    let patience = std::time::Duration::from_mins(1);
    within(patience, "the second reader waits for a batch of the first", async || {
        (count(&pool, LOCKED).await > 0).then_some(())
    })
    .await;
    stage.strings.gate.add_permits(1_000);
    counted(&pool, "select count(*) from applied", 60).await;
    first.stop().await;
    for key in &keys {
        bus.emit(&suspended(*key, "at last")).await;
    }
    counted(&pool, "select count(*) from applied", 80).await;
    second.stop().await;

    assert_eq!(count(&pool, "select count(distinct event_id) from applied").await, 80);
    let disorder = "select count(*) from (
        select version, lag(version, 1, 0::bigint) over (partition by key order by nth) as before from applied) a
        where version <> before + 1";
    assert_eq!(count(&pool, disorder).await, 0);
}
