//! An event that cannot be handled is put aside; the partition goes on, and its key waits.

use std::sync::atomic::Ordering;

use chassis::kafka::Outgoing;
use chassis::record::Record;
use chassis::subscriptions::Kind;
use chassis::{Consumer, Service, dead_letters};
use contracts::ops::DeadLettered;
use contracts::product::StockLevelChanged;
use contracts::vendor::VendorRejected;
use contracts::{Event, topics};
use kernel::{EventId, VendorId};
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use sqlx::PgPool;
use testkit::{Bus, eventually, sample, servers};

use crate::probe::{Probe, Strings};
use crate::stage::{Stage, applied, bus, count, counted, entered, heard, live, suspended};

const LETTERS: &str = "select count(*) from chassis.dead_letter";

/// A record with exactly these headers.
async fn publish_raw(bus: &Bus, key: &str, headers: &[(&str, &[u8])], body: &[u8]) {
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
    let good = || suspended(VendorId::new(), "good");
    let unreadable =
        with(bus.outgoing(&good()), |o| o.payload = Some(b"{\"vendor_id\": 7".to_vec()));
    let wrong = with(bus.outgoing(&good()), |o| o.payload = Some(b"{}".to_vec()));
    let unknown = with(bus.outgoing(&good()), |o| o.name = "vendor.vanished.v9".into());
    let odd_id = with(bus.outgoing(&good()), |o| o.time = "yesterday".into());
    bus.publish(&[unreadable, wrong, unknown, odd_id]).await;
    bus.emit(&suspended(VendorId::new(), "panic")).await;
    bus.emit(&suspended(VendorId::new(), "refuse")).await;
    let named = ("ce_type", VendorRejected::NAME.as_bytes());
    publish_raw(&bus, "no-id", &[named, ("ce_aggversion", b"1")], b"{}").await;
    publish_raw(&bus, "no-headers", &[], b"\xff\xfe").await;
    let nul = [named, ("ce_id", id.as_bytes()), ("ce_time", b"\0"), ("x\0y", b"\0")];
    publish_raw(&bus, "nul\0key", &nul, b"\0").await;
    bus.emit(&good()).await;

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
    let emitted = eventually("all dead letters were said", async || {
        let emitted = bus.events::<DeadLettered>();
        (emitted.len() == 9).then_some(emitted)
    })
    .await;
    assert_eq!(emitted[4].problem, "event/panicked");
    assert_eq!((emitted[4].service.as_str(), emitted[4].offset), ("probe", 4));
    live.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_poison_event_stops_its_own_key_only_and_comes_back_in_order(pool: PgPool) {
    let bus = bus(1).await;
    let (bad, good) = (VendorId::new(), VendorId::new());
    let newer = with(bus.outgoing(&suspended(bad, "1")), |o| o.name = "vendor.suspended.v2".into());
    bus.publish(&[newer]).await;
    bus.emit(&suspended(bad, "refuse:2")).await;
    bus.emit(&suspended(good, "a")).await;
    bus.emit(&suspended(bad, "3")).await;
    let (live, strings) = live(&bus, &pool).await;

    heard(&pool, &["a"]).await;
    counted(&pool, LETTERS, 3).await;
    let letter =
        eventually("the dead letter was said", async || bus.events::<DeadLettered>().pop()).await;
    assert_eq!(
        (letter.problem.as_str(), letter.name.as_str()),
        ("event/unknown", "vendor.suspended.v2")
    );

    // The operator drops what nobody will ever know, and redrives the rest once it can be handled.
    let stage = Stage::set(&pool).await;
    let consumer = consumer(&stage, &strings);
    assert!(dead_letters::discard(stage.app.db(), stage.letters().await[0].id).await.unwrap());
    let key = bad.to_string();
    let topic = topics::VENDOR_VENDOR_EVT.name;
    let still = dead_letters::redrive(&consumer, topic, &key).await.unwrap_err();
    assert_eq!(still.slug, "probe/refused");
    strings.healed.store(true, Ordering::SeqCst);
    assert_eq!(dead_letters::redrive(&consumer, topic, &key).await.unwrap(), 2);
    bus.emit(&suspended(bad, "4")).await;
    counted(&pool, "select count(*) from applied", 4).await;

    assert_eq!(applied(&pool).await, ["a", "refuse:2", "3", "4"]);
    assert_eq!(count(&pool, LETTERS).await, 0);
    live.stop().await;
}

/// A consumer that the strings of the running probe move as well.
fn consumer(stage: &Stage, strings: &Strings) -> Consumer {
    let mut probe = stage.app.app.clone();
    probe.strings = strings.clone();
    chassis::run::consumer::<Probe>(
        stage.app.db(),
        &Probe::subscriptions().of(&probe),
        Kind::Effect,
    )
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn an_id_that_was_used_before_for_something_else_is_put_aside(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let consumer = stage.consumer(Kind::Effect);
    let first = stage.app.record(&suspended(VendorId::new(), "first"));
    let again = |what: &str, offset: i64| {
        let mut record = stage.app.record(&suspended(VendorId::new(), what));
        record.headers.insert("ce_id".into(), first.headers["ce_id"].clone());
        Record { offset, ..record }
    };
    let other_words = Record { key: first.key.clone(), ..again("second", 1) };
    let same = Record { offset: 2, ..first.clone() };
    let other_name = {
        let mut record = Record { offset: 4, key: "4".into(), ..first.clone() };
        record.headers.insert("ce_type".into(), VendorRejected::NAME.into());
        record
    };

    for record in [first.clone(), again("of another key", 3), other_name] {
        consumer.apply(&[record]).await.unwrap();
    }
    let known = consumer.apply(&[Record { offset: 5, ..same }]).await.unwrap();
    consumer.apply(&[Record { offset: 6, ..other_words }]).await.unwrap();

    assert_eq!((known.applied, known.known), (0, 1), "the same words again are a duplicate");
    assert_eq!(applied(&pool).await, ["first"]);
    let problems: Vec<_> =
        stage.letters().await.into_iter().map(|l| (l.offset, l.problem)).collect();
    assert_eq!(problems, [3, 4, 6].map(|offset| (offset, "event/reused".to_owned())));
    let emitted = stage.app.emitted::<DeadLettered>().await;
    assert_eq!(emitted.len(), 3, "and somebody is told");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn an_id_used_twice_in_one_batch_counts_for_the_first(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let first = bus.outgoing(&suspended(VendorId::new(), "first"));
    let second = with(bus.outgoing(&suspended(VendorId::new(), "second")), |o| o.id = first.id);
    bus.publish(&[first, second]).await;
    bus.emit(&suspended(VendorId::new(), "third")).await;
    let reading = stage.read(&bus, 500);

    counted(&pool, "select count(*) from applied", 2).await;
    reading.stop().await;

    assert_eq!(applied(&pool).await, ["first", "third"]);
    assert_eq!(stage.letters().await[0].problem, "event/reused");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn news_of_one_thing_under_the_key_of_another_is_put_aside(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let (own, other) = (VendorId::new(), VendorId::new());
    let disguised = |mut record: Record| {
        record.key = own.to_string();
        record
    };
    let of_many = VendorRejected { vendor_id: other, ..sample() };
    let records = [
        disguised(stage.app.record(&suspended(other, "x"))),
        disguised(stage.app.record(&of_many)),
    ];

    let consumer = stage.consumer(Kind::Effect);
    for record in records {
        consumer.apply(&[record]).await.unwrap();
        let letters = stage.letters().await;
        assert_eq!(letters[0].problem, "event/misaddressed");
        assert!(dead_letters::discard(stage.app.db(), letters[0].id).await.unwrap());
    }
    let copies = stage.consumer(Kind::Projection);
    copies.apply(&[disguised(stage.app.record(&sample::<StockLevelChanged>()))]).await.unwrap();
    let overheard = disguised(stage.app.record(&sample::<StockLevelChanged>()));
    Probe::subscriptions().of(&stage.app.app).apply_in_memory(&overheard);

    assert_eq!(stage.letters().await[0].problem, "event/misaddressed");
    assert!(stage.strings.levels.there().is_empty());
    assert!(applied(&pool).await.is_empty());
    assert_eq!(stage.app.emitted::<DeadLettered>().await.len(), 3);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn odd_strings_in_events_are_text_or_are_put_aside(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let texts =
        ["<script>alert(1)</script>", "'; drop table made; --", "\u{202e}\u{1f600}", "=1+1"];
    bus.emit(&suspended(VendorId::new(), "a\0b")).await;
    let half = with(bus.outgoing(&suspended(VendorId::new(), "?")), |o| {
        let payload = String::from_utf8(o.payload.take().unwrap()).unwrap();
        o.payload = Some(payload.replace("\"?\"", "\"\\ud800\"").into_bytes());
    });
    bus.publish(&[half]).await;
    for text in texts {
        bus.emit(&suspended(VendorId::new(), text)).await;
    }
    let reading = stage.read(&bus, 500);

    counted(&pool, "select count(*) from applied", 4).await;
    reading.stop().await;

    assert_eq!(applied(&pool).await, texts);
    let problems: Vec<_> = stage.letters().await.into_iter().map(|l| l.problem).collect();
    assert_eq!(problems, ["validation-error", "event/unreadable"], "no NUL, no half character");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_a_newer_writer_says_besides_is_passed_over(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let mut record = stage.app.record(&suspended(VendorId::new(), "known"));
    let mut payload: serde_json::Value =
        serde_json::from_slice(record.payload.as_deref().unwrap()).unwrap();
    payload["severity"] = serde_json::json!({ "level": 3 });
    record.payload = Some(payload.to_string().into_bytes());
    record.headers.insert("ce_dataschemaversion".into(), "7".into());

    stage.consumer(Kind::Effect).apply(&[record]).await.unwrap();

    assert_eq!(applied(&pool).await, ["known"]);
    assert!(stage.letters().await.is_empty());
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn later_events_of_the_key_wait_and_other_keys_do_not(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    let (bad, good) = (VendorId::new(), VendorId::new());
    for (key, what) in
        [(bad, "0"), (bad, "refuse:1"), (good, "a"), (bad, "2"), (good, "b"), (bad, "3")]
    {
        bus.emit(&suspended(key, what)).await;
    }
    let reading = stage.read(&bus, 500);

    counted(&pool, LETTERS, 3).await;
    counted(&pool, "select count(*) from applied", 3).await;
    bus.emit(&suspended(bad, "4")).await;
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
        bus.emit(&suspended(key, what)).await;
    }
    let reading = stage.read(&bus, 500);
    entered(&stage.strings, 5).await;
    counted(&pool, "select count(*) from applied", 1).await;
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
    bus.emit(&suspended(VendorId::new(), "broken")).await;
    bus.emit(&suspended(VendorId::new(), "after")).await;
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
    let record = stage.app.record(&suspended(VendorId::new(), "fine"));
    consumer.apply(std::slice::from_ref(&record)).await.unwrap();
    let next = stage.app.record(&suspended(VendorId::new(), "next"));
    consumer.apply(&[next]).await.unwrap();

    let done = consumer.give_up(&record, &chassis::Problem::not_found()).await.unwrap();

    assert_eq!((done.next_offset, done.known, done.parked), (2, 1, 0));
    assert_eq!(count(&pool, LETTERS).await, 0);
    assert_eq!(count(&pool, "select next_offset from chassis.consumer_offset").await, 2);
}
