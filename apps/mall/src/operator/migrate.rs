//! Tables, topics and buckets. Repeating it changes nothing.

use chassis::kafka::Kafka;
use chassis::s3::Bucket;
use contracts::topics;

use crate::registry;
use crate::settings::Settings;

/// Every bucket there is.
const BUCKETS: [&str; 2] = ["kyc", "invoices"];

/// Brings everything up to date and says what it did.
pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    tables(settings).await?;
    let common = registry::common(&settings.env_dir, "order")?;
    let kafka = Kafka::new(&common.kafka());
    let made = kafka.ensure_topics(topics::ALL, common.layout()).await?;
    println!("  topics       {} there, {made} of them new", topics::ALL.len());
    for difference in kafka.align_topics(topics::ALL, common.layout()).await? {
        println!("               {difference}");
    }
    for bucket in BUCKETS {
        Bucket::new(&common, bucket)?.ensure().await?;
    }
    println!("  buckets      {}", BUCKETS.join(" "));
    Ok(())
}

async fn tables(settings: &Settings) -> anyhow::Result<()> {
    let services = registry::all();
    for entry in &services {
        let common = registry::common(&settings.env_dir, entry.name)?;
        (entry.migrate)(common)
            .await
            .map_err(|e| e.context(format!("the tables of {}", entry.name)))?;
    }
    println!("  tables       {} services are up to date", services.len());
    Ok(())
}
