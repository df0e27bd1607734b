//! An event that cannot be handled is put aside; the partition goes on, and its key waits.

use std::sync::atomic::Ordering;

use chassis::kafka::Outgoing;
use chassis::listeners::Kind;
use contracts::ops::DeadLettered;
use contracts::vendor::VendorRejected;
use contracts::{Event, topics};
use kernel::{EventId, VendorId};
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use sqlx::PgPool;
use testkit::{Bus, eventually, servers};

use crate::stage::{Stage, applied, bus, count, counted, live, told};

const LETTERS: &str = "select count(*) from chassis.dead_letter";

/// A record with exactly these headers.
async fn say_raw(bus: &Bus, key: &str, headers: &[(&str, &[u8])], body: &[u8]) {
    let producer: FutureProducer =
        ClientConfig::new().set("bootstrap.servers", servers::kafka_brokers()).create().unwrap();
    let topic = format!("{}{}", bus.prefix, topics::VENDOR_VENDOR_EVT.name);
    let headers = headers.iter().fold(OwnedHeaders::new(), |all, (key, value)| {
        all.insert(Header { key, value: Some(&value.to_vec()) })
    });
    let record = FutureRecord::to(&topic).key(key).payload(body).headers(headers);
    producer.send(record, rdkafka::util::Timeout::Never).await.unwrap();
}

fn with(outgoing: Outgoing, change: impl FnOnce(&mut Outgoing)) -> Outgoing {
    let mut changed = outgoing;
    change(&mut changed);
    changed
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn every_kind_of_poison_is_put_aside_and_the_partition_goes_on(pool: PgPool) {
    let bus = bus(1).await;
    let id = EventId::new().to_string();
    let good = || told(VendorId::new(), "good");
    let unreadable =
        with(bus.outgoing(&good()), |o| o.payload = Some(b"{\"vendor_id\": 7".to_vec()));
    let wrong = with(bus.outgoing(&good()), |o| o.payload = Some(b"{}".to_vec()));
    let unknown = with(bus.outgoing(&good()), |o| o.name = "vendor.vanished.v9".into());
    let odd_id = with(bus.outgoing(&good()), |o| o.time = "yesterday".into());
    bus.publish(&[unreadable, wrong, unknown, odd_id]).await;
    bus.say(&told(VendorId::new(), "panic")).await;
    bus.say(&told(VendorId::new(), "refuse")).await;
    let named = ("ce_type", VendorRejected::NAME.as_bytes());
    say_raw(&bus, "no-id", &[named, ("ce_aggversion", b"1")], b"{}").await;
    say_raw(&bus, "no-headers", &[], b"\xff\xfe").await;
    let nul = [named, ("ce_id", id.as_bytes()), ("ce_time", b"\0"), ("x\0y", b"\0")];
    say_raw(&bus, "nul\0key", &nul, b"\0").await;
    bus.say(&good()).await;

    let (live, _) = live(&bus, &pool).await;
    counted(&pool, "select count(*) from applied", 1).await;

    assert_eq!(applied(&pool).await, ["good"]);
    let problems: Vec<String> = sqlx::query_scalar(
        "select problem from chassis.dead_letter where culprit order by record_offset",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let unreadable = "event/unreadable";
    assert_eq!(
        problems,
        [
            unreadable,
            unreadable,
            "event/unknown",
            unreadable,
            "event/panicked",
            "probe/refused",
            unreadable,
            "event/unknown",
            unreadable
        ]
    );
    let said = eventually("all dead letters were said", async || {
        let said = bus.heard::<DeadLettered>();
        (said.len() == 9).then_some(said)
    })
    .await;
    assert_eq!(said[4].problem, "event/panicked");
    assert_eq!((said[4].service.as_str(), said[4].offset), ("probe", 4));
    live.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn later_events_of_the_key_wait_and_other_keys_do_not(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let (bad, good) = (VendorId::new(), VendorId::new());
    for (key, what) in
        [(bad, "0"), (bad, "refuse:1"), (good, "a"), (bad, "2"), (good, "b"), (bad, "3")]
    {
        bus.say(&told(key, what)).await;
    }
    let reading = stage.read(&bus, 500);

    counted(&pool, LETTERS, 3).await;
    counted(&pool, "select count(*) from applied", 3).await;
    bus.say(&told(bad, "4")).await;
    counted(&pool, LETTERS, 4).await;
    reading.stop().await;

    assert_eq!(applied(&pool).await, ["0", "a", "b"]);
    let letters = stage.letters().await;
    let seen: Vec<_> = letters.iter().map(|l| (l.offset, l.culprit, l.problem.as_str())).collect();
    let waiting = "event/waiting";
    assert_eq!(
        seen,
        [(1, true, "probe/refused"), (3, false, waiting), (5, false, waiting), (6, false, waiting)]
    );
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_is_away_is_waited_for_and_nothing_is_put_aside(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let key = VendorId::new();
    for what in ["0", "away:1", "2"] {
        bus.say(&told(key, what)).await;
    }
    let reading = stage.read(&bus, 500);
    let entered = stage.strings.entered.clone();
    eventually("it was tried several times", async || {
        (entered.load(Ordering::SeqCst) >= 5).then_some(())
    })
    .await;
    assert_eq!(applied(&pool).await, ["0"]);

    stage.strings.healed.store(true, Ordering::SeqCst);

    counted(&pool, "select count(*) from applied", 3).await;
    reading.stop().await;
    assert_eq!(applied(&pool).await, ["0", "away:1", "2"]);
    assert_eq!(count(&pool, LETTERS).await, 0);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_fault_of_ours_is_tried_for_a_while_and_then_put_aside(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    bus.say(&told(VendorId::new(), "broken")).await;
    bus.say(&told(VendorId::new(), "after")).await;
    let reading = stage.read(&bus, 500);

    counted(&pool, "select count(*) from applied", 1).await;
    reading.stop().await;

    assert_eq!(applied(&pool).await, ["after"]);
    assert!(stage.strings.entered.load(Ordering::SeqCst) > 8, "it was tried several times");
    assert_eq!(stage.letters().await[0].problem, "internal");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_letter_is_not_written_for_what_another_replica_took_in(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let consumer = stage.consumer(Kind::Effect);
    let record = stage.app.record(&told(VendorId::new(), "fine"));
    consumer.apply(std::slice::from_ref(&record)).await.unwrap();
    let next = stage.app.record(&told(VendorId::new(), "next"));
    consumer.apply(&[next]).await.unwrap();

    let done = consumer.give_up(&record, &chassis::Problem::not_found()).await.unwrap();

    assert_eq!((done.next_offset, done.known, done.parked), (2, 1, 0));
    assert_eq!(count(&pool, LETTERS).await, 0);
    assert_eq!(count(&pool, "select next_offset from chassis.consumer_offset").await, 2);
}
