//! More than the handlers can take: the partition is paused, memory stays bounded, nothing is lost.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chassis::kafka::Outgoing;
use kernel::{EventId, MessageId, VendorId};
use sqlx::PgPool;
use testkit::{Live, eventually};

use crate::probe::{Config, Probe, tables};
use crate::stage::{Stage, applied, bus, count, counted, live, sent, suspended};

const MANY: usize = 5_000;

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn five_thousand_records_before_a_stuck_handler_pause_the_partition(pool: PgPool) {
    let bus = bus(1).await;
    let (live, strings) = live(&bus, &pool).await;
    let vendor_id = VendorId::new();
    bus.emit(&suspended(vendor_id, "wait")).await;
    let template = Arc::new(bus.outgoing(&suspended(vendor_id, "fill")));
    let fill: Vec<Outgoing> = (0..MANY)
        .map(|n| Outgoing {
            id: EventId::new().as_uuid(),
            version: i64::try_from(n).unwrap() + 2,
            ..(*template).clone()
        })
        .collect();
    for some in fill.chunks(1_000) {
        bus.publish(some).await;
    }
    let metrics = format!("{}/metrics", live.ops);
    eventually("the partition is paused", async || {
        let text = reqwest::get(&metrics).await.ok()?.text().await.ok()?;
        let paused = text.lines().find(|l| {
            l.starts_with("mall_consumer_paused_total") && l.contains("consumer=\"probe\"")
        })?;
        (!paused.ends_with(" 0")).then_some(())
    })
    .await;
    assert_eq!(count(&pool, "select count(*) from applied").await, 0);

    strings.gate.add_permits(1);

    counted(&pool, "select count(*) from applied", i64::try_from(MANY).unwrap() + 1).await;
    live.stop().await;
    let disorder = "select count(*) from (
        select version, lag(version, 1, 0::bigint) over (order by nth) as before from applied) a
        where version <> before + 1";
    assert_eq!(count(&pool, disorder).await, 0);
    assert_eq!(count(&pool, "select count(distinct event_id) from applied").await, 5_001);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_culprit_among_five_hundred_costs_only_itself(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let mut all: Vec<Outgoing> =
        (0..500).map(|n| bus.outgoing(&suspended(VendorId::new(), &n.to_string()))).collect();
    all[250] = bus.outgoing(&suspended(VendorId::new(), "refuse"));
    bus.publish(&all).await;
    let reading = stage.read(&bus, 500);

    counted(&pool, "select count(*) from applied", 499).await;
    reading.stop().await;

    let mut wanted: Vec<String> = (0..500).map(|n| n.to_string()).collect();
    wanted.remove(250);
    assert_eq!(applied(&pool).await, wanted);
    assert_eq!(stage.letters().await.len(), 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn whoever_asks_is_answered_while_every_partition_is_busy(pool: PgPool) {
    let bus = bus(3).await;
    tables(&pool).await;
    let config = Config::default();
    let strings = config.strings.clone();
    let mut common = testkit::live::common(&bus, Some(&pool));
    common.database_connections = 3;
    let live = Live::start::<Probe>(common, config).await;
    let busy = 40;
    for _ in 0..busy / 2 {
        bus.emit(&suspended(VendorId::new(), "wait")).await;
        bus.emit(&sent(MessageId::new(), "wait")).await;
    }
    eventually("the handlers hold all the connections they may", async || {
        (strings.entered.load(Ordering::SeqCst) >= 2).then_some(())
    })
    .await;

    let asked = (0..20).map(|_| reqwest::get(format!("{}/v1/rows", live.url)));
    for answer in futures::future::join_all(asked).await {
        assert_eq!(answer.unwrap().status(), 200);
    }

    strings.gate.add_permits(busy);
    counted(&pool, "select count(*) from applied", 40).await;
    live.stop().await;
}
