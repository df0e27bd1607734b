//! After a database was restored: its service goes on counting where the topics end.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use chassis::Db;
use chassis::record::Record;
use contracts::topics;
use kernel::SystemClock;

use crate::registry;
use crate::settings::Settings;
use crate::verify::broker::Broker;

/// What is known of one key of one topic.
type Key = (String, String);

/// The last word about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    version: i64,
    /// The event's name, and where it stands.
    what: String,
}

/// What a service has said, by key.
#[derive(Debug, Default)]
struct Heads {
    service: String,
    last: BTreeMap<Key, Word>,
}

/// Raises the versions of `service` to those its topics hold. Without that it would say versions that were said before,
/// and copies elsewhere would not believe it. Prints what was said and is not in the database.
pub async fn run(settings: &Settings, service: &str) -> anyhow::Result<()> {
    let common = registry::common(&settings.env_dir, service)?;
    let url = common.database_url.as_ref();
    let url = url.with_context(|| format!("{service} has no database"))?;
    let db = Db::connect(url, 1, Arc::new(SystemClock))?;
    let spoken = topics::ALL.iter().filter(|t| t.writer == service || t.writer == "*");
    let broker = Broker::new(&common.kafka());
    let none = Heads { service: service.to_owned(), ..Heads::default() };
    let (heads, _) = broker.read(spoken.map(|t| t.name).collect(), none, take).await?;
    let raised = raise(&db, &heads.last).await?;
    for ((topic, key), before) in &raised {
        let Word { version, what } = &heads.last[&(topic.clone(), key.clone())];
        println!("  {topic} {key}: the backup ends at {before}, the topic at {version}, {what}");
    }
    println!(
        "{service} goes on after what was said of {} keys that its database does not know to the end; what follows \
         from others' words it says again, the rest is lost",
        raised.len()
    );
    Ok(())
}

fn take(heads: &mut Heads, record: Record) {
    let header = |name: &str| record.headers.get(name).map(String::as_str);
    let version = header("ce_aggversion").and_then(|version| version.parse().ok());
    let (Some(version), true) = (version, header("ce_source") == Some(&heads.service)) else {
        return;
    };
    let what = format!("{} at [{}]@{}", record.name(), record.partition, record.offset);
    let word = Word { version, what };
    let last = heads.last.entry((record.topic.to_string(), record.key)).or_insert(word.clone());
    if last.version < version {
        *last = word;
    }
}

/// Returns the keys that were behind, and where they were.
async fn raise(db: &Db, last: &BTreeMap<Key, Word>) -> anyhow::Result<Vec<(Key, i64)>> {
    let (mut topics, mut keys, mut versions) = (Vec::new(), Vec::new(), Vec::new());
    for ((topic, key), word) in last {
        topics.push(topic.as_str());
        keys.push(key.as_str());
        versions.push(word.version);
    }
    let mut tx = db.begin().await?;
    let behind: Vec<(String, String, i64)> = sqlx::query_as(
        "with said as (
             select * from unnest($1::text[], $2::text[], $3::bigint[]) as s (topic, key, version)
         ), behind as (
             select s.*, coalesce(v.version, 0) as before
               from said s left join chassis.event_version v using (topic, key)
              where s.version > coalesce(v.version, 0)
         ), raised as (
             insert into chassis.event_version as v (topic, key, version)
             select topic, key, version from behind order by topic, key
             on conflict (topic, key) do update set version = greatest(v.version, excluded.version)
         )
         select topic, key, before from behind order by topic, key",
    )
    .bind(topics)
    .bind(keys)
    .bind(versions)
    .fetch_all(tx.conn())
    .await?;
    tx.commit().await?;
    Ok(behind.into_iter().map(|(topic, key, before)| ((topic, key), before)).collect())
}
