//! Marks of transactions: a stranger's, for nobody of ours uses them. They count as offsets and are never handed out.

use std::time::Duration;

use contracts::Event;
use contracts::vendor::VendorSuspended;
use kernel::VendorId;
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use sqlx::PgPool;
use testkit::{Bus, servers};

use crate::stage::{Stage, TOPICS, bus, counted, live, suspended};

const TEN: Duration = Duration::from_secs(10);

/// Somebody who speaks in transactions.
fn stranger() -> BaseProducer {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", servers::kafka_brokers())
        .set("transactional.id", servers::unique())
        .create()
        .unwrap();
    producer.init_transactions(TEN).unwrap();
    producer
}

fn speak(producer: &BaseProducer, topic: &str) {
    let record = BaseRecord::to(topic).key("of-a-stranger").payload("{}").partition(0);
    producer.send(record).map_err(|(error, _)| error).unwrap();
}

/// A transaction on every topic that comes to nothing.
async fn taken_back(bus: &Bus) {
    let topics: Vec<String> = TOPICS.iter().map(|t| format!("{}{}", bus.prefix, t.name)).collect();
    tokio::task::spawn_blocking(move || {
        let producer = stranger();
        producer.begin_transaction().unwrap();
        for topic in &topics {
            speak(&producer, topic);
        }
        producer.flush(TEN).unwrap();
        producer.abort_transaction(TEN).unwrap();
    })
    .await
    .unwrap();
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_replica_is_ready_although_a_topic_ends_with_a_mark(pool: PgPool) {
    let bus = bus(1).await;
    taken_back(&bus).await;

    let (live, _) = live(&bus, &pool).await;

    live.ready().await;
    live.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_consumer_has_caught_up_although_a_topic_ends_with_a_mark(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    taken_back(&bus).await;

    let mut reading = stage.read(&bus, 500);

    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, reading.caught_up.wait_for(|up| *up)).await.unwrap().unwrap();
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_transaction_that_a_stranger_leaves_open_holds_nobody_up(pool: PgPool) {
    let bus = bus(1).await;
    let (live, _) = live(&bus, &pool).await;
    let topic = format!("{}{}", bus.prefix, VendorSuspended::TOPIC.name);
    let producer = tokio::task::spawn_blocking(move || {
        let producer = stranger();
        producer.begin_transaction().unwrap();
        speak(&producer, &topic);
        producer.flush(TEN).unwrap();
        producer
    });
    let producer = producer.await.unwrap();

    bus.emit(&suspended(VendorId::new(), "behind it")).await;

    counted(&pool, "select count(*) from applied", 1).await;
    counted(&pool, "select count(*) from chassis.dead_letter", 1).await;
    drop(producer);
    live.stop().await;
}
