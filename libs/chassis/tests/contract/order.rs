//! Order per key survives from the transaction to the handler; between topics there is none.

use std::collections::BTreeMap;

use chassis::Db;
use contracts::topics;
use kernel::{MessageId, VendorId};
use sqlx::PgPool;
use testkit::Bus;
use tokio_util::sync::CancellationToken;

use crate::stage::{
    Stage, applied, approved, bus, carried, count, counted, replica, sent, suspended,
};

const KEYS: usize = 10;
const TRANSACTIONS: usize = 200;

/// 200 transactions at once over 10 keys, three events each, of two kinds.
async fn talk(db: &Db, keys: &[VendorId]) {
    let talking = (0..TRANSACTIONS).map(|n| {
        let (db, key, other) = (db.clone(), keys[n % KEYS], keys[(n * 7 + 3) % KEYS]);
        tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            tx.emit(&approved(key, &format!("{n}.0")));
            tx.emit(&suspended(other, &format!("{n}.1")));
            tx.emit(&approved(key, &format!("{n}.2")));
            tx.commit().await.unwrap();
        })
    });
    for talked in talking.collect::<Vec<_>>() {
        talked.await.unwrap();
    }
}

/// The versions of each key as they stand on the topic.
fn versions(bus: &Bus) -> BTreeMap<String, Vec<i64>> {
    let mut versions = BTreeMap::<String, Vec<i64>>::new();
    for record in bus.read(&topics::VENDOR_VENDOR_EVT) {
        let version = record.meta().unwrap().version;
        versions.entry(record.key).or_default().push(version);
    }
    versions
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn concurrent_transactions_reach_the_broker_gap_free_and_in_order_per_key(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(3).await);
    let stop = CancellationToken::new();
    // Two relays over one outbox, as with two replicas.
    let other = replica(&pool);
    let second = chassis::outbox::Relay::new(
        other,
        crate::stage::kafka(&bus.prefix).publisher("probe").unwrap(),
        "probe",
    );
    let relays =
        [tokio::spawn(stage.relay(&bus).run(stop.clone())), tokio::spawn(second.run(stop.clone()))];
    let keys: Vec<VendorId> = (0..KEYS).map(|_| VendorId::new()).collect();

    talk(stage.app.db(), &keys).await;
    carried(&pool).await;
    stop.cancel();
    for relay in relays {
        relay.await.unwrap();
    }

    let versions = versions(&bus);
    assert_eq!(versions.len(), KEYS);
    assert_eq!(versions.values().map(Vec::len).sum::<usize>(), TRANSACTIONS * 3);
    for (key, versions) in versions {
        let wanted: Vec<i64> = (1..).take(versions.len()).collect();
        assert_eq!(versions, wanted, "{key}");
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn handlers_hear_every_key_in_the_order_of_its_commits(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(3).await);
    let stop = CancellationToken::new();
    let relay = tokio::spawn(stage.relay(&bus).run(stop.clone()));
    let reading = stage.read(&bus, 50);
    let keys: Vec<VendorId> = (0..KEYS).map(|_| VendorId::new()).collect();

    talk(stage.app.db(), &keys).await;
    counted(&pool, "select count(*) from applied", 600).await;
    stop.cancel();
    relay.await.unwrap();
    reading.stop().await;

    let disorder = "select count(*) from (
        select version, lag(version, 1, 0::bigint) over (partition by key order by nth) as before from applied) a
        where version <> before + 1";
    assert_eq!(count(&pool, disorder).await, 0);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_topic_whose_handler_is_stuck_does_not_hold_up_another(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    bus.emit(&suspended(VendorId::new(), "wait")).await;
    bus.emit(&sent(MessageId::new(), "meanwhile")).await;
    let reading = stage.read(&bus, 10);

    counted(&pool, "select count(*) from applied where what = 'meanwhile'", 1).await;
    assert_eq!(applied(&pool).await, ["meanwhile"]);
    stage.strings.gate.add_permits(1);
    counted(&pool, "select count(*) from applied", 2).await;
    reading.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn an_event_that_no_broker_would_take_is_refused_at_the_commit(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let mut tx = stage.app.db().begin().await.unwrap();
    tx.emit(&approved(VendorId::new(), &"x".repeat(1_000_000)));

    tx.commit().await.unwrap_err();

    assert_eq!(count(&pool, "select count(*) from chassis.outbox").await, 0);
}
