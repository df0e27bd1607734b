//! The catalogue's topics on a broker: made when they are missing, compared when they are there.

use std::collections::HashMap;
use std::time::Duration;

use contracts::{Cleanup, Topic, topics};
use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, NewTopic, OwnedResourceSpecifier, ResourceSpecifier,
    TopicReplication, TopicResult,
};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::{Kafka, PublishError};
use crate::config::Layout;

const ASK: Duration = Duration::from_secs(30);
/// So long a reader may be away and still hears that something is gone for good.
const TOMBSTONES_MIN: u32 = 30 * DAY_MIN;
const DAY_MIN: u32 = 24 * 60;

type Settings = Vec<(&'static str, String)>;

impl Kafka {
    /// Makes the topics that do not exist yet.
    pub async fn ensure_topics(
        &self,
        topics: &[&Topic],
        layout: impl Into<Layout>,
    ) -> Result<usize, PublishError> {
        let (admin, layout) = (self.admin()?, layout.into());
        let names: Vec<String> = topics.iter().map(|t| self.name_of(t.name)).collect();
        let wanted: Vec<Settings> = topics.iter().map(|t| settings(t, layout)).collect();
        let new: Vec<NewTopic<'_>> = topics
            .iter()
            .zip(names.iter().zip(&wanted))
            .map(|(topic, (name, settings))| {
                let partitions = topic.partitions.min(layout.partitions);
                let new = NewTopic::new(name, partitions, TopicReplication::Fixed(layout.copies));
                settings.iter().fold(new, |topic, (key, value)| topic.set(key, value))
            })
            .collect();
        made(admin.create_topics(&new, &options()).await?)
    }

    /// Compares the topics that are there with the catalogue and sets how long they keep what. Returns a sentence for
    /// each difference there was.
    pub async fn align_topics(
        &self,
        topics: &[&Topic],
        layout: impl Into<Layout>,
    ) -> Result<Vec<String>, PublishError> {
        let (admin, layout) = (self.admin()?, layout.into());
        let mut said = self.compare_shapes(topics, layout).await?;
        let names: Vec<String> = topics.iter().map(|t| self.name_of(t.name)).collect();
        let asked: Vec<_> = names.iter().map(|name| ResourceSpecifier::Topic(name)).collect();
        let mut there = HashMap::new();
        for described in admin.describe_configs(&asked, &options()).await? {
            let described = described.map_err(KafkaError::AdminOp)?;
            let OwnedResourceSpecifier::Topic(name) = &described.specifier else { continue };
            let values =
                described.entries.into_iter().map(|e| (e.name, e.value.unwrap_or_default()));
            there.insert(name.clone(), values.collect::<HashMap<_, _>>());
        }
        for (topic, name) in topics.iter().zip(&names) {
            let Some(there) = there.get(name) else { continue };
            let wanted = settings(topic, layout);
            let is = |key: &str| there.get(key).map_or("", String::as_str);
            let other: Vec<_> = wanted.iter().filter(|(key, value)| is(key) != value).collect();
            if other.is_empty() {
                continue;
            }
            let mut alter = AlterConfig::new(ResourceSpecifier::Topic(name));
            for (key, value) in &wanted {
                // What a topic forgets by is not changed behind anybody's back.
                let value = if *key == POLICY { is(key) } else { value };
                alter = alter.set(key, value);
            }
            for altered in admin.alter_configs(&[alter], &options()).await? {
                altered.map_err(|(_, code)| KafkaError::AdminOp(code))?;
            }
            said.extend(other.into_iter().map(|(key, value)| {
                let was = is(key);
                if *key == POLICY {
                    format!("{name} has {key}={was} and should have {value}: change it by hand")
                } else {
                    format!("{name} had {key}={was} and has {value} now")
                }
            }));
        }
        Ok(said)
    }

    /// What only a person should change: partitions, because keys move with them, and copies.
    async fn compare_shapes(
        &self,
        topics: &[&Topic],
        layout: Layout,
    ) -> Result<Vec<String>, PublishError> {
        let admin = self.admin()?;
        let asked = tokio::task::spawn_blocking(move || admin.inner().fetch_metadata(None, ASK));
        let metadata = asked.await.map_err(|_| KafkaError::Canceled)??;
        let mut said = Vec::new();
        for topic in topics {
            let (name, wanted) =
                (self.name_of(topic.name), topic.partitions.min(layout.partitions));
            let Some(there) = metadata.topics().iter().find(|t| t.name() == name) else { continue };
            let partitions = i32::try_from(there.partitions().len()).unwrap_or(i32::MAX);
            if partitions != wanted {
                said.push(format!("{name} has {partitions} partitions and should have {wanted}"));
            }
            let copies = there.partitions().iter().map(|p| p.replicas().len()).min().unwrap_or(0);
            if layout.copies > 0 && i32::try_from(copies) != Ok(layout.copies) {
                said.push(format!("{name} has {copies} copies and should have {}", layout.copies));
            }
        }
        Ok(said)
    }

    fn admin(&self) -> Result<AdminClient<DefaultClientContext>, PublishError> {
        Ok(self.client("mall-topics").create()?)
    }
}

fn options() -> AdminOptions {
    AdminOptions::new().request_timeout(Some(ASK)).operation_timeout(Some(ASK))
}

/// How many of them are new.
fn made(results: Vec<TopicResult>) -> Result<usize, PublishError> {
    let mut made = 0;
    for result in results {
        match result {
            Ok(_) => made += 1,
            Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((_, code)) => return Err(KafkaError::AdminOp(code).into()),
        }
    }
    Ok(made)
}

const POLICY: &str = "cleanup.policy";

fn settings(topic: &Topic, layout: Layout) -> Settings {
    let ms = |minutes: u32| (u64::from(minutes) * 60_000).to_string();
    let (policy, retention) = match topic.cleanup {
        Cleanup::Delete { minutes } => ("delete", Some(minutes)),
        Cleanup::Compact => ("compact", None),
        Cleanup::CompactDelete { minutes } => ("compact,delete", Some(minutes)),
    };
    let mut settings =
        vec![(POLICY, policy.to_owned()), ("min.insync.replicas", layout.min_insync.to_string())];
    settings.extend(retention.map(|minutes| ("retention.ms", ms(minutes))));
    if policy != "delete" {
        settings.push(("delete.retention.ms", ms(TOMBSTONES_MIN)));
    }
    if *topic == topics::USER_CONTACT_STATE {
        // An erased person is gone from the log within two days or so.
        settings.push(("max.compaction.lag.ms", ms(DAY_MIN)));
        settings.push(("segment.ms", ms(DAY_MIN)));
    }
    settings
}
