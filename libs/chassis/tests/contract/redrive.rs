//! What was put aside comes back in order, once, or not at all.

use std::sync::atomic::Ordering;

use chassis::dead_letters::{discard, redrive};
use chassis::record::Record;
use chassis::subscriptions::Kind;
use contracts::ops::{DeadLettered, Redriven};
use contracts::topics;
use kernel::VendorId;
use sqlx::PgPool;

use crate::stage::{LOCKED, Stage, applied, count, entered, suspended};

const TOPIC: &str = topics::VENDOR_VENDOR_EVT.name;

/// A culprit, two that wait behind it, and a stranger.
async fn put_aside(stage: &Stage, key: VendorId, culprit: &str) -> Vec<Record> {
    let consumer = stage.consumer(Kind::Effect);
    let stranger = VendorId::new();
    let mut records = Vec::new();
    for (key, what) in [(key, culprit), (key, "second"), (stranger, "other"), (key, "third")] {
        records.push(stage.app.record(&suspended(key, what)));
    }
    for record in &records {
        consumer.apply(std::slice::from_ref(record)).await.unwrap();
    }
    assert_eq!(stage.letters().await.len(), 3);
    records
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn once_the_handler_can_everything_that_waited_is_applied_in_order(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let key = VendorId::new();
    put_aside(&stage, key, "refuse:first").await;
    stage.strings.healed.store(true, Ordering::SeqCst);

    let redriven = redrive(&stage.consumer(Kind::Effect), TOPIC, &key.to_string()).await.unwrap();

    assert_eq!(redriven, 3);
    assert_eq!(applied(&pool).await, ["other", "refuse:first", "second", "third"]);
    assert!(stage.letters().await.is_empty());
    assert_eq!(stage.app.emitted::<DeadLettered>().await.len(), 1);
    assert_eq!(stage.app.emitted::<Redriven>().await.len(), 3);
    let next = stage.app.record(&suspended(key, "fourth"));
    let done = stage.consumer(Kind::Effect).apply(&[next]).await.unwrap();
    assert_eq!((done.applied, done.parked), (1, 0), "the key is free again");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_redrive_that_fails_changes_nothing(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let key = VendorId::new();
    put_aside(&stage, key, "refuse:first").await;

    let problem =
        redrive(&stage.consumer(Kind::Effect), TOPIC, &key.to_string()).await.unwrap_err();

    assert_eq!(problem.slug, "probe/refused");
    assert_eq!(applied(&pool).await, ["other"]);
    assert_eq!(stage.letters().await.len(), 3);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn an_event_that_still_nobody_knows_is_not_redriven_into_nothing(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let key = VendorId::new();
    let mut record = stage.app.record(&suspended(key, "new"));
    record.headers.insert("ce_type".into(), "vendor.vanished.v9".into());
    stage.consumer(Kind::Effect).apply(&[record]).await.unwrap();

    let problem =
        redrive(&stage.consumer(Kind::Effect), TOPIC, &key.to_string()).await.unwrap_err();

    assert_eq!(problem.slug, "event/unknown");
    assert_eq!(stage.letters().await.len(), 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_duplicate_that_waited_or_comes_later_is_known(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let consumer = stage.consumer(Kind::Effect);
    let key = VendorId::new();
    let records = put_aside(&stage, key, "refuse:first").await;
    let mut waiting = records[0].clone();
    waiting.offset = 4;
    consumer.apply(&[waiting]).await.unwrap();
    stage.strings.healed.store(true, Ordering::SeqCst);

    redrive(&consumer, TOPIC, &key.to_string()).await.unwrap();
    let mut late = records[1].clone();
    late.offset = 5;
    let done = consumer.apply(&[late]).await.unwrap();

    assert_eq!((done.applied, done.known), (0, 1));
    assert_eq!(applied(&pool).await, ["other", "refuse:first", "second", "third"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_letter_that_is_dropped_stays_away_and_the_rest_can_be_redriven(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let consumer = stage.consumer(Kind::Effect);
    let key = VendorId::new();
    let records = put_aside(&stage, key, "refuse:first").await;
    let mut waiting = records[0].clone();
    waiting.offset = 4;
    consumer.apply(&[waiting]).await.unwrap();
    let culprit = stage.letters().await[0].id;

    assert!(discard(stage.app.db(), culprit).await.unwrap());
    assert!(!discard(stage.app.db(), culprit).await.unwrap());
    redrive(&consumer, TOPIC, &key.to_string()).await.unwrap();

    assert_eq!(applied(&pool).await, ["other", "second", "third"]);
    assert!(stage.letters().await.is_empty());
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn nothing_is_parked_behind_letters_that_are_being_redriven(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let key = VendorId::new();
    put_aside(&stage, key, "refuse:first").await;
    let consumer = stage.consumer(Kind::Effect);
    let mut held = stage.app.record(&suspended(key, "wait"));
    held.offset = 4;
    consumer.apply(&[held]).await.unwrap();
    stage.strings.healed.store(true, Ordering::SeqCst);
    let before = stage.strings.entered.load(Ordering::SeqCst);
    let redriving =
        tokio::spawn(async move { redrive(&consumer, TOPIC, &key.to_string()).await.unwrap() });
    entered(&stage.strings, before + 4).await;
    let consumer = stage.consumer(Kind::Effect);
    let mut next = stage.app.record(&suspended(key, "fifth"));
    next.offset = 5;
    let applying = tokio::spawn(async move { consumer.apply(&[next]).await.unwrap() });
    testkit::eventually("the next event waits for it", async || {
        (count(&pool, LOCKED).await > 0).then_some(())
    })
    .await;

    stage.strings.gate.add_permits(1);

    assert_eq!(redriving.await.unwrap(), 4);
    assert_eq!(applying.await.unwrap().applied, 1);
    assert!(stage.letters().await.is_empty());
}
