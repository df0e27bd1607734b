//! What can happen to an order, played to its end, while somebody dies in every sixth story. Time passes meanwhile, so
//! nothing else is played.

use std::time::Duration;

use e2e::invariants;
use e2e::stack::alone_on_the_stack;
use mall::scenarios::{self, Cast, Crowd, Deaths};

/// What decides who dies and what the crowd does: that of the run, if it has one.
fn seed() -> u64 {
    let drawn = std::env::var("MALL_CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
    drawn.unwrap_or(7)
}

#[tokio::test]
async fn every_scenario_ends_as_written() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, _| {
        let deaths = Deaths::of(settings, seed());
        let cast = Cast::gather(settings).await?;
        let stories = scenarios::scenarios();
        let outcomes = scenarios::play(&cast, &stories, Some(&deaths), |_| {}).await?;
        let wrong = outcomes.iter().filter(|outcome| !outcome.ok);
        let wrong: Vec<_> = wrong.map(|o| format!("{} {}: {}", o.id, o.name, o.ended)).collect();
        anyhow::ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
        invariants::holds(settings).await
    })
    .await
}

#[tokio::test]
async fn a_crowd_that_does_as_it_likes_leaves_the_invariants_whole() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, _| {
        let crowd = Crowd { buyers: 20, time: Duration::from_secs(20), seed: seed() };
        scenarios::crowd(settings, &crowd).await?.fine()?;
        invariants::holds(settings).await
    })
    .await
}
