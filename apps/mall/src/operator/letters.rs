//! Dead letters of all services.

use std::sync::Arc;

use anyhow::Context as _;
use chassis::db::Db;
use chassis::dead_letters::{self, DeadLetter};
use kernel::SystemClock;

use super::roster;
use crate::settings::Settings;

/// The databases of the services that have one.
pub fn databases(settings: &Settings) -> anyhow::Result<Vec<(&'static str, Db)>> {
    let mut databases = Vec::new();
    for entry in roster::all() {
        let common = roster::common(&settings.env_dir, entry.name)?;
        if let Some(url) = &common.database_url {
            databases.push((entry.name, Db::connect(url, 1, Arc::new(SystemClock))?));
        }
    }
    Ok(databases)
}

/// Lists what waits, service by service.
pub async fn list(settings: &Settings) -> anyhow::Result<()> {
    let mut found = 0;
    for (service, db) in databases(settings)? {
        for letter in dead_letters::list(&db).await? {
            found += 1;
            let kind = if letter.culprit { "failed" } else { "waits" };
            println!(
                "  {service} {:>6}  {kind:<6}  {} {}[{}]@{}  {}",
                letter.id,
                letter.name,
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

async fn find(settings: &Settings, service: &str, id: i64) -> anyhow::Result<(Db, DeadLetter)> {
    let (_, db) = databases(settings)?
        .into_iter()
        .find(|(name, _)| *name == service)
        .with_context(|| format!("there is no service {service:?} with a database"))?;
    let letter = dead_letters::list(&db).await?.into_iter().find(|l| l.id == id);
    Ok((db, letter.with_context(|| format!("{service} has no dead letter {id}"))?))
}

/// Shows one letter.
pub async fn show(settings: &Settings, service: &str, id: i64) -> anyhow::Result<()> {
    let (_, letter) = find(settings, service, id).await?;
    println!("{}", serde_json::to_string_pretty(&letter)?);
    Ok(())
}

/// Drops one letter for good.
pub async fn drop_letter(settings: &Settings, service: &str, id: i64) -> anyhow::Result<()> {
    let (db, letter) = find(settings, service, id).await?;
    anyhow::ensure!(dead_letters::discard(&db, id).await?, "it is gone already");
    println!("dropped {} of {service}; redrive what waits behind it", letter.name);
    Ok(())
}
