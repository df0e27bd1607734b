//! Databases and broker agree: what was committed is said, what is said was committed, and in order.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use contracts::{Cleanup, Topic, topics};
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::broker::is_complete;
use super::check::Finding;
use super::event_log::{EventLog, LoggedEvent};
use super::facts::{self, Side};
use super::rows;
use super::stack::StackHandles;

/// The last record of a key of these may be a word that the thing is gone for good, which the broker forgets in time.
const FORGETTING: [&str; 3] = [
    topics::USER_CONTACT_STATE.name,
    topics::USER_KEY_STATE.name,
    topics::USER_REVOCATION_STATE.name,
];

fn catalogued(name: &str) -> Option<&'static Topic> {
    topics::ALL.iter().copied().find(|topic| topic.name == name)
}

/// 1: what was committed reached the broker.
pub async fn reached(stack: &StackHandles) -> anyhow::Result<Finding> {
    let log = stack.log().await?;
    let last = log.last_versions();
    let mut found = Finding::default();
    for (service, db) in &stack.databases {
        found.violations.extend(waiting(service, db).await?);
        let mut gone = 0;
        for (topic, key, committed) in versions(db).await? {
            let there = catalogued(&topic).and_then(|t| last.get(&(t.name, key.as_str())));
            match there {
                Some((version, _)) if *version >= committed => found.checked += 1,
                Some((version, _)) => found.violations.push(format!(
                    "{service} committed version {committed} of {topic} for key {key}, but the broker ends with version {version}"
                )),
                None if may_be_gone(&log, &topic) => gone += 1,
                None => found.violations.push(format!(
                    "{service} committed version {committed} of {topic} for key {key}, but the broker has nothing of that key"
                )),
            }
        }
        if gone > 0 {
            found
                .unseen
                .push(format!("{gone} keys of {service} are older than what the broker keeps"));
        }
    }
    Ok(found)
}

fn may_be_gone(log: &EventLog, topic: &str) -> bool {
    let Some(topic) = catalogued(topic) else { return false };
    let forgets = match topic.cleanup {
        Cleanup::Delete { .. } | Cleanup::CompactDelete { .. } => true,
        Cleanup::Compact => FORGETTING.contains(&topic.name),
    };
    forgets && !is_complete(&log.extents, topic.name)
}

async fn waiting(service: &str, db: &PgPool) -> sqlx::Result<Vec<String>> {
    let rows = sqlx::query_scalar::<_, String>(
        "select format('%s about %s %s (version %s), said at %s', type, aggregatetype, aggregateid, version, said_at)
           from chassis.outbox order by seq",
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| format!("{service}'s outbox still holds {row}")).collect())
}

async fn versions(db: &PgPool) -> sqlx::Result<Vec<(String, String, i64)>> {
    let rows =
        sqlx::query("select topic, key, version from chassis.event_version order by topic, key")
            .fetch_all(db)
            .await?;
    rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?, r.try_get(2)?))).collect()
}

/// 2: what is on the broker was committed.
pub async fn backed(stack: &StackHandles) -> anyhow::Result<Finding> {
    let log = stack.log().await?;
    let mut found = Finding::default();
    for event in &log.events {
        let Some(topic) = catalogued(event.topic) else { continue };
        if topic.writer != "*" && topic.writer != event.source {
            found.violations.push(format!(
                "{} was said by {:?}, but only {} may speak on that topic",
                event.place(),
                event.source,
                topic.writer
            ));
        }
    }
    let mut committed: BTreeMap<&str, HashMap<(String, String), i64>> = BTreeMap::new();
    for (service, db) in &stack.databases {
        let versions = versions(db).await?.into_iter().map(|(t, k, v)| ((t, k), v)).collect();
        committed.insert(service, versions);
    }
    for ((topic, key), (version, event)) in log.last_versions() {
        let Some(ours) = committed.get(event.source.as_str()) else { continue };
        found.checked += 1;
        let known = ours.get(&(topic.to_owned(), key.to_owned())).copied().unwrap_or(0);
        if known < version {
            found.violations.push(format!(
                "{} is version {version} of key {key}, but {} committed {known} only",
                event.place(),
                event.source
            ));
        }
    }
    found.add(rows_of(stack, &log, Side::Said).await?);
    Ok(found)
}

/// Every row that an event names is there.
pub async fn rows_of(stack: &StackHandles, log: &EventLog, side: Side) -> anyhow::Result<Finding> {
    let mut found = Finding::default();
    for (fact, named) in facts::ALL.iter().zip(&log.named) {
        let Some(db) = stack.databases.get(fact.service).filter(|_| fact.side == side) else {
            continue;
        };
        found.checked += named.len();
        let ids: Vec<Uuid> = named.keys().copied().collect();
        for id in rows::missing(db, fact.table, fact.column, &ids).await? {
            found.violations.push(format!(
                "{} ({}) names {id}, but {} has no such row in {}",
                fact.event, named[&id], fact.service, fact.table
            ));
        }
    }
    Ok(found)
}

/// 3: the versions of a key are said without gaps, and a repeated one is the same to the byte.
pub async fn ordered(stack: &StackHandles) -> anyhow::Result<Finding> {
    let log = stack.log().await?;
    let mut keys: BTreeMap<(&str, &str), Vec<&LoggedEvent>> = BTreeMap::new();
    let mut found = Finding::default();
    for event in &log.events {
        keys.entry((event.topic, &event.key)).or_default().push(event);
    }
    for ((topic, key), events) in keys {
        found.checked += events.len();
        let partitions: BTreeSet<i32> = events.iter().map(|s| s.partition).collect();
        if partitions.len() > 1 {
            found
                .violations
                .push(format!("key {key} of {topic} stands in partitions {partitions:?}"));
        }
        let complete = is_complete(&log.extents, topic);
        let compacted =
            catalogued(topic).is_some_and(|t| !matches!(t.cleanup, Cleanup::Delete { .. }));
        found.violations.extend(disorder(&events, complete, compacted && !complete));
    }
    let cut = topics::ALL.iter().filter(|t| !is_complete(&log.extents, t.name)).map(|t| t.name);
    let cut: Vec<&str> = cut.collect();
    if !cut.is_empty() {
        found.unseen.push(format!("the broker no longer has the beginning of {}", cut.join(", ")));
    }
    Ok(found)
}

/// What is wrong with the records of one key, in the order they were said.
fn disorder(events: &[&LoggedEvent], complete: bool, gaps: bool) -> Vec<String> {
    let mut first: BTreeMap<i64, &LoggedEvent> = BTreeMap::new();
    let mut wrong = Vec::new();
    for event in events {
        let (place, key) = (event.place(), &event.key);
        let Some(version) = event.version else {
            wrong.push(format!("{place} (key {key}) does not say its version"));
            continue;
        };
        if let Some(same) = first.get(&version) {
            if same.digest != event.digest {
                let other = same.place();
                wrong.push(format!(
                    "{other} and {place} are both version {version} of key {key}, but differ"
                ));
            }
            continue;
        }
        let before = first.last_key_value().map(|(before, _)| *before);
        let follows = match before {
            None => version == 1 || !complete,
            Some(before) if gaps => version > before,
            Some(before) => version == before + 1,
        };
        if !follows {
            let before = before.map_or("the beginning".to_owned(), |b| format!("version {b}"));
            wrong.push(format!("{place} is version {version} of key {key}, right after {before}"));
        }
        first.insert(version, event);
    }
    wrong
}
