//! Nothing waits for ever: an event that cannot be handled yet, or can never be written, stops nobody else.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chassis::Problem;
use chassis::subscriptions::Kind;
use contracts::ops::DeadLettered;
use contracts::vendor::KycSubmitted;
use kernel::VendorId;
use sqlx::PgPool;
use testkit::{sample, wait};

use crate::stage::{Stage, applied, bus, count, heard, suspended};

const PATIENCE: Duration = Duration::from_secs(30);

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_cannot_be_handled_yet_waits_aside_and_comes_back_by_itself(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let early = VendorId::new();
    for (key, what) in [(early, "early:1"), (early, "2"), (VendorId::new(), "after")] {
        bus.emit(&suspended(key, what)).await;
    }
    let reading = stage.read(&bus, 500);
    heard(&pool, &["after"]).await;
    let problems: Vec<_> = stage.letters().await.into_iter().map(|l| l.problem).collect();
    assert_eq!(problems, ["event/not-yet", "event/waiting"]);
    assert!(stage.app.emitted::<DeadLettered>().await.is_empty(), "nobody is called for it");

    stage.strings.healed.store(true, Ordering::SeqCst);

    heard(&pool, &["after", "early:1", "2"]).await;
    assert!(stage.letters().await.is_empty());
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_waits_aside_and_then_is_refused_becomes_a_letter_that_somebody_is_told_of(
    pool: PgPool,
) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    bus.emit(&suspended(VendorId::new(), "early-then-refused")).await;
    let reading = stage.read(&bus, 500);
    wait::within(PATIENCE, "it waits aside", async || {
        (stage.letters().await.first()?.problem == "event/not-yet").then_some(())
    })
    .await;

    stage.strings.healed.store(true, Ordering::SeqCst);

    wait::within(PATIENCE, "it is a letter", async || {
        (stage.letters().await.first()?.problem == "probe/refused").then_some(())
    })
    .await;
    assert_eq!(stage.app.emitted::<DeadLettered>().await[0].problem, "probe/refused");
    assert!(applied(&pool).await.is_empty());
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_handler_that_says_more_than_a_broker_takes_stops_its_own_key_only(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    for what in ["before", "talk", "after"] {
        bus.emit(&suspended(VendorId::new(), what)).await;
    }
    let reading = stage.read(&bus, 500);

    heard(&pool, &["before", "after"]).await;
    assert_eq!(stage.letters().await[0].problem, "event/unsayable");
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_commit_that_can_never_succeed_stops_its_own_key_only(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    sqlx::query(
        "alter table applied add constraint once unique (what) deferrable initially deferred",
    )
    .execute(&pool)
    .await
    .unwrap();
    for what in ["a", "b", "a", "c"] {
        bus.emit(&suspended(VendorId::new(), what)).await;
    }
    let reading = stage.read(&bus, 500);

    heard(&pool, &["a", "b", "c"]).await;
    assert_eq!(stage.letters().await[0].problem, "internal");
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_key_too_long_for_any_index_is_put_aside_as_well(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let mut long = bus.outgoing(&suspended(VendorId::new(), "long"));
    // Nothing that compresses well: an index keeps up to 2.7 kB of a value.
    long.key = (0..400).map(|_| VendorId::new().to_string()).collect();
    bus.publish(&[long]).await;
    bus.emit(&suspended(VendorId::new(), "after")).await;
    let reading = stage.read(&bus, 500);

    heard(&pool, &["after"]).await;
    assert_eq!(stage.letters().await[0].problem, "event/misaddressed");
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_nobody_here_hears_costs_no_transaction_and_is_still_counted_as_read(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    for _ in 0..5 {
        bus.emit(&sample::<KycSubmitted>()).await;
    }
    let reading = stage.read(&bus, 500);

    wait::within(PATIENCE, "its place is kept", async || {
        let next = "select coalesce(sum(next_offset), 0)::bigint from chassis.consumer_offset";
        (count(&pool, next).await == 5).then_some(())
    })
    .await;
    assert_eq!(count(&pool, "select count(*) from chassis.inbox").await, 0);
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_an_older_version_did_not_know_is_handled_by_the_one_that_does(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let unknown = Problem::new(422, "event/unknown", "Unknown");
    let key = VendorId::new();
    for (offset, what) in ["new", "refuse"].into_iter().enumerate() {
        bus.emit(&suspended(key, what)).await;
        let record =
            stage.app.record(&suspended(if offset == 0 { key } else { VendorId::new() }, what));
        stage.consumer(Kind::Effect).give_up(&record, &unknown).await.unwrap();
    }
    let reading = stage.read(&bus, 500);

    heard(&pool, &["new"]).await;
    wait::within(PATIENCE, "the other one is refused, for what it is", async || {
        let problems: Vec<_> = stage.letters().await.into_iter().map(|l| l.problem).collect();
        (problems == ["probe/refused"]).then_some(())
    })
    .await;
    reading.stop().await;
}
