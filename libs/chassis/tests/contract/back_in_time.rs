//! The database or the log goes back in time: nothing is skipped in silence.

use std::time::Duration;

use chassis::subscriptions::Kind;
use contracts::topics;
use kernel::VendorId;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use sqlx::PgPool;
use testkit::{Bus, servers, wait};

use crate::stage::{Reading, Stage, TOPICS, applied, bus, count, counted, heard, kafka, suspended};

const PATIENCE: Duration = Duration::from_secs(30);

fn admin() -> AdminClient<DefaultClientContext> {
    ClientConfig::new().set("bootstrap.servers", servers::kafka_brokers()).create().unwrap()
}

fn name(bus: &Bus) -> String {
    format!("{}{}", bus.prefix, topics::VENDOR_VENDOR_EVT.name)
}

async fn publish(bus: &Bus, what: std::ops::Range<u32>) {
    for n in what {
        bus.emit(&suspended(VendorId::new(), &n.to_string())).await;
    }
}

/// Deletes the topic and makes it anew, empty.
async fn make_anew(bus: &Bus) {
    admin().delete_topics(&[&name(bus)], &AdminOptions::new()).await.unwrap();
    wait::within(PATIENCE, "the topic is made anew", async || {
        let made = kafka(&bus.prefix).ensure_topics(TOPICS, 1).await;
        (made.ok()? == 1).then_some(())
    })
    .await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_database_that_goes_back_hears_again_what_it_lost(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    publish(&bus, 0..10).await;
    let reading = stage.read(&bus, 500);
    counted(&pool, "select count(*) from applied", 10).await;

    // The server fails over to a copy that lacks the last five.
    let mut tx = pool.acquire().await.unwrap();
    for statement in [
        "delete from chassis.inbox where event_id in (select event_id from applied where nth > 5)",
        "delete from applied where nth > 5",
        "update chassis.consumer_offset set next_offset = 5",
    ] {
        sqlx::query(statement).execute(&mut *tx).await.unwrap();
    }
    publish(&bus, 10..11).await;

    counted(&pool, "select count(*) from applied", 11).await;
    let wanted: Vec<String> = (0..11).map(|n| n.to_string()).collect();
    assert_eq!(applied(&pool).await, wanted);
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_topic_that_was_made_anew_stops_the_reader_until_somebody_says_so(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    publish(&bus, 0..5).await;
    let reading = stage.read(&bus, 500);
    counted(&pool, "select count(*) from applied", 5).await;
    reading.stop().await;
    make_anew(&bus).await;
    publish(&bus, 5..7).await;

    let reading = stage.read(&bus, 500);
    let found = wait::within(PATIENCE, "the reader says what is wrong", async || {
        let consumer = stage.consumer(Kind::Effect);
        let found = chassis::reader::lost_logs(&consumer, &kafka(&bus.prefix)).await.ok()?;
        found.into_iter().next()
    })
    .await;
    assert_eq!((found.stored, found.end), (5, 2));
    assert!(
        found.to_string().contains("mall offsets restart probe vendor.vendor.evt.v1"),
        "{found}"
    );
    assert_eq!(applied(&pool).await.len(), 5, "nothing was taken for known or for new");
    assert!(!*reading.caught_up.borrow());

    chassis::reader::restart(stage.app.db(), topics::VENDOR_VENDOR_EVT.name).await.unwrap();

    counted(&pool, "select count(*) from applied", 7).await;
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_topic_that_is_made_anew_under_a_reader_does_not_pass_for_known(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    publish(&bus, 0..5).await;
    let reading = stage.read(&bus, 500);
    counted(&pool, "select count(*) from applied", 5).await;
    make_anew(&bus).await;
    publish(&bus, 5..7).await;

    wait::within(PATIENCE, "the reader stands still", async || {
        (!*reading.caught_up.borrow()).then_some(())
    })
    .await;
    chassis::reader::restart(stage.app.db(), topics::VENDOR_VENDOR_EVT.name).await.unwrap();

    counted(&pool, "select count(*) from applied", 7).await;
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn records_that_were_deleted_before_they_were_heard_leave_a_letter(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    publish(&bus, 0..2).await;
    let reading = stage.read(&bus, 500);
    counted(&pool, "select count(*) from applied", 2).await;
    reading.stop().await;
    publish(&bus, 2..8).await;
    let mut below = TopicPartitionList::new();
    below.add_partition_offset(&name(&bus), 0, Offset::Offset(6)).unwrap();
    admin().delete_records(&below, &AdminOptions::new()).await.unwrap();

    let reading: Reading = stage.read(&bus, 500);
    heard(&pool, &["0", "1", "6", "7"]).await;
    reading.stop().await;

    let letter = &stage.letters().await[0];
    assert_eq!((letter.problem.as_str(), letter.offset), ("event/gap", 2));
    assert!(letter.detail.contains("2 to 5"), "{}", letter.detail);
    assert_eq!(count(&pool, "select count(*) from chassis.dead_letter").await, 1);
}
