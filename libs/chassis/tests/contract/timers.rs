//! What falls due waits until the service has heard what it should have heard.

use std::sync::atomic::Ordering;

use chassis::Service;
use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;
use kernel::{MessageId, VendorId};
use sqlx::PgPool;
use testkit::{Bus, Live, eventually};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::probe::{Config, Probe, tables};
use crate::stage::{Stage, bus, count, counted, sent, suspended};

pub const RANG: &str = "select count(*) from rang";
const APPLIED: &str = "select count(*) from applied";

/// Sixty facts on the topic that is not stuck, each heard before the next is said: much longer than a tick.
async fn meanwhile(bus: &Bus, pool: &PgPool, before: i64) -> i64 {
    counted(pool, APPLIED, before).await;
    for n in 1..=60 {
        bus.emit(&sent(MessageId::new(), "meanwhile")).await;
        counted(pool, APPLIED, before + n).await;
    }
    before + 60
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn timers_do_not_tick_before_the_service_has_caught_up(pool: PgPool) {
    let bus = bus(1).await;
    tables(&pool).await;
    sqlx::query("insert into due values ('long ago', '2020-01-01')").execute(&pool).await.unwrap();
    bus.emit(&sent(MessageId::new(), "quick")).await;
    bus.emit(&suspended(VendorId::new(), "wait")).await;
    let config = Config::default();
    let strings = config.strings.clone();
    let live = Live::start::<Probe>(testkit::live::common(&bus, Some(&pool)), config).await;
    eventually("both topics are being heard", async || {
        (strings.entered.load(Ordering::SeqCst) == 2).then_some(())
    })
    .await;
    let heard = meanwhile(&bus, &pool, 1).await;
    assert_eq!(count(&pool, RANG).await, 0);

    strings.gate.add_permits(1);

    counted(&pool, RANG, 1).await;
    counted(&pool, APPLIED, heard + 1).await;
    // Caught up once is caught up: a stuck handler later does not stop the clock.
    bus.emit(&suspended(VendorId::new(), "wait")).await;
    sqlx::query("insert into due values ('again', '2020-01-01')").execute(&pool).await.unwrap();
    counted(&pool, RANG, 2).await;
    strings.gate.add_permits(1);
    live.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_replica_that_was_given_no_partition_waits_for_the_others_work(pool: PgPool) {
    let (stage, bus) = (Stage::set(&pool).await, bus(1).await);
    for what in ["wait", "after"] {
        bus.emit(&suspended(VendorId::new(), what)).await;
    }
    let busy = stage.read(&bus, 500);
    eventually("the first replica is at it", async || {
        (stage.strings.entered.load(Ordering::SeqCst) == 1).then_some(())
    })
    .await;
    let mut idle = stage.read(&bus, 500);
    let heard = meanwhile(&bus, &pool, 0).await;
    assert!(!*idle.caught_up.borrow());

    stage.strings.gate.add_permits(10);

    let patience = std::time::Duration::from_secs(30);
    tokio::time::timeout(patience, idle.caught_up.wait_for(|up| *up)).await.unwrap().unwrap();
    assert_eq!(count(&pool, APPLIED).await, heard + 2);
    idle.stop().await;
    busy.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn time_is_the_services_clock(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let due = testkit::app::start_of_time() + SignedDuration::from_mins(15);
    sqlx::query("insert into due values ('in a quarter', $1)")
        .bind(due.to_sqlx())
        .execute(&pool)
        .await
        .unwrap();

    assert_eq!(stage.app.run_timers().await, 0);
    stage.app.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(stage.app.run_timers().await, 1);
    assert_eq!(stage.app.run_timers().await, 0);
}

/// The probe's timers beside the test, and the level of the news.
fn run_timers(stage: &Stage) -> (watch::Sender<bool>, CancellationToken) {
    let (level, current) = watch::channel(true);
    let stop = CancellationToken::new();
    let timers = stage.app.app.timers();
    tokio::spawn(timers.run(stage.app.db().clone(), current, stop.clone()));
    (level, stop)
}

/// Waits until every timer has had the time to come round a few times.
async fn rounds(stage: &Stage) {
    let before = stage.strings.beats.load(Ordering::SeqCst);
    eventually("the timers come round", async || {
        (stage.strings.beats.load(Ordering::SeqCst) >= before + 10).then_some(())
    })
    .await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn one_thing_that_fails_is_put_off_and_the_others_go_on(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    sqlx::query(
        "insert into due select case n when 50 then 'broken' else 'fine' end, '2020-01-01'::timestamptz + n * interval '1 s'
           from generate_series(1, 150) as n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let (_level, stop) = run_timers(&stage);

    counted(&pool, RANG, 149).await;
    let tried = stage.strings.entered.load(Ordering::SeqCst);
    rounds(&stage).await;
    assert_eq!(stage.strings.entered.load(Ordering::SeqCst), tried, "it is left alone for a while");
    for pause_ms in [1_200, 2_300] {
        let tried = stage.strings.entered.load(Ordering::SeqCst);
        stage.app.clock.advance(SignedDuration::from_millis(pause_ms));
        eventually("it is tried again", async || {
            (stage.strings.entered.load(Ordering::SeqCst) == tried + 1).then_some(())
        })
        .await;
        rounds(&stage).await;
        assert_eq!(stage.strings.entered.load(Ordering::SeqCst), tried + 1);
    }
    stage.strings.healed.store(true, Ordering::SeqCst);
    stage.app.clock.advance(SignedDuration::from_millis(4_500));
    counted(&pool, RANG, 150).await;
    stop.cancel();
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_decides_over_others_facts_rests_while_the_service_is_behind(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let (level, stop) = run_timers(&stage);
    let due = "insert into due values ('fine', '2020-01-01')";
    sqlx::query(due).execute(&pool).await.unwrap();
    counted(&pool, RANG, 1).await;

    level.send_replace(false);
    rounds(&stage).await;
    sqlx::query(due).execute(&pool).await.unwrap();
    rounds(&stage).await;
    assert_eq!(count(&pool, RANG).await, 1);

    level.send_replace(true);
    counted(&pool, RANG, 2).await;
    stop.cancel();
}
