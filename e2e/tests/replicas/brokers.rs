//! kill -9 of one of three brokers while people buy. It stays away; a record that two of three have is taken.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use e2e::gateway::Bookmark;
use e2e::invariants;
use e2e::stack::alone_on_the_stack;
use e2e::supervisor::Supervisor;
use mall::reporter::{PATIENCE, until};
use mall::settings::Settings;
use mall::verify::stack::StackHandles;
use rand::Rng as _;
use sqlx::PgPool;

use crate::buyers::buying;

/// After this long without a broker, somebody has an order that is paid.
const SOON: Duration = Duration::from_secs(15);

/// Waits until `count` finds something that happened after `since`; says how long that took.
async fn found(
    orders: &PgPool,
    (count, since): (&'static str, &str),
    patience: Duration,
) -> anyhow::Result<Duration> {
    let started = Instant::now();
    until(patience, count, async || {
        let found: i64 = sqlx::query_scalar(count).bind(since).fetch_one(orders).await?;
        Ok((found > 0).then_some(()))
    })
    .await?;
    Ok(started.elapsed())
}

const UNDERWAY: &str = "select count(*) from orders where state = 'awaiting_payment' and $1 <> ''";
const CONFIRMED: &str = "select count(*) from orders where confirmed_at > $1::timestamptz";
const BOUGHT: &str =
    "select count(*) from orders where state = 'confirmed' and placed_at > $1::timestamptz";

async fn now(orders: &PgPool) -> anyhow::Result<String> {
    Ok(sqlx::query_scalar("select clock_timestamp()::text").fetch_one(orders).await?)
}

/// One broker dies in the middle of somebody's checkout and stays away until somebody else has bought without it.
async fn lose_one(
    settings: &Settings,
    supervisor: &Supervisor,
    brokers: &[String],
) -> anyhow::Result<()> {
    let stand = StackHandles::of(settings).await?;
    let orders = stand.db("order")?;
    found(orders, (UNDERWAY, "now"), PATIENCE).await?;
    let victim = brokers[rand::rng().random_range(0..brokers.len())].as_str();
    supervisor.life(victim).await?.context("it does not run")?.kill().await?;
    let death = now(orders).await?;
    // Nobody starts it again meanwhile.
    let programs = [victim];
    let without = async {
        let first = found(orders, (CONFIRMED, &death), SOON).await?;
        let whole = found(orders, (BOUGHT, &death), PATIENCE).await?;
        println!("without {victim}: confirmed after {first:?}, bought {whole:?} later");
        anyhow::Ok(())
    };
    let (stopped, without) = tokio::join!(supervisor.stop(&programs), without);
    supervisor.start(victim).await?;
    stopped?;
    without.with_context(|| format!("without {victim}"))
}

#[tokio::test]
async fn the_death_of_one_of_three_brokers_stops_nobody() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        let brokers = supervisor.replicas(&["kafka"]).await?;
        if brokers.len() < 3 {
            println!("there is one broker: start the stack with MALL_BROKERS=3");
            return Ok(());
        }
        let bookmark = Bookmark::now(settings)?;
        buying(settings, lose_one(settings, supervisor, &brokers)).await?;
        let faults = bookmark.faults_since()?;
        anyhow::ensure!(faults.is_empty(), "the mall was closed:\n{}", faults.join("\n"));
        invariants::holds(settings).await
    })
    .await
}
