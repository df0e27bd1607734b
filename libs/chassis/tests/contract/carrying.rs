//! The relay: one refused event holds up its own key only, and two replicas do not wait for each other.

use std::time::{Duration, Instant};

use chassis::outbox::Relay;
use contracts::product::StockLevelChanged;
use contracts::topics;
use kernel::{Sku, VendorId};
use rand::Rng;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use sqlx::PgPool;
use testkit::{Bus, sample, servers, wait};
use tokio_util::sync::CancellationToken;

use crate::stage::{Stage, bus, carried, count, kafka, replica, suspended};

const OUTBOX: &str = "select count(*) from chassis.outbox";

/// From here on the topic takes records of so many bytes at most.
async fn limit(bus: &Bus, bytes: &str) {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", servers::kafka_brokers()).create().unwrap();
    let name = format!("{}{}", bus.prefix, topics::VENDOR_VENDOR_EVT.name);
    let config = AlterConfig::new(ResourceSpecifier::Topic(&name)).set("max.message.bytes", bytes);
    for done in admin.alter_configs(&[config], &AdminOptions::new()).await.unwrap() {
        done.unwrap();
    }
}

/// Text that does not compress.
fn noise(bytes: usize) -> String {
    let mut rng = rand::rng();
    (0..bytes).map(|_| char::from(rng.random_range(b'a'..=b'z'))).collect()
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn an_event_that_the_broker_refuses_holds_up_its_own_key_only(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    limit(&bus, "4000").await;
    let stuck = VendorId::new();
    stage.emit(&suspended(stuck, "first")).await;
    stage.emit(&suspended(stuck, &noise(8_000))).await;
    stage.emit(&suspended(stuck, "behind it")).await;
    for n in 0..100 {
        stage.emit(&suspended(VendorId::new(), &n.to_string())).await;
        let sku = Sku::parse(&format!("SKU-{n}")).unwrap();
        stage.emit(&StockLevelChanged { sku, ..sample() }).await;
    }
    let stop = CancellationToken::new();
    let relay = tokio::spawn(stage.relay(&bus).run(stop.clone()));

    wait::within(Duration::from_secs(30), "only the stuck key is left", async || {
        (count(&pool, OUTBOX).await == 2).then_some(())
    })
    .await;
    assert_eq!(bus.read(&topics::PRODUCT_STOCK_STATE).len(), 100, "each was said once");
    let said = bus.read(&topics::VENDOR_VENDOR_EVT).len();
    assert!(said < 210, "{said} records of 101: what the broker took is not said again and again");

    limit(&bus, "1000000").await;
    carried(&pool).await;
    stop.cancel();
    relay.await.unwrap();
    let of_stuck: Vec<i64> = bus
        .read(&topics::VENDOR_VENDOR_EVT)
        .into_iter()
        .filter(|r| r.key == stuck.to_string())
        .map(|r| r.meta().unwrap().version)
        .collect();
    assert_eq!(of_stuck, [1, 2, 3], "in order, once the operator mended the topic");
}

fn relay(db: chassis::Db, bus: &Bus) -> Relay {
    Relay::new(db, kafka(&bus.prefix).publisher("probe").unwrap(), "probe")
}

/// How long after its commit each record was handed to the broker, in milliseconds, the slowest last.
fn waits(bus: &Bus) -> Vec<i64> {
    let mut waits: Vec<i64> = bus
        .read(&topics::VENDOR_VENDOR_EVT)
        .iter()
        .map(|r| r.timestamp_ms - r.meta().unwrap().time.as_millisecond())
        .collect();
    waits.sort_unstable();
    waits
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_either_of_two_replicas_says_is_carried_at_once(pool: PgPool) {
    let bus = bus(1).await;
    let replicas = [replica(&pool), replica(&pool)];
    let stop = CancellationToken::new();
    let relays = replicas.clone().map(|db| tokio::spawn(relay(db, &bus).run(stop.clone())));

    let mut beat = tokio::time::interval(Duration::from_millis(50));
    for n in 0..200 {
        beat.tick().await;
        let mut tx = replicas[n % 2].begin().await.unwrap();
        tx.emit(&suspended(VendorId::new(), &n.to_string()));
        tx.commit().await.unwrap();
    }
    carried(&pool).await;
    stop.cancel();
    for relay in relays {
        relay.await.unwrap();
    }

    let waits = waits(&bus);
    assert_eq!(waits.len(), 200);
    assert!(waits[197] < 200, "the slowest of 200 waited {:?} ms", &waits[190..]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn when_the_replica_that_carries_dies_the_other_takes_over_at_once(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let second = relay(replica(&pool), &bus);
    let stop = CancellationToken::new();
    let first = tokio::spawn(stage.relay(&bus).run(stop.clone()));
    stage.emit(&suspended(VendorId::new(), "by the first")).await;
    carried(&pool).await;
    let second = tokio::spawn(second.run(stop.clone()));

    first.abort();
    drop(first.await);
    let died = Instant::now();
    let mut tx = replica(&pool).begin().await.unwrap();
    tx.emit(&suspended(VendorId::new(), "said by a third that carries nothing"));
    tx.commit().await.unwrap();
    carried(&pool).await;

    let took = died.elapsed();
    assert!(took < Duration::from_secs(3), "it took {took:?}");
    stop.cancel();
    second.await.unwrap();
}
