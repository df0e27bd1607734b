//! Where the consumers of all services stand in the topics.

use anyhow::Context as _;
use chassis::kafka::Kafka;
use chassis::reader::{self, LostLog};

use super::dead_letters;
use crate::registry;
use crate::settings::Settings;

/// What no consumer reads any further, because the topic is not the one it knows. A database that is away is passed
/// over: the doctor says so elsewhere.
pub async fn lost(settings: &Settings) -> anyhow::Result<Vec<LostLog>> {
    let mut lost = Vec::new();
    for (service, db) in dead_letters::databases(settings)? {
        let entry = registry::find(service)?;
        let common = registry::common(&settings.env_dir, service)?;
        let kafka = Kafka::new(&common.kafka());
        let vars = registry::variables(&settings.env_dir, service)?;
        let consumers = (entry.consumers)(common, vars, db.pool().clone()).await?;
        for consumer in [&consumers.effects, &consumers.projections] {
            match reader::lost_logs(consumer, &kafka).await {
                Ok(some) => lost.extend(some),
                Err(error) => {
                    println!("  {:<18} cannot be asked where it stands: {error}", consumer.name);
                }
            }
        }
    }
    Ok(lost)
}

/// Lets a service hear a topic from its beginning.
pub async fn restart(settings: &Settings, service: &str, topic: &str) -> anyhow::Result<()> {
    let of = dead_letters::databases(settings)?.into_iter().find(|(name, _)| *name == service);
    let (_, db) = of.with_context(|| format!("there is no service {service:?} with a database"))?;
    let places = reader::restart(&db, topic).await?;
    anyhow::ensure!(places > 0, "{service} has heard nothing of {topic} yet");
    println!("{service} hears {topic} from its beginning; what it knows already changes nothing");
    Ok(())
}
