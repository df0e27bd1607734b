//! Where marks are looked for.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use chassis::record::Record;
use kernel::{Clock as _, SystemClock};
use mall::reporter::until;
use mall::settings::Settings;
use serde_json::Value;

use crate::mark::Mark;

/// A text and where it stands.
#[derive(Debug, Clone)]
pub struct Text {
    /// For people.
    pub place: String,
    /// The topic, where it stands on one.
    pub topic: String,
    /// What is written there.
    pub words: String,
}

impl Text {
    /// A text that stands on no topic.
    pub fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), topic: String::new(), words: text.into() }
    }
}

/// Every mark that stands where it must not. The mark itself is not told.
pub fn leaks(marks: &[Mark], texts: &[Text]) -> Vec<String> {
    let mut leaks = Vec::new();
    for text in texts {
        let found =
            marks.iter().filter(|m| !m.may_stand_on(&text.topic) && m.stands_in(&text.words));
        leaks.extend(found.map(|mark| {
            let hidden = text.words.replace(&mark.word, "***");
            let from = hidden.find("***").unwrap_or_default().saturating_sub(200);
            let around: String = hidden.chars().skip(from).take(400).collect();
            format!("{} shows {}: {around}", text.place, mark.what)
        }));
    }
    leaks
}

/// Every line of every log of the stack.
pub fn logs(home: &Path) -> anyhow::Result<Vec<Text>> {
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(home.join("log"))? {
        let path = entry?.path();
        if path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
            lines.extend(text.lines().map(|line| Text::new(&name, line)));
        }
    }
    Ok(lines)
}

/// Every record, with its key and its headers.
pub fn events(records: &[Record]) -> Vec<Text> {
    let text = |record: &Record| {
        let payload = record.payload.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        format!("{} {:?} {payload}", record.key, record.headers)
    };
    let texts = records.iter().map(|record| Text {
        place: format!("{} {}", record.topic, record.name()),
        topic: record.topic.to_string(),
        words: text(record),
    });
    texts.collect()
}

/// So many traces at most, which the store gives out at once.
const TRACES: usize = 10_000;

/// Every span since `start`, once `planted` has reached the traces of all twelve services.
pub async fn traces(
    settings: &Settings,
    start_us: i64,
    planted: &str,
) -> anyhow::Result<Vec<Text>> {
    until(Duration::from_mins(1), "the spans of all services", async || {
        let mut all = BTreeMap::new();
        for service in services(settings).await? {
            let spans = spans_around(settings, &service, start_us).await?;
            if !spans.values().any(|span| span.words.contains(planted)) {
                return Ok(None);
            }
            all.extend(spans);
        }
        Ok(Some(all.into_values().collect()))
    })
    .await
}

async fn services(settings: &Settings) -> anyhow::Result<Vec<String>> {
    let url = format!("{}/api/services", settings.traces);
    let answer: Value = reqwest::get(url).await?.json().await?;
    let names = answer["data"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let names: Vec<String> = names.filter(|n| n.ends_with("-service")).map(str::to_owned).collect();
    anyhow::ensure!(names.len() == 12, "the traces know of {names:?}");
    Ok(names)
}

/// By its id every span of every trace that `service` has a part in.
async fn spans_around(
    settings: &Settings,
    service: &str,
    start_us: i64,
) -> anyhow::Result<BTreeMap<String, Text>> {
    let end_us = SystemClock.now().as_microsecond();
    let url = format!(
        "{}/api/traces?service={service}&start={start_us}&end={end_us}&limit={TRACES}",
        settings.traces
    );
    let answer: Value = reqwest::get(url).await?.json().await?;
    let traces = answer["data"].as_array().with_context(|| answer["errors"].to_string())?;
    anyhow::ensure!(traces.len() < TRACES, "more traces than can be looked through");
    let spans = traces.iter().flat_map(|trace| trace["spans"].as_array().into_iter().flatten());
    let place = format!("a span around {service}");
    Ok(spans.map(|span| (span["spanID"].to_string(), Text::new(&place, spoken(span)))).collect())
}

/// What a span says, without the times it measured.
fn spoken(span: &Value) -> String {
    format!("{} {} {}", span["operationName"], span["tags"], span["logs"])
}
