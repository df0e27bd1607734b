//! The process dies at every step: afterwards it is as if it had not, duplicates with the same bytes aside.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use chassis::fail;
use chassis::subscriptions::Kind;
use contracts::topics;
use contracts::vendor::VendorApproved;
use kernel::VendorId;
use sqlx::PgPool;
use testkit::{Bus, eventually};

use crate::stage::{Stage, applied, approved, bus, carried, count, counted, live, made, suspended};

/// First occurrences stand in order, gap-free; whatever comes again is the same to the byte. Returns how many differ.
fn distinct(bus: &Bus) -> usize {
    let mut seen = BTreeMap::new();
    let mut versions = BTreeMap::<String, i64>::new();
    for record in bus.read(&topics::VENDOR_VENDOR_EVT) {
        let meta = record.meta().unwrap();
        let bytes = (record.key.clone(), record.payload.clone(), record.headers.clone());
        if let Some(first) = seen.insert(meta.id, bytes.clone()) {
            assert_eq!(first, bytes, "a duplicate differs");
            continue;
        }
        let last = versions.entry(record.key).or_default();
        assert_eq!(meta.version, *last + 1, "versions are gap-free");
        *last = meta.version;
    }
    seen.len()
}

async fn relay_dies_at(point: &'static str, copies: usize, pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(2).await);
    let keys = [VendorId::new(), VendorId::new(), VendorId::new()];
    for n in 0..30 {
        stage.emit(&approved(keys[n % 3], &n.to_string())).await;
    }
    fail::arm(stage.app.db(), point, 3);
    let relay = stage.relay(&bus);
    let died = AtomicUsize::new(0);
    // The lock of one that died is free only when the database has noticed.
    eventually("the outbox is empty", async || {
        if let Err(error) = relay.drain_all().await {
            assert!(error.to_string().contains(point), "{error}");
            died.fetch_add(1, Ordering::SeqCst);
        }
        (count(&pool, "select count(*) from chassis.outbox").await == 0).then_some(())
    })
    .await;

    assert_eq!(died.into_inner(), 3, "it died as often as it was told to");
    assert_eq!(distinct(&bus), 30);
    let stood = bus.read(&topics::VENDOR_VENDOR_EVT).len();
    assert!((copies == 0) == (stood == 30), "{stood} records stand there");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_relay_dies_before_it_produces(pool: PgPool) {
    relay_dies_at("relay.before_produce", 0, pool).await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_relay_dies_after_it_produced(pool: PgPool) {
    relay_dies_at("relay.after_produce", 3, pool).await;
}

/// Applies ten events that each schedule a job, with three deaths on the way.
async fn consumer_dies_at(point: &'static str, pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let key = VendorId::new();
    for n in 0..10 {
        bus.emit(&suspended(key, &format!("work:{n}"))).await;
    }
    bus.emit(&suspended(VendorId::new(), "refuse")).await;
    fail::arm(stage.app.db(), point, 3);
    let reading = stage.read(&bus, 4);
    counted(&pool, "select coalesce(sum(next_offset), 0)::bigint from chassis.consumer_offset", 11)
        .await;
    reading.stop().await;

    assert_eq!(fail::left(stage.app.db(), point), 0, "it died as often as it was told to");
    let wanted: Vec<String> = (0..10).map(|n| format!("work:{n}")).collect();
    assert_eq!(applied(&pool).await, wanted);
    assert_eq!(count(&pool, "select count(*) from chassis.job").await, 10);
    assert_eq!(count(&pool, "select count(*) from chassis.inbox").await, 10);
    assert_eq!(count(&pool, "select count(*) from chassis.dead_letter").await, 1);
    assert_eq!(stage.app.emitted_names().await, ["ops.dead_lettered.v1"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_consumer_dies_before_it_commits(pool: PgPool) {
    consumer_dies_at("consumer.before_commit", pool).await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_consumer_dies_after_it_committed(pool: PgPool) {
    consumer_dies_at("consumer.after_commit", pool).await;
}

/// One job with three deaths, a lease apart. Returns how often the world outside was touched.
async fn runner_dies_at(point: &'static str, pool: PgPool) -> usize {
    let stage = Stage::set(&pool).await;
    let consumer = stage.consumer(Kind::Effect);
    consumer.apply(&[stage.app.record(&suspended(VendorId::new(), "work:1"))]).await.unwrap();
    fail::arm(stage.app.db(), point, 3);
    for _ in 0..4 {
        stage.app.run_jobs().await;
        stage.leases_run_out().await;
    }

    let left = fail::left(stage.app.db(), point);
    assert_eq!(left, if point == "job.after_commit" { 2 } else { 0 });
    assert_eq!(made(&pool).await, ["made work:1"]);
    assert_eq!(stage.app.emitted::<VendorApproved>().await.len(), 1);
    assert_eq!(count(&pool, "select count(*) from chassis.job").await, 0);
    stage.strings.world().len()
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_runner_dies_before_it_acts(pool: PgPool) {
    assert_eq!(runner_dies_at("job.before_act", pool).await, 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_runner_dies_after_it_acted(pool: PgPool) {
    assert_eq!(runner_dies_at("job.after_act", pool).await, 4);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_runner_dies_before_its_record_is_committed(pool: PgPool) {
    assert_eq!(runner_dies_at("job.before_commit", pool).await, 4);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_runner_dies_after_its_record_was_committed(pool: PgPool) {
    assert_eq!(runner_dies_at("job.after_commit", pool).await, 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_whole_service_that_keeps_dying_applies_everything_once(pool: PgPool) {
    let bus = bus(3).await;
    let (live, strings) = live(&bus, &pool).await;
    let db = crate::stage::replica(&pool);
    for point in fail::POINTS.iter().filter(|p| !p.starts_with("job.")) {
        fail::arm(&db, point, 4);
    }
    for n in 0..100 {
        let mut tx = db.begin().await.unwrap();
        tx.emit(&approved(VendorId::new(), &format!("work:{n}")));
        tx.commit().await.unwrap();
    }

    // Each fact is heard by the service that said it, and its job says another one.
    counted(&pool, "select count(*) from made", 100).await;
    counted(&pool, "select count(*) from applied", 200).await;
    carried(&pool).await;
    live.stop().await;

    assert_eq!(count(&pool, "select count(distinct event_id) from applied").await, 200);
    assert_eq!(strings.world().len(), 100);
    assert_eq!(distinct(&bus), 200);
}
