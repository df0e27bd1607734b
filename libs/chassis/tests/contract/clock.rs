//! Time that is moved on while a service runs: what waits for days need not be waited for.

use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Live;

use crate::probe::{Config, Probe, tables};
use crate::stage::{bus, count, counted};
use crate::timers::RANG;

async fn forward(live: &Live, shift_s: i64) -> StatusCode {
    let clock = reqwest::Client::new().post(format!("{}/clock", live.ops));
    clock.json(&json!({ "shift_s": shift_s })).send().await.unwrap().status()
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_clock_that_can_be_moved_goes_on_and_takes_the_timers_with_it(pool: PgPool) {
    let bus = bus(1).await;
    tables(&pool).await;
    let due = "insert into due values ('in three days', now() + interval '72 h')";
    sqlx::query(due).execute(&pool).await.unwrap();
    let mut common = testkit::live::common(&bus, Some(&pool));
    common.clock_shift_s = Some(3_600);
    let live = Live::start::<Probe>(common, Config::default()).await;
    assert_eq!(forward(&live, 7_200).await, StatusCode::OK);
    assert_eq!(count(&pool, RANG).await, 0);

    assert_eq!(forward(&live, 73 * 3_600).await, StatusCode::OK);

    counted(&pool, RANG, 1).await;
    assert_eq!(forward(&live, 7_200).await, StatusCode::CONFLICT, "it never goes back");
    let clock = reqwest::get(format!("{}/clock", live.ops)).await.unwrap();
    assert_eq!(clock.json::<Value>().await.unwrap()["shift_s"], 73 * 3_600);
    live.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn in_production_there_is_no_clock_to_move(pool: PgPool) {
    let bus = bus(1).await;
    tables(&pool).await;
    let common = testkit::live::common(&bus, Some(&pool));
    let live = Live::start::<Probe>(common, Config::default()).await;

    assert_eq!(forward(&live, 3_600).await, StatusCode::NOT_FOUND);

    live.stop().await;
}
