//! The broker lost the end of a topic, and the services' databases are ahead of it.

use std::collections::BTreeSet;

use chassis::kafka::{Kafka, Outgoing};
use chassis::record::Record;
use contracts::topics::ORDER_ORDER_EVT;
use e2e::runbook::Runbook;
use e2e::stack::alone_on_the_stack;
use e2e::{broker, invariants, stage};
use kernel::EventId;
use mall::journey::Actors;
use mall::registry;
use mall::reporter::{PATIENCE, until};
use mall::settings::Settings;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;

use crate::trade::{buy, settled};

/// Puts the topic back as a copy has it: made anew, with these records.
async fn put_back(settings: &Settings, records: &[Outgoing]) -> anyhow::Result<()> {
    let common = registry::common(&settings.env_dir, "order")?;
    let (config, kafka) = (common.kafka(), Kafka::new(&common.kafka()));
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", config.brokers).create()?;
    admin.delete_topics(&[&kafka.name_of(ORDER_ORDER_EVT.name)], &AdminOptions::new()).await?;
    until(PATIENCE, "the topic is made anew", async || {
        let made = kafka.ensure_topics(&[&ORDER_ORDER_EVT], common.layout()).await;
        Ok(made.ok().filter(|made| *made == 1))
    })
    .await?;
    publish_again(settings, records).await
}

async fn publish_again(settings: &Settings, records: &[Outgoing]) -> anyhow::Result<()> {
    let kafka = Kafka::new(&registry::common(&settings.env_dir, "order")?.kafka());
    Ok(kafka.publisher("restored")?.publish(records).await?)
}

/// The record as it was said, to the byte.
fn as_said(record: Record) -> anyhow::Result<Outgoing> {
    let header = |name: &str| record.headers.get(name).cloned().unwrap_or_default();
    Ok(Outgoing {
        topic: record.topic.to_string(),
        name: record.name().to_owned(),
        id: header("ce_id").parse::<EventId>()?.as_uuid(),
        version: header("ce_aggversion").parse()?,
        correlation: header("ce_correlationid"),
        causation: header("ce_causationid"),
        traceparent: header("traceparent"),
        source: header("ce_source"),
        time: header("ce_time"),
        key: record.key,
        payload: record.payload,
    })
}

/// What a program tells the operator to do.
fn advice(said: &str) -> BTreeSet<&str> {
    said.lines().filter_map(|line| Some(line.split_once("beginning: ")?.1)).collect()
}

/// The invariant of a line of the verifier that says that it is broken.
fn broken(line: &str) -> Option<&str> {
    line.contains("BROKEN").then(|| line.split_whitespace().next())?
}

/// Does what the page says to a topic that lacks the story of `lost`.
async fn follow(page: &Runbook, actors: &Actors, lost: &str) -> anyhow::Result<()> {
    let doctor = page.step("deploy/native/stack mall doctor")?;
    let (well, said) = page.run(doctor, "").await?;
    let advice = advice(&said);
    let reads = "mall offsets restart invoice order.order.evt.v1";
    anyhow::ensure!(!well && advice.contains(reads), "{said}");
    for command in advice {
        let (done, said) = page.run(&format!("deploy/native/stack {command}"), "").await?;
        anyhow::ensure!(done, "{command}: {said}");
    }
    until(PATIENCE, "the doctor finds nothing more", async || {
        Ok(page.run(doctor, "").await?.0.then_some(()))
    })
    .await?;
    buy(actors).await?;
    let (_, said) = page.run(page.step("deploy/native/stack mall verify")?, "").await?;
    let broken: Vec<_> = said.lines().filter_map(broken).filter(|id| *id != "5").collect();
    anyhow::ensure!(broken == ["1", "24"], "{broken:?}: {said}");
    let named = format!("for key {lost}, but the broker has nothing of that key");
    anyhow::ensure!(said.contains(&named), "{lost} is not named:\n{said}");
    Ok(())
}

#[tokio::test]
async fn what_a_topic_lost_is_named_and_whoever_stood_still_goes_on() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        let page = Runbook::open(settings, "a-topic-lost-records.md")?;
        let actors = stage::actors(settings, "restored").await?;
        let last = buy(&actors).await?.checkout_id;
        settled(settings).await?;
        let records = broker::everything(settings).await?.into_iter();
        let ours = records.filter(|record| &*record.topic == ORDER_ORDER_EVT.name);
        let kept = ours.map(as_said).collect::<anyhow::Result<Vec<_>>>()?;
        let (tail, kept): (Vec<_>, Vec<_>) = kept.into_iter().partition(|event| event.key == last);

        // Whoever speaks on the topic stands still meanwhile, as the page says.
        supervisor.stop_all_of(&["order"]).await?;
        put_back(settings, &kept).await?;
        supervisor.start_all().await?;
        supervisor.all_ready().await?;
        let followed = follow(&page, &actors, &last).await;
        // Somebody has a mirror.
        publish_again(settings, &tail).await?;
        followed?;
        invariants::holds(settings).await
    })
    .await
}
