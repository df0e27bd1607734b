//! Knocking at the doors of the mall while something behind them is away.

use std::time::Duration;

use anyhow::Context as _;
use mall::journey::Actors;
use mall::person::Person;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;

/// Knocks at every door for a while. Returns the doors that were closed at least once; every other answer was one of an
/// open door.
pub async fn knock(actors: &Actors, while_away: Duration) -> anyhow::Result<Vec<String>> {
    let end = Instant::now() + while_away;
    let mut closed = Vec::new();
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    while Instant::now() < end {
        for (door, request) in doors(actors)? {
            let answer = request.send().await.with_context(|| format!("no answer: {door}"))?;
            if !is_open(answer).await.with_context(|| door.clone())? && !closed.contains(&door) {
                closed.push(door);
            }
        }
        tick.tick().await;
    }
    closed.sort();
    Ok(closed)
}

fn doors(actors: &Actors) -> anyhow::Result<Vec<(String, RequestBuilder)>> {
    let http = reqwest::Client::builder().timeout(Duration::from_secs(35)).build()?;
    let gateway = actors.settings.gateway.trim_end_matches('/');
    let seller = actors.sellers.first().context("no sellers")?;
    let own = format!("/v1/vendors/{}", seller.vendor);
    let mut doors = Vec::new();
    for (path, person) in [
        ("/v1/products", None),
        ("/v1/search/products?q=tea", None),
        (own.as_str(), None),
        ("/v1/me", Some(&seller.person)),
        ("/v1/cart", Some(&seller.person)),
        ("/v1/orders", Some(&seller.person)),
        (&format!("{own}/balance"), Some(&seller.person)),
        (&format!("{own}/invoices"), Some(&seller.person)),
        ("/v1/admin/messages", Some(&actors.staff)),
        ("/v1/analytics/overview", Some(&actors.staff)),
    ] {
        let request = http.get(format!("{gateway}{path}"));
        let token = person.map(Person::access_token);
        let request = token.into_iter().fold(request, RequestBuilder::bearer_auth);
        doors.push((format!("GET {path}"), request));
    }
    let address = json!({ "address": e2e::stage::somebody("knocks") });
    let code = http.post(format!("{gateway}/v1/auth/otp")).json(&address);
    doors.push(("POST /v1/auth/otp".to_owned(), code));
    Ok(doors)
}

/// A closed door says when to come back, in a problem document. Any other trouble is a fault.
async fn is_open(answer: Response) -> anyhow::Result<bool> {
    let status = answer.status();
    if status != StatusCode::SERVICE_UNAVAILABLE {
        anyhow::ensure!(status.is_success(), "{status} {}", answer.text().await?);
        return Ok(true);
    }
    let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok());
    let wait: u32 = header("retry-after").context("no Retry-After")?.parse()?;
    anyhow::ensure!(wait > 0, "Retry-After: {wait}");
    let kind = header("content-type").unwrap_or_default().to_owned();
    let problem: Value = answer.json().await?;
    let whole = kind == "application/problem+json"
        && problem["status"] == 503
        && problem["type"].as_str().is_some_and(|slug| slug.contains("/problems/"));
    anyhow::ensure!(whole, "not a problem document: {kind} {problem}");
    Ok(false)
}
