//! Outside work: tried again by the clock, taken over after the lease, given up in the end, never too much at once.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chassis::Service;
use chassis::runner::Runner;
use contracts::vendor::VendorApproved;
use jiff::SignedDuration;
use kernel::{Clock, ManualClock, SystemClock};
use sqlx::PgPool;
use testkit::eventually;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::stage::{Stage, count, counted, made};
use crate::work::Parcel;

impl Stage {
    async fn schedule(&self, what: &str) {
        let mut tx = self.app.db().begin().await.unwrap();
        let now = tx.now();
        tx.schedule(&Parcel { what: what.into() }, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Runs what is due while the test goes on. Returns how much that was.
    fn run_beside(&self) -> JoinHandle<usize> {
        let runner = self.runner();
        tokio::spawn(async move { runner.run_due().await.unwrap() })
    }

    fn later(&self, ms: i64) {
        self.app.clock.advance(SignedDuration::from_millis(ms));
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_job_is_tried_again_with_growing_pauses_and_given_up_at_last(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    stage.schedule("broken").await;
    assert_eq!(stage.app.run_jobs().await, 1);
    for pause_ms in [1_000, 2_000, 4_000] {
        stage.later(pause_ms - 1);
        assert_eq!(stage.app.run_jobs().await, 0, "{pause_ms} ms are not over");
        stage.later(pause_ms / 10 + 2);
        assert_eq!(stage.app.run_jobs().await, 1, "{pause_ms} ms are over");
    }

    assert_eq!(stage.strings.world().len(), 4);
    assert_eq!(made(&pool).await, ["gave up broken: internal"]);
    let failed =
        "select count(*) from chassis.job where failed_at is not null and last_error = 'internal'";
    assert_eq!(count(&pool, failed).await, 1);
    stage.later(86_400_000);
    assert_eq!(stage.app.run_jobs().await, 0, "it stays given up");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_job_that_heals_is_recorded_once_and_says_so(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    stage.schedule("panic").await;
    assert_eq!(stage.app.run_jobs().await, 1);
    stage.strings.healed.store(true, Ordering::SeqCst);
    stage.later(1_200);

    assert_eq!(stage.app.run_jobs().await, 1);

    assert_eq!(made(&pool).await, ["made panic"]);
    assert_eq!(stage.app.emitted::<VendorApproved>().await.len(), 1);
    assert_eq!(count(&pool, "select count(*) from chassis.job").await, 0);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_refusal_is_not_tried_again(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    stage.schedule("refuse").await;

    assert_eq!(stage.app.run_jobs().await, 1);

    assert_eq!(made(&pool).await, ["gave up refuse: probe/refused"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn after_the_lease_another_runner_does_it_and_only_its_record_counts(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    stage.schedule("wait").await;
    let first = stage.run_beside();
    at_once(&stage, 1).await;
    assert_eq!(stage.app.run_jobs().await, 0, "it is somebody's");
    stage.leases_run_out().await;
    let second = stage.run_beside();
    at_once(&stage, 2).await;

    // The gate lets the first one go first: it is too late all the same.
    stage.strings.gate.add_permits(1);
    assert_eq!(first.await.unwrap(), 1);
    assert_eq!(made(&pool).await, [""; 0]);
    stage.strings.gate.add_permits(1);
    assert_eq!(second.await.unwrap(), 1);

    assert_eq!(made(&pool).await, ["made wait"]);
    assert_eq!(stage.app.emitted::<VendorApproved>().await.len(), 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn work_that_takes_longer_than_its_lease_stays_ours(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    stage.schedule("wait").await;
    let first = stage.run_beside();
    at_once(&stage, 1).await;
    let until = "select extract(epoch from lease_until)::bigint from chassis.job";
    for _ in 0..2 {
        let before = count(&pool, until).await;
        eventually("the lease is renewed", async || {
            (count(&pool, until).await > before).then_some(())
        })
        .await;
    }

    assert_eq!(stage.app.run_jobs().await, 0, "it is still the first one's");
    stage.strings.gate.add_permits(1);
    assert_eq!(first.await.unwrap(), 1);
    assert_eq!(stage.strings.world().len(), 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_job_that_kills_the_process_each_time_is_given_up_too(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    stage.schedule("fine").await;
    chassis::fail::arm(stage.app.db(), "job.before_act", 100);
    for _ in 0..5 {
        assert_eq!(stage.app.run_jobs().await, 1);
        stage.leases_run_out().await;
    }

    assert_eq!(stage.strings.world().len(), 0);
    assert_eq!(made(&pool).await, ["gave up fine: internal"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_job_that_cannot_be_read_is_given_up_at_once(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    stage.schedule("fine").await;
    sqlx::query("update chassis.job set payload = '{\"why\": 1}'").execute(&pool).await.unwrap();

    assert_eq!(stage.app.run_jobs().await, 1);

    let failed = "select count(*) from chassis.job where failed_at is not null and last_error = 'event/unreadable'";
    assert_eq!(count(&pool, failed).await, 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn no_more_than_three_run_at_once_and_all_are_done(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(stage.runner().run(stop.clone()));
    for _ in 0..10 {
        stage.schedule("wait").await;
    }
    at_once(&stage, 3).await;
    stage.strings.gate.add_permits(10);

    counted(&pool, "select count(*) from made", 10).await;
    stop.cancel();
    running.await.unwrap();

    assert_eq!(stage.strings.at_once.1.load(Ordering::SeqCst), 3);
    assert_eq!(stage.strings.world().len(), 10);
}

async fn at_once(stage: &Stage, jobs: usize) {
    eventually(&format!("{jobs} jobs are at it"), async || {
        (stage.strings.at_once.0.load(Ordering::SeqCst) == jobs).then_some(())
    })
    .await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_replica_whose_clock_is_ahead_takes_nothing_that_is_being_done(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    stage.schedule("wait").await;
    let first = stage.run_beside();
    at_once(&stage, 1).await;
    let ahead = ManualClock::new(stage.app.clock.now() + SignedDuration::from_secs(15));
    let ahead = chassis::Db::over(pool.clone(), Arc::new(ahead));

    let taken = Runner::new(ahead, stage.app.app.jobs(), "probe").run_due().await.unwrap();

    assert_eq!(taken, 0);
    stage.strings.gate.add_permits(1);
    assert_eq!(first.await.unwrap(), 1);
    assert_eq!(stage.strings.world().len(), 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_job_that_has_a_place_begins_with_the_commit_and_not_without_it(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(stage.runner().run(stop.clone()));
    let ours = "select count(*) from chassis.job where lease_until > now() and attempts = 1";
    let begin = async |what: &str| {
        let mut tx = stage.app.db().begin().await.unwrap();
        let now = tx.now();
        tx.schedule(&Parcel { what: what.into() }, now).await.unwrap();
        let ours: i64 = sqlx::query_scalar(ours).fetch_one(tx.conn()).await.unwrap();
        (tx, ours)
    };
    // While the runner looks for work itself, the places are its own.
    let kept = eventually("there are three places", async || {
        let (mut kept, mut places) = (Vec::new(), Vec::new());
        for _ in 0..4 {
            let (tx, ours) = begin("fine").await;
            kept.push(tx);
            places.push(ours);
        }
        (places == [1, 1, 1, 0]).then_some(kept)
    })
    .await;

    for tx in kept {
        tx.commit().await.unwrap();
    }

    counted(&pool, "select count(*) from made", 4).await;
    assert_eq!(stage.strings.world(), ["fine"; 4]);
    stop.cancel();
    running.await.unwrap();
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_runner_sleeps_until_the_next_job_is_due(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let db = crate::stage::replica(&pool);
    let stop = CancellationToken::new();
    let runner = Runner::new(db.clone(), stage.app.app.jobs(), "probe");
    let running = tokio::spawn(runner.run(stop.clone()));
    let due = SystemClock.now() + SignedDuration::from_millis(2_500);
    let mut tx = db.begin().await.unwrap();
    tx.schedule(&Parcel { what: "late".into() }, due).await.unwrap();
    tx.commit().await.unwrap();

    counted(&pool, "select count(*) from made", 1).await;

    let late = SystemClock.now().duration_since(due);
    assert!(late.is_positive() && late < SignedDuration::from_secs(2), "{late}");
    stop.cancel();
    running.await.unwrap();
}
