//! The published samples of events, which tests use in place of the speaker.

use std::fs;
use std::path::Path;

use contracts::Event;
use serde_json::Value;

/// A complete `E`: its newest published sample.
pub fn sample<E: Event>() -> E {
    serde_json::from_value(published(E::NAME)).expect("today's type reads the sample")
}

/// The newest published sample of the event `name`, as it stands in `contracts/`.
pub fn published(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/events").join(name);
    let files = (1..).map(|n| folder.join(format!("sample-{n}.json")));
    let newest = files.take_while(|file| file.exists()).last();
    let newest = newest.unwrap_or_else(|| panic!("{name} has no sample-1.json"));
    let text = fs::read_to_string(newest).expect("the sample is a file");
    serde_json::from_str(&text).expect("the sample is JSON")
}
