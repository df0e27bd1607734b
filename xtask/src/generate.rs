//! What is generated from the code: JSON Schemas of events, AsyncAPI, OpenAPI. Samples of events are written by hand.

use std::fs;
use std::path::Path;

use contracts::{Cleanup, Entry, Topic, catalogue, topics};
use serde_json::{Map, Value, json};

use crate::{api, release, rooms, subscriptions};

/// One generated file.
pub struct File {
    /// Below the repository's root.
    pub path: String,
    /// What must stand in it.
    pub text: String,
}

/// Everything that is generated.
pub fn files() -> Vec<File> {
    let mut files = Vec::new();
    for entry in catalogue() {
        let path = format!("contracts/events/{}/schema.json", entry.name);
        files.push(file(path, &entry.schema.to_value()));
    }
    files.push(file("contracts/asyncapi.json".into(), &asyncapi()));
    let documents = api::documents();
    let routes = api::gateway(&documents);
    files.push(File { path: "deploy/nginx/routes.conf".into(), text: routes });
    let scenarios = mall::scenarios::document();
    files.push(File { path: "docs/scenarios.md".into(), text: scenarios });
    let whole = serde_json::to_value(api::merged(&documents)).unwrap_or_default();
    files.push(file(release::TODAY.into(), &whole));
    for (service, document) in documents {
        let value = serde_json::to_value(document).unwrap_or_default();
        files.push(file(format!("contracts/http/{service}.openapi.json"), &value));
    }
    files
}

fn file(path: String, value: &Value) -> File {
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    File { path, text }
}

/// AsyncAPI 3.0: a channel per topic, a message per event.
fn asyncapi() -> Value {
    let entries = catalogue();
    let listeners = subscriptions::heard();
    let channels: Map<String, Value> = topics::ALL
        .iter()
        .map(|topic| {
            let events: Vec<&Entry> = entries.iter().filter(|e| e.topic == *topic).collect();
            let hears = |names: &[&str]| events.iter().any(|e| names.contains(&e.name));
            let readers = listeners.iter().filter(|(_, names)| hears(names));
            let readers: Vec<&str> = readers.map(|(who, _)| *who).collect();
            (topic.name.to_owned(), channel(topic, &events, &readers))
        })
        .collect();
    let messages: Map<String, Value> = entries
        .iter()
        .map(|e| {
            let payload = json!({ "$ref": format!("events/{}/schema.json", e.name) });
            (e.name.to_owned(), json!({ "name": e.name, "payload": payload }))
        })
        .collect();
    json!({
        "asyncapi": "3.0.0",
        "info": { "title": "Mall", "version": "1.0.0",
                  "description": "Every topic and every event. CloudEvents 1.0 in binary mode: attributes are headers." },
        "channels": channels,
        "components": { "messages": messages },
    })
}

fn channel(topic: &Topic, events: &[&Entry], readers: &[&str]) -> Value {
    let messages: Map<String, Value> = events
        .iter()
        .map(|e| {
            (e.name.to_owned(), json!({ "$ref": format!("#/components/messages/{}", e.name) }))
        })
        .collect();
    let cleanup = match topic.cleanup {
        Cleanup::Delete { minutes } => json!({ "policy": "delete", "minutes": minutes }),
        Cleanup::Compact => json!({ "policy": "compact" }),
        Cleanup::CompactDelete { minutes } => {
            json!({ "policy": "compact,delete", "minutes": minutes })
        }
    };
    json!({
        "address": topic.name,
        "messages": messages,
        "x-key": topic.key, "x-partitions": topic.partitions, "x-cleanup": cleanup,
        "x-writer": topic.writer, "x-readers": readers,
    })
}

