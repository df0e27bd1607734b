//! What the operator sees.

use std::time::Duration;

use e2e::stage;
use mall::reporter::until;
use serde_json::Value;

#[tokio::test]
async fn prometheus_scrapes_all_twelve_and_their_numbers_move() {
    let settings = stage::settings().expect("a mall is running: use `make test`");
    let query =
        format!("{}/api/v1/query?query=count(mall_db_pool_connections)", settings.prometheus);
    let targets = format!("{}/api/v1/targets?state=active", settings.prometheus);
    until(Duration::from_mins(1), "twelve healthy targets", async || {
        let answer: Value = reqwest::get(&targets).await?.json().await?;
        let active = answer["data"]["activeTargets"].as_array().cloned().unwrap_or_default();
        let up = active
            .iter()
            .filter(|t| t["health"] == "up" && t["scrapePool"] != "prometheus")
            .count();
        Ok((up >= 12).then_some(()))
    })
    .await
    .unwrap_or_else(|e| panic!("{e:#}"));
    until(Duration::from_mins(1), "the services' own numbers", async || {
        let answer: Value = reqwest::get(&query).await?.json().await?;
        let count =
            answer["data"]["result"][0]["value"][1].as_str().and_then(|n| n.parse::<u32>().ok());
        Ok((count >= Some(10)).then_some(()))
    })
    .await
    .unwrap_or_else(|e| panic!("{e:#}"));
}

#[tokio::test]
async fn the_gateway_hides_health_metrics_and_what_does_not_exist() {
    let settings = stage::settings().expect("a mall is running: use `make test`");
    for path in ["/livez", "/readyz", "/metrics", "/internal", "/.git/config", "/v0/orders"] {
        let answer = reqwest::get(format!("{}{path}", settings.gateway)).await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
}
