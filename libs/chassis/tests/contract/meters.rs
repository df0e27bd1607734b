//! After some traffic the operator's page shows what the dashboards are drawn from.

use kernel::VendorId;
use serde_json::json;
use sqlx::PgPool;
use testkit::wait::within;

use crate::stage::{bus, counted, live, suspended};

const WANTED: &[&str] = &[
    "mall_http_requests_total{service=\"probe\",route=\"/v1/things\",method=\"POST\",status=\"201\"}",
    "mall_http_request_seconds_bucket{service=\"probe\",route=\"/v1/things\"",
    "mall_problems_total{service=\"probe\",problem=\"not-found\"}",
    "mall_outbox_pending{service=\"probe\"}",
    "mall_outbox_oldest_seconds{service=\"probe\"}",
    "mall_consumer_lag_records{service=\"probe\",consumer=\"probe\",topic=\"vendor.vendor.evt.v1\"}",
    "mall_consumer_lag_seconds{service=\"probe\",consumer=\"probe\",topic=\"vendor.vendor.evt.v1\"}",
    "mall_consumer_batch_size_bucket{service=\"probe\"",
    "mall_handler_seconds_bucket{service=\"probe\",event=\"vendor.suspended.v1\"",
    "mall_dead_letters_open{service=\"probe\"}",
    "mall_jobs_due{service=\"probe\"}",
    "mall_jobs_failed{service=\"probe\"}",
    "mall_db_pool_connections{service=\"probe\"}",
    "mall_db_pool_idle{service=\"probe\"}",
];

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn everything_a_dashboard_is_drawn_from_is_there_after_some_traffic(pool: PgPool) {
    let bus = bus(1).await;
    let (live, strings) = live(&bus, &pool).await;
    let client = reqwest::Client::new();
    let thing = client.post(format!("{}/v1/things", live.url));
    let thing =
        thing.header("content-type", "application/json").body(json!({"name": "a"}).to_string());
    assert_eq!(thing.send().await.unwrap().status(), 201);
    assert_eq!(reqwest::get(format!("{}/v1/nowhere", live.url)).await.unwrap().status(), 404);
    bus.emit(&suspended(VendorId::new(), "work:1")).await;
    counted(&pool, "select count(*) from made", 2).await;

    let metrics = format!("{}/metrics", live.ops);
    within(std::time::Duration::from_secs(30), "every metric is there", async || {
        let text = reqwest::get(&metrics).await.ok()?.text().await.ok()?;
        WANTED.iter().all(|name| text.contains(name)).then_some(())
    })
    .await;
    for health in ["livez", "readyz"] {
        let answer = reqwest::get(format!("{}/{health}", live.ops)).await.unwrap();
        assert_eq!(answer.status(), 200, "{health}");
        let public = reqwest::get(format!("{}/{health}", live.url)).await.unwrap();
        assert_eq!(public.status(), 404, "{health} is not on the public port");
    }
    let lag = lag_while_stuck(&bus, &metrics).await;
    assert!(lag.contains("vendor.vendor.evt.v1"), "{lag}");
    strings.gate.add_permits(1);
    live.stop().await;
}

/// Makes the handler stick with two records behind it and waits until the lag shows.
async fn lag_while_stuck(bus: &testkit::Bus, metrics: &str) -> String {
    let key = VendorId::new();
    for what in ["wait", "behind", "behind"] {
        bus.emit(&suspended(key, what)).await;
    }
    within(std::time::Duration::from_secs(30), "the lag shows", async || {
        let text = reqwest::get(metrics).await.ok()?.text().await.ok()?;
        let lag = text.lines().find(|l| {
            l.starts_with("mall_consumer_lag_records")
                && l.contains("consumer=\"probe\"")
                && l.contains("vendor.vendor.evt")
                && l.ends_with(" 3")
        })?;
        Some(lag.to_owned())
    })
    .await
}
