//! The clock of one service is five minutes off. Tokens live ten minutes; clocks may differ by one.

use e2e::replacement::{Log, StandIn, ready};
use e2e::supervisor::Supervisor;
use e2e::{invariants, stage};
use mall::journey::{Actors, Method, play};
use mall::person::Person;
use mall::reporter::Reporter;
use mall::seed;
use mall::settings::Settings;
use reqwest::Method as Verb;
use serde_json::Value;

use e2e::stack::alone_on_the_stack;

async fn with_clock(
    (settings, supervisor): (&Settings, &Supervisor),
    (service, offset_s): (&'static str, &str),
    meanwhile: impl AsyncFnOnce(&Actors) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let actors = stage::actors(settings, "clock").await?;
    let replicas = supervisor.replicas(&[service]).await?;
    supervisor.stop_all_of(&[service]).await?;
    let changed = [("MALL__CLOCK_OFFSET_S", offset_s)];
    let replacement = StandIn::start(settings, service, &changed, Log::Nowhere)?;
    ready(settings, service).await?;
    let done = meanwhile(&actors).await;
    replacement.end().await?;
    for replica in replicas {
        supervisor.start(&replica).await?;
    }
    done
}

async fn buy(actors: &Actors) -> anyhow::Result<()> {
    play(actors, Method::Upi, &mut Reporter::new(true)).await.map(drop)
}

/// A seller with a token that was issued just now.
async fn fresh(actors: &Actors) -> anyhow::Result<Person> {
    let wallet = seed::wallet(&actors.settings);
    Person::remembered(&actors.settings, &wallet, &actors.sellers[0].person.address).await
}

/// A token from the future is no token.
async fn refused(person: &Person, path: &str) -> anyhow::Result<()> {
    let answer = person.send(Verb::GET, path, None, None).await?;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    let problem: Value = answer.json().await?;
    let kind = problem["type"].as_str().unwrap_or_default();
    assert!(kind.ends_with("/problems/unauthenticated"), "{problem}");
    Ok(())
}

#[tokio::test]
async fn a_payment_service_that_is_fast_takes_webhooks_and_tokens() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        with_clock((settings, supervisor), ("payment", "300"), buy).await?;
        invariants::holds(settings).await
    })
    .await
}

#[tokio::test]
async fn an_issuer_that_is_slow_makes_tokens_that_are_believed() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        with_clock((settings, supervisor), ("user", "-300"), async |actors| {
            fresh(actors).await?.get("/v1/orders").await.map(drop)
        })
        .await?;
        buy(&stage::actors(settings, "clock").await?).await
    })
    .await
}

#[tokio::test]
async fn an_issuer_that_is_fast_makes_tokens_that_are_refused() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        with_clock((settings, supervisor), ("user", "300"), async |actors| {
            refused(&fresh(actors).await?, "/v1/orders").await
        })
        .await?;
        buy(&stage::actors(settings, "clock").await?).await
    })
    .await
}

#[tokio::test]
async fn a_service_that_is_slow_refuses_tokens_from_the_future() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        with_clock((settings, supervisor), ("order", "-300"), async |actors| {
            refused(&actors.sellers[0].person, "/v1/orders").await
        })
        .await?;
        buy(&stage::actors(settings, "clock").await?).await
    })
    .await
}
