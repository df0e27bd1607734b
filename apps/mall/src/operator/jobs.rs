//! Jobs that were given up, of all services.

use chassis::Db;
use chassis::failed_jobs::{self, FailedJob};
use clap::Subcommand;
use uuid::Uuid;

use super::dead_letters::databases;
use crate::settings::Settings;

/// What can be done with them.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List them, service by service.
    List {
        /// Of this service only.
        #[arg(long)]
        service: Option<String>,
    },
    /// Have one done after all, once the cause is gone: due now, its attempts counted anew.
    Again {
        /// The job.
        id: Uuid,
    },
}

/// Does it.
pub async fn run(settings: &Settings, verb: Verb) -> anyhow::Result<()> {
    match verb {
        Verb::List { service } => list(settings, service.as_deref()).await,
        Verb::Again { id } => again(settings, id).await,
    }
}

/// Lists what was given up, service by service.
async fn list(settings: &Settings, service: Option<&str>) -> anyhow::Result<()> {
    let databases = databases(settings)?;
    if let Some(wanted) = service {
        let known = databases.iter().any(|(name, _)| *name == wanted);
        anyhow::ensure!(known, "there is no service {wanted:?} with a database");
    }
    let mut found = 0;
    for (name, db) in databases {
        if service.is_some_and(|wanted| wanted != name) {
            continue;
        }
        for job in failed_jobs::list(&db).await? {
            found += 1;
            println!("  {name} {}", line(&job));
        }
    }
    println!("{found} failed jobs");
    Ok(())
}

fn line(job: &FailedJob) -> String {
    format!(
        "{}  {}  {} after {} attempts: {}",
        job.id,
        job.failed_at,
        job.kind,
        job.attempts,
        job.last_error.as_deref().unwrap_or("no reason")
    )
}

/// Has a job done that was given up, whichever service's it is.
async fn again(settings: &Settings, id: Uuid) -> anyhow::Result<()> {
    let (service, kind) = again_in(&databases(settings)?, id).await?;
    println!("{kind} of {service} is due now; it is tried as often as a new one");
    Ok(())
}

/// The same, where the databases are at hand. Returns the service and the kind of the job.
pub async fn again_in<'a>(
    databases: &[(&'a str, Db)],
    id: Uuid,
) -> anyhow::Result<(&'a str, String)> {
    for (service, db) in databases {
        if let Some(kind) = failed_jobs::again(db, id).await? {
            return Ok((service, kind));
        }
    }
    anyhow::bail!("no service gave up a job {id}")
}
