//! The same fact twice has one effect.

use chassis::apply::Applied;
use chassis::subscriptions::Kind;
use contracts::product::StockLevelChanged;
use contracts::vendor::VendorRejected;
use kernel::VendorId;
use sqlx::PgPool;
use testkit::sample;

use crate::stage::{Stage, again, applied, approved, bus, counted, suspended};

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn an_event_that_stands_at_two_offsets_of_one_batch_has_one_effect(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let first = stage.app.record(&suspended(VendorId::new(), "once"));
    let mut second = first.clone();
    second.offset += 1;

    let done = stage.consumer(Kind::Effect).apply(&[first, second]).await.unwrap();

    assert_eq!(done, Applied { next_offset: 2, applied: 1, known: 1, parked: 0 });
    assert_eq!(applied(&pool).await, ["once"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_duplicate_in_a_later_batch_is_known(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let consumer = stage.consumer(Kind::Effect);
    let first = stage.app.record(&suspended(VendorId::new(), "once"));
    let between = stage.app.record(&suspended(VendorId::new(), "another"));
    let mut late = first.clone();
    late.offset = 2;

    consumer.apply(&[first, between]).await.unwrap();
    let done = consumer.apply(&[late]).await.unwrap();

    assert_eq!(done, Applied { next_offset: 3, applied: 0, known: 1, parked: 0 });
    assert_eq!(applied(&pool).await, ["once", "another"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_handler_of_many_does_not_see_duplicates_either(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let vendor_id = VendorId::new();
    let record = |reason: &str| {
        stage.app.record(&VendorRejected { vendor_id, reason: reason.into(), ..sample() })
    };
    let (a, b) = (record("a"), record("b"));
    let mut a_again = a.clone();
    a_again.offset = 2;

    let done = stage.consumer(Kind::Effect).apply(&[a, b, a_again]).await.unwrap();

    assert_eq!(done, Applied { next_offset: 3, applied: 2, known: 1, parked: 0 });
    assert_eq!(applied(&pool).await, ["a", "b"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_batch_that_is_handed_over_again_changes_nothing(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let consumer = stage.consumer(Kind::Effect);
    let records: Vec<_> =
        (0..20).map(|n| stage.app.record(&suspended(VendorId::new(), &n.to_string()))).collect();

    consumer.apply(&records[..15]).await.unwrap();
    let overlapping = consumer.apply(&records[10..]).await.unwrap();

    assert_eq!(overlapping, Applied { next_offset: 20, applied: 5, known: 5, parked: 0 });
    let wanted: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    assert_eq!(applied(&pool).await, wanted);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_copy_is_kept_apart_from_what_it_has_by_its_place_alone(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let copies = stage.consumer(Kind::Projection);
    let records: Vec<_> =
        (0..3).map(|_| stage.app.record(&sample::<StockLevelChanged>())).collect();

    copies.apply(&records[..2]).await.unwrap();
    let done = copies.apply(&records).await.unwrap();

    assert_eq!(done, Applied { next_offset: 3, applied: 1, known: 2, parked: 0 });
    assert_eq!(applied(&pool).await.len(), 3);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_copy_may_start_over_from_the_beginning(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let copies = stage.consumer(Kind::Projection);
    let record = stage.app.record(&sample::<StockLevelChanged>());
    copies.apply(std::slice::from_ref(&record)).await.unwrap();
    sqlx::query("update chassis.consumer_offset set next_offset = 0").execute(&pool).await.unwrap();

    let done = copies.apply(&[record]).await.unwrap();

    assert_eq!(done.applied, 1, "a projection is guarded by version, not by the inbox");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_a_producer_says_twice_is_heard_once(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    for n in 0..50 {
        let record = bus.outgoing(&approved(VendorId::new(), &n.to_string()));
        bus.publish(&again(&record)).await;
    }
    let reading = stage.read(&bus, 7);

    counted(
        &pool,
        "select coalesce(sum(next_offset), 0)::bigint from chassis.consumer_offset",
        100,
    )
    .await;
    reading.stop().await;

    let wanted: Vec<String> = (0..50).map(|n| n.to_string()).collect();
    assert_eq!(applied(&pool).await, wanted);
}
