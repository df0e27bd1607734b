//! Dead letters of all services.

use std::sync::Arc;

use anyhow::Context as _;
use chassis::dead_letters::{self, DeadLetter};
use chassis::{Consumer, Db};
use kernel::SystemClock;
use serde_json::Value;

use crate::registry::{self, Consumers};
use crate::settings::Settings;

/// The databases of the services that have one.
pub fn databases(settings: &Settings) -> anyhow::Result<Vec<(&'static str, Db)>> {
    let mut databases = Vec::new();
    for entry in registry::all() {
        let common = registry::common(&settings.env_dir, entry.name)?;
        if let Some(url) = &common.database_url {
            databases.push((entry.name, Db::connect(url, 1, Arc::new(SystemClock))?));
        }
    }
    Ok(databases)
}

/// Where letters lie, and how many.
pub async fn counts(settings: &Settings) -> anyhow::Result<Vec<(&'static str, usize)>> {
    let mut counts = Vec::new();
    for (service, db) in databases(settings)? {
        let count = dead_letters::list(&db).await?.len();
        if count > 0 {
            counts.push((service, count));
        }
    }
    Ok(counts)
}

/// A name or a key that fits on a line, whatever somebody wrote there.
fn short(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Lists what waits, service by service.
pub async fn list(settings: &Settings) -> anyhow::Result<()> {
    let mut found = 0;
    for (service, db) in databases(settings)? {
        for letter in dead_letters::list(&db).await? {
            found += 1;
            let kind = if letter.culprit { "failed" } else { "waits" };
            println!(
                "  {service} {:>6}  {kind:<6}  {}  {} {}[{}]@{}  {}",
                letter.id,
                letter.died_at,
                short(&letter.name),
                letter.topic,
                letter.partition,
                letter.offset,
                letter.problem
            );
        }
    }
    println!("{found} dead letters");
    Ok(())
}

fn database(settings: &Settings, service: &str) -> anyhow::Result<Db> {
    let of = databases(settings)?.into_iter().find(|(name, _)| *name == service);
    Ok(of.with_context(|| format!("there is no service {service:?} with a database"))?.1)
}

async fn find(settings: &Settings, service: &str, id: i64) -> anyhow::Result<(Db, DeadLetter)> {
    let db = database(settings, service)?;
    let letter = dead_letters::list(&db).await?.into_iter().find(|l| l.id == id);
    Ok((db, letter.with_context(|| format!("{service} has no dead letter {id}"))?))
}

/// Shows one letter, with what its record says.
pub async fn show(settings: &Settings, service: &str, id: i64) -> anyhow::Result<()> {
    let (db, letter) = find(settings, service, id).await?;
    let mut shown = serde_json::to_value(&letter)?;
    let payload = dead_letters::payload(&db, id).await?;
    shown["payload"] = payload.map_or(Value::Null, |bytes| {
        let text = || Value::from(String::from_utf8_lossy(&bytes).into_owned());
        serde_json::from_slice(&bytes).unwrap_or_else(|_| text())
    });
    println!("{}", serde_json::to_string_pretty(&shown)?);
    Ok(())
}

/// Drops letters for good.
pub async fn drop_letters(settings: &Settings, service: &str, ids: &[i64]) -> anyhow::Result<()> {
    let db = database(settings, service)?;
    for id in ids {
        let dropped = dead_letters::discard(&db, *id).await?;
        anyhow::ensure!(dropped, "{service} has no dead letter {id}");
        println!("dropped {id} of {service}");
    }
    println!("redrive what waits behind them");
    Ok(())
}

/// Hands dead letters to their handlers again: those of one letter's key, or all. What still cannot be handled stays.
pub async fn redrive(settings: &Settings, service: &str, id: Option<i64>) -> anyhow::Result<()> {
    let db = match id {
        Some(id) => find(settings, service, id).await?.0,
        None => database(settings, service)?,
    };
    let entry = registry::find(service)?;
    let common = registry::common(&settings.env_dir, service)?;
    let vars = registry::variables(&settings.env_dir, service)?;
    let consumers = (entry.consumers)(common, vars, db.pool().clone()).await?;
    redrive_with(&db, &consumers, id).await
}

/// The same, where the service's consumers and database are at hand.
pub async fn redrive_with(db: &Db, consumers: &Consumers, id: Option<i64>) -> anyhow::Result<()> {
    let letters = dead_letters::list(db).await?;
    let mut keys: Vec<(&str, &str, &str)> = letters
        .iter()
        .filter(|letter| id.is_none_or(|id| letter.id == id))
        .map(|letter| (letter.consumer.as_str(), letter.topic.as_str(), letter.key.as_str()))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let mut stuck = 0;
    for (consumer, topic, key) in keys {
        match dead_letters::redrive(listener(consumers, consumer)?, topic, key).await {
            Ok(many) => println!("  redriven  {many} of key {key} on {topic}"),
            Err(problem) => {
                stuck += 1;
                let why = problem.detail.as_deref().unwrap_or(&problem.title);
                println!("  stays     key {key} on {topic}: {}: {why}", problem.slug);
            }
        }
    }
    anyhow::ensure!(
        stuck == 0,
        "{stuck} keys still cannot be handled; mend the cause, or drop the letter that failed"
    );
    println!("{} dead letters are left", dead_letters::list(db).await?.len());
    Ok(())
}

fn listener<'a>(consumers: &'a Consumers, consumer: &str) -> anyhow::Result<&'a Consumer> {
    [&consumers.effects, &consumers.projections]
        .into_iter()
        .find(|ear| ear.name == consumer)
        .with_context(|| {
            format!("{} has no consumer {consumer:?} any more", consumers.effects.service)
        })
}
