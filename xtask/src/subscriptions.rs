//! Who hears what, and READMEs that say so.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chassis::auth::Keyring;
use contracts::catalogue;
use mall::registry;

use crate::documents::section;

/// The events that each service hears by itself; under `*` what all of them hear.
pub fn heard() -> BTreeMap<&'static str, Vec<&'static str>> {
    let by_itself = registry::all().into_iter().map(|service| (service.name, (service.hears)()));
    by_itself.chain([("*", Keyring::subscriptions().names())]).collect()
}

/// READMEs that keep quiet about what a service hears or says, or name an event that is neither.
pub fn troubles(root: &Path) -> Vec<String> {
    let (subscriptions, events) = (heard(), catalogue());
    let check = |service: &'static str| {
        let path = format!("services/{service}/README.md");
        let text = fs::read_to_string(root.join(&path)).unwrap_or_default();
        let told = section(&text, "Hears and says");
        let troubles = events.iter().filter_map(|event| {
            let meant =
                event.topic.writer == service || subscriptions[service].contains(&event.name);
            match (meant, told.contains(&format!("`{}`", event.name))) {
                (true, false) => Some(format!("{path} keeps quiet about {}", event.name)),
                (false, true) if !subscriptions["*"].contains(&event.name) => {
                    Some(format!("{path} names {}, which is not heard there", event.name))
                }
                _ => None,
            }
        });
        troubles.collect::<Vec<_>>()
    };
    registry::names().into_iter().flat_map(check).collect()
}
