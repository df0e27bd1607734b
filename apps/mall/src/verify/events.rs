//! Databases and broker agree: what was committed is said, what is said was committed, and in order.

use std::collections::{BTreeMap, HashMap};

use contracts::{Cleanup, Topic, topics};
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::broker::is_complete;
use super::check::Finding;
use super::event_log::EventLog;
use super::facts::{self, Side};
use super::rows;
use super::stack::StackHandles;

mod order;
pub use order::ordered;

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
                Some((version, _)) => found.wrong(format!(
                    "{service} committed version {committed} of {topic} for key {key}, but the broker ends with version {version}"
                )),
                None if may_be_gone(&log, &topic) => gone += 1,
                None => found.wrong(format!(
                    "{service} committed version {committed} of {topic} for key {key}, but the broker has nothing of that key"
                )),
            }
        }
        if gone > 0 {
            found
                .not_seen(format!("{gone} keys of {service} are older than what the broker keeps"));
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
    let mut found = Finding { violations: strangers(&log), ..Finding::default() };
    let committed = committed(stack).await?;
    for ((topic, key), (version, event)) in log.last_versions() {
        let Some(ours) = committed.get(event.source.as_str()) else { continue };
        found.checked += 1;
        let known = ours.get(&(topic.to_owned(), key.to_owned())).copied().unwrap_or(0);
        if known < version {
            found.wrong(format!(
                "{} is version {version} of key {key}, but {} committed {known} only",
                event.place(),
                event.source
            ));
        }
    }
    found.add(rows_of(stack, &log, Side::Said).await?);
    Ok(found)
}

/// Who speaks where others do.
fn strangers(log: &EventLog) -> Vec<String> {
    let mut wrong = Vec::new();
    for event in &log.events {
        let Some(topic) = catalogued(event.topic) else { continue };
        if topic.writer != "*" && topic.writer != event.source {
            wrong.push(format!(
                "{} was said by {:?}, but only {} may speak on that topic",
                event.place(),
                event.source,
                topic.writer
            ));
        }
    }
    wrong
}

type Versions = HashMap<(String, String), i64>;

async fn committed(stack: &StackHandles) -> anyhow::Result<BTreeMap<&str, Versions>> {
    let mut committed = BTreeMap::new();
    for (service, db) in &stack.databases {
        let versions = versions(db).await?.into_iter().map(|(t, k, v)| ((t, k), v)).collect();
        committed.insert(*service, versions);
    }
    Ok(committed)
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
            found.wrong(format!(
                "{} ({}) names {id}, but {} has no such row in {}",
                fact.event, named[&id], fact.service, fact.table
            ));
        }
    }
    Ok(found)
}