/// Events that are defined somewhere but are not in the catalogue, from which schemas and channels are made.
pub fn unlisted(root: &Path) -> Vec<String> {
    let listed = catalogue();
    let mut troubles = Vec::new();
    for file in rooms::rust_files(root) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let events =
            text.lines().filter(|line| line.starts_with("impl ") && line.contains("Event for "));
        let names: Vec<&str> = text
            .lines()
            .filter_map(|line| {
                line.trim().strip_prefix("const NAME: &'static str = \"")?.strip_suffix("\";")
            })
            .collect();
        let events = events.count();
        if events > 0 && !shown.starts_with("libs/contracts/") {
            troubles.push(format!("{shown}: an event outside of the contracts"));
        } else if events > 0 && events != names.len() {
            troubles.push(format!("{shown}: an event whose name cannot be read here"));
        } else if events > 0 {
            let missing =
                names.iter().filter(|name| !listed.iter().any(|entry| entry.name == **name));
            troubles.extend(missing.map(|name| format!("{shown}: {name} is not in the catalogue")));
        }
    }
    let described = asyncapi();
    for entry in &listed {
        let channel = &described["channels"][entry.topic.name]["messages"][entry.name];
        if channel.is_null() || entry.schema.get("properties").is_none() {
            troubles.push(format!("{}: no channel or no schema", entry.name));
        }
    }
    troubles
}

/// Files that differ from what the code says, and samples that today's types do not say or cannot read.
pub fn troubles(root: &Path) -> Vec<String> {
    let stale = files().into_iter().filter_map(|file| {
        let stands = fs::read_to_string(root.join(&file.path)).unwrap_or_default();
        (stands != file.text)
            .then(|| format!("{}: not what the code says; run `cargo xtask generate`", file.path))
    });
    let samples = catalogue().into_iter().flat_map(|entry| {
        let folder = root.join("contracts/events").join(entry.name);
        let texts =
            (1..).map_while(|n| fs::read_to_string(folder.join(format!("sample-{n}.json"))).ok());
        let of_event = |trouble| format!("contracts/events/{}/{trouble}", entry.name);
        strange(&texts.collect::<Vec<_>>(), entry.repeat)
            .into_iter()
            .map(of_event)
            .collect::<Vec<_>>()
    });
    stale.chain(samples).chain(unlisted(root)).chain(api::troubles(&api::documents())).collect()
}

/// What is wrong with the samples of an event, oldest first. All are read by today's type; the newest is whole.
fn strange(samples: &[String], repeat: fn(&str) -> serde_json::Result<Value>) -> Vec<String> {
    if samples.is_empty() {
        return vec!["sample-1.json: missing; write it by hand, with every member".into()];
    }
    let each = samples.iter().enumerate().filter_map(|(before, text)| {
        let number = before + 1;
        match repeat(text) {
            Err(error) => {
                Some(format!("sample-{number}.json: today's type cannot read it: {error}"))
            }
            Ok(whole) if number == samples.len() && differs(text, &whole) => Some(format!(
                "sample-{number}.json: not what today's type says, which is {whole}; \
                 once published, write sample-{}.json beside it",
                number + 1,
            )),
            Ok(_) => None,
        }
    });
    each.collect()
}

fn differs(text: &str, whole: &Value) -> bool {
    serde_json::from_str::<Value>(text).ok().as_ref() != Some(whole)
}

#[cfg(test)]
mod tests {
    use contracts::product::LineTrouble;

    use super::strange;

    fn found(samples: &[&str]) -> Vec<String> {
        let samples: Vec<_> = samples.iter().map(|text| (*text).to_owned()).collect();
        strange(&samples, |text| serde_json::to_value(serde_json::from_str::<LineTrouble>(text)?))
    }

    #[test]
    fn an_event_has_a_whole_sample_and_older_ones_are_still_read() {
        let whole = r#"{"sku": "A", "trouble": "out_of_stock", "price": null}"#;
        let older = r#"{"sku": "A", "trouble": "out_of_stock"}"#;
        let newer = r#"{"sku": "A", "trouble": "out_of_stock", "price": null, "colour": 1}"#;
        assert_eq!(found(&[whole]), Vec::<String>::new());
        assert_eq!(found(&[older, whole]), Vec::<String>::new());
        for (samples, trouble) in [
            (&[][..], "sample-1.json: missing"),
            (&[older], "sample-1.json: not what today's type says"),
            (&[whole, newer], "sample-2.json: not what today's type says"),
            (&["{}", whole], "sample-1.json: today's type cannot read it: missing field `sku`"),
        ] {
            let found = found(samples);
            assert!(found.len() == 1 && found[0].starts_with(trouble), "{found:?}");
        }
    }
}
