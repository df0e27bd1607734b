//! Versions of a key follow one another.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{Cleanup, topics};

use super::catalogued;
use crate::verify::broker::is_complete;
use crate::verify::check::Finding;
use crate::verify::event_log::LoggedEvent;
use crate::verify::stack::StackHandles;

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
            found.wrong(format!("key {key} of {topic} stands in partitions {partitions:?}"));
        }
        let complete = is_complete(&log.extents, topic);
        let compacted =
            catalogued(topic).is_some_and(|t| !matches!(t.cleanup, Cleanup::Delete { .. }));
        found.violations.extend(disorder(&events, complete, compacted && !complete));
    }
    let cut = topics::ALL.iter().filter(|t| !is_complete(&log.extents, t.name)).map(|t| t.name);
    let cut: Vec<&str> = cut.collect();
    if !cut.is_empty() {
        found.not_seen(format!("the broker no longer has the beginning of {}", cut.join(", ")));
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
