//! kill -9 of one replica of each service, one after the other, while people buy.

use anyhow::Context as _;
use e2e::invariants;
use e2e::replacement::ready;
use e2e::stack::alone_on_the_stack;
use e2e::supervisor::Supervisor;
use mall::registry;
use mall::settings::Settings;
use rand::Rng as _;

use crate::buyers::buying;

async fn kill_one_of_each(settings: &Settings, supervisor: &Supervisor) -> anyhow::Result<()> {
    for service in registry::names() {
        let replicas = supervisor.replicas(&[service]).await?;
        anyhow::ensure!(replicas.len() > 1, "{service} is alone: start it with MALL_REPLICAS=2");
        let victim = &replicas[rand::rng().random_range(0..replicas.len())];
        let life = supervisor.life(victim).await?.context("it does not run")?;
        life.kill().await?;
        supervisor.restarted(victim, life).await?;
        ready(settings, victim).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_death_of_one_replica_of_each_service_loses_nothing() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        buying(settings, kill_one_of_each(settings, supervisor)).await?;
        invariants::holds(settings).await
    })
    .await
}
