//! What is generated from the code: JSON Schemas and golden samples of events, AsyncAPI, OpenAPI.

use std::collections::BTreeSet;
use std::path::Path;

use contracts::{Cleanup, Entry, Topic, catalogue, topics};
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use crate::{ears, rooms};

/// One generated file.
pub struct File {
    /// Below the repository's root.
    pub path: String,
    /// What must stand in it.
    pub text: String,
    /// Once published it never changes: a golden sample.
    pub published: bool,
}

/// The API documents of all services.
pub fn documents() -> Vec<(&'static str, OpenApi)> {
    let documents = [
        ("admin", admin::openapi()),
        ("analytics", analytics::openapi()),
        ("cart", cart::openapi()),
        ("email", email::openapi()),
        ("invoice", invoice::openapi()),
        ("order", order::openapi()),
        ("payment", payment::openapi()),
        ("product", product::openapi()),
        ("rating", rating::openapi()),
        ("search", search::openapi()),
        ("user", user::openapi()),
        ("vendor", vendor::openapi()),
    ];
    documents.map(|(service, document)| (service, chassis::openapi::complete(document))).into()
}

/// Everything that is generated.
pub fn files() -> Vec<File> {
    let mut files = Vec::new();
    for entry in catalogue() {
        let folder = format!("contracts/events/{}", entry.name);
        files.push(file(format!("{folder}/schema.json"), &entry.schema.to_value(), false));
        files.push(file(format!("{folder}/sample-1.json"), &entry.sample, true));
    }
    files.push(file("contracts/asyncapi.json".into(), &asyncapi(), false));
    for (service, document) in documents() {
        let value = serde_json::to_value(document).unwrap_or_default();
        files.push(file(format!("contracts/http/{service}.openapi.json"), &value, false));
    }
    files
}

fn file(path: String, value: &Value, published: bool) -> File {
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    File { path, text, published }
}

/// AsyncAPI 3.0: a channel per topic, a message per event.
fn asyncapi() -> Value {
    let entries = catalogue();
    let listeners = ears::heard(&crate::root());
    let channels: Map<String, Value> = topics::ALL
        .iter()
        .map(|topic| {
            let said: Vec<&Entry> = entries.iter().filter(|e| e.topic == *topic).collect();
            let hears = |names: &BTreeSet<&str>| said.iter().any(|e| names.contains(e.name));
            let readers = listeners.iter().filter(|(_, names)| hears(names));
            let readers: Vec<&str> = readers.map(|(who, _)| who.as_str()).collect();
            (topic.name.to_owned(), channel(topic, &said, &readers))
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

fn channel(topic: &Topic, said: &[&Entry], readers: &[&str]) -> Value {
    let messages: Map<String, Value> = said
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
        let text = std::fs::read_to_string(&file).unwrap_or_default();
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

/// Files that differ from what the code says, and published samples that today's types cannot read.
pub fn troubles(root: &Path) -> Vec<String> {
    let stale = files().into_iter().filter_map(|file| {
        let stands = std::fs::read_to_string(root.join(&file.path)).unwrap_or_default();
        let fine = if file.published { !stands.is_empty() } else { stands == file.text };
        (!fine)
            .then(|| format!("{}: not what the code says; run `cargo xtask generate`", file.path))
    });
    let undecodable = catalogue().into_iter().flat_map(|entry| {
        let folder = root.join("contracts/events").join(entry.name);
        let samples = std::fs::read_dir(folder).into_iter().flatten().flatten();
        samples
            .map(|sample| sample.path())
            .filter(|path| path.to_string_lossy().contains("sample-"))
            .filter_map(move |path| {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                let error = (entry.decode)(&text).err()?;
                Some(format!("{}: today's type cannot read it: {error}", path.display()))
            })
            .collect::<Vec<_>>()
    });
    stale.chain(undecodable).chain(unlisted(root)).collect()
}
