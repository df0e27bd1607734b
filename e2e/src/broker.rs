//! What was said on the broker of the stack.

use chassis::record::Record;
use contracts::topics;
use mall::registry;
use mall::settings::Settings;
use mall::verify::broker::Broker;

/// Every record that is on the topics of the catalogue now.
pub async fn everything(settings: &Settings) -> anyhow::Result<Vec<Record>> {
    let broker = Broker::new(&registry::common(&settings.env_dir, "order")?.kafka());
    let topics = topics::ALL.iter().map(|topic| topic.name).collect();
    let (records, _) = broker.read(topics, Vec::new(), Vec::push).await?;
    Ok(records)
}
