//! Who hears what, read from the places where services register their listeners: `.handle::<OrderPlaced, _>(app)`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use contracts::{Entry, catalogue};

use crate::generate;
use crate::rooms::rust_files;

const REGISTERS: &[&str] = &[
    ".handle::<",
    ".handle_locking::<",
    ".handle_batch::<",
    ".project::<",
    ".project_batch::<",
    ".in_memory::<",
];

/// The events that each service hears by itself; under `*` what the chassis overhears in all of them.
pub fn heard(root: &Path) -> BTreeMap<String, BTreeSet<&'static str>> {
    let events: BTreeMap<String, &'static str> =
        catalogue().iter().map(|entry| (type_of(entry), entry.name)).collect();
    let mut heard: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for file in rust_files(root) {
        let Some(who) = file.strip_prefix(root).ok().and_then(listener) else { continue };
        let text = fs::read_to_string(&file).unwrap_or_default();
        let names = registered(&text).filter_map(|name| events.get(name).copied());
        heard.entry(who).or_default().extend(names);
    }
    heard
}

/// Which service a source file belongs to. The chassis listens in all of them; tests listen to nothing real.
fn listener(file: &Path) -> Option<String> {
    let path = file.to_str()?;
    if path.starts_with("libs/chassis/src/") {
        return Some("*".to_owned());
    }
    let (service, rest) = path.strip_prefix("services/")?.split_once('/')?;
    rest.starts_with("src/").then(|| service.to_owned())
}

fn registered(text: &str) -> impl Iterator<Item = &str> {
    REGISTERS
        .iter()
        .flat_map(|call| text.split(call).skip(1))
        .filter_map(|rest| rest.split([',', '>']).next()?.rsplit("::").next())
}

fn type_of(entry: &Entry) -> String {
    entry.schema.get("title").and_then(|title| title.as_str()).unwrap_or_default().to_owned()
}

/// READMEs that keep quiet about what a service hears or says, or name an event that is neither.
pub fn troubles(root: &Path) -> Vec<String> {
    let ears = heard(root);
    let everybody = ears.get("*").cloned().unwrap_or_default();
    let events = catalogue();
    let check = |service: &'static str| {
        let path = format!("services/{service}/README.md");
        let text = fs::read_to_string(root.join(&path)).unwrap_or_default();
        let section = text.split("# Hears and says").nth(1).unwrap_or_default();
        let section = section.split("\n# ").next().unwrap_or_default();
        let section = section.split("\n## ").next().unwrap_or_default();
        let hears = ears.get(service).cloned().unwrap_or_default();
        let troubles = events.iter().filter_map(|event| {
            let says = event.topic.writer == service;
            let meant = says || hears.contains(event.name);
            match (meant, section.contains(&format!("`{}`", event.name))) {
                (true, false) => Some(format!("{path} keeps quiet about {}", event.name)),
                (false, true) if !everybody.contains(event.name) => {
                    Some(format!("{path} names {}, which is not heard there", event.name))
                }
                _ => None,
            }
        });
        troubles.collect::<Vec<_>>()
    };
    generate::documents().iter().flat_map(|(service, _)| check(service)).collect()
}
