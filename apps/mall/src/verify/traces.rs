//! One checkout is one trace: every step of it is there, and hangs together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::check::Finding;
use super::event_log::EventLog;
use super::stack::StackHandles;

/// So many checkouts are looked at, the newest: traces are kept in memory, and not for ever.
const NEWEST: usize = 50;

/// Spans leave a process within seconds. One that is killed before takes them along, and shows up in its log again soon.
const LOST_US: i64 = 60_000_000;

/// What is said on the way to a confirmed order with its documents. What sellers do later are stories of their own.
const WAY: [&str; 11] = [
    "cart.checkout_requested.v1",
    "order.placed.v1",
    "stock.reserve.v1",
    "stock.reserved.v1",
    "payment.create.v1",
    "payment.created.v1",
    "payment.captured.v1",
    "payment.cod_accepted.v1",
    "order.confirmed.v1",
    "stock.committed.v1",
    "invoice.issued.v1",
];

/// Said once for each way to pay.
const OPENED: &str = "payment.created.v1";

/// Who has to hear what in every confirmed checkout.
const EDGES: [(&str, &str); 8] = [
    ("order", "cart.checkout_requested.v1"),
    ("product", "stock.reserve.v1"),
    ("order", "stock.reserved.v1"),
    ("payment", "payment.create.v1"),
    ("product", "order.confirmed.v1"),
    ("invoice", "order.confirmed.v1"),
    ("email", "order.confirmed.v1"),
    ("email", "invoice.issued.v1"),
];

/// 26: one checkout, one connected trace with all its edges.
pub async fn connected(stack: &StackHandles) -> anyhow::Result<Finding> {
    let log = stack.log().await?;
    let mut found = Finding::default();
    let mut traces = BTreeMap::new();
    for (checkout, told) in confirmed(&log) {
        found.checked += 1;
        let mut ids = told.traces.into_iter();
        match (ids.next(), ids.count()) {
            (Some("") | None, _) => {
                found.wrong(format!("checkout {checkout} was said without a trace"));
            }
            (Some(_), _) if told.is_wished => {}
            (Some(id), 0) => drop(traces.insert(checkout, (id, told.begun_at_ms))),
            (Some(_), more) => {
                found.wrong(format!("checkout {checkout} is told in {} traces", more + 1));
            }
        }
    }
    found.add(shown(stack, traces).await?);
    Ok(found)
}

/// What the traces look like to whoever looks at them.
async fn shown(
    stack: &StackHandles,
    traces: BTreeMap<&str, (&str, i64)>,
) -> anyhow::Result<Finding> {
    let Some(url) = &stack.traces else {
        return Ok(Finding::unseen("traces are off: only the ids in the topics were compared"));
    };
    let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
    let starts = stack.logs.as_deref().map(starts).transpose()?.unwrap_or_default();
    let (mut found, mut forgotten, mut killed) = (Finding::default(), 0, 0);
    for (checkout, (id, begun_at_ms)) in traces.into_iter().rev().take(NEWEST) {
        let answer = http.get(format!("{url}/api/traces/{id}")).send().await?;
        if answer.status() == reqwest::StatusCode::NOT_FOUND {
            forgotten += 1;
            continue;
        }
        let answer: Value = answer.error_for_status()?.json().await?;
        if lacks_its_beginning(&answer["data"][0], begun_at_ms) {
            forgotten += 1;
            continue;
        }
        let wrong = faults(&answer["data"][0]);
        if !wrong.is_empty() && may_have_lost(&answer["data"][0], &starts) {
            killed += 1;
            continue;
        }
        found
            .violations
            .extend(wrong.into_iter().map(|w| format!("checkout {checkout}, trace {id}: {w}")));
    }
    if forgotten > 0 {
        found.not_seen(format!("the traces of {forgotten} checkouts are kept no more"));
    }
    if killed > 0 {
        found.not_seen(format!(
            "{killed} traces have holes: a service was started anew at that time"
        ));
    }
    Ok(found)
}

/// When services were started, as their logs say.
fn starts(folder: &Path) -> anyhow::Result<Vec<Timestamp>> {
    let mut starts = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_file() {
            continue;
        }
        let log = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
        let lines = log.lines().filter(|line| line.contains(r#" serves""#));
        let at = lines.filter_map(|line| {
            serde_json::from_str::<Value>(line).ok()?["timestamp"]
                .as_str()?
                .parse::<Timestamp>()
                .ok()
        });
        starts.extend(at);
    }
    Ok(starts)
}

/// Whether the store of traces has only what came long after the checkout: it was started anew in between.
pub fn lacks_its_beginning(trace: &Value, begun_at_ms: i64) -> bool {
    let spans = trace["spans"].as_array().into_iter().flatten();
    let first = spans.filter_map(|span| span["startTime"].as_i64()).min();
    first.is_some_and(|first| first > begun_at_ms * 1000 + LOST_US)
}

/// Whether a service was started anew while this trace was being told, or right after.
pub fn may_have_lost(trace: &Value, starts: &[Timestamp]) -> bool {
    let spans = trace["spans"].as_array().into_iter().flatten();
    let times: Vec<(i64, i64)> = spans
        .filter_map(|s| {
            Some((s["startTime"].as_i64()?, s["startTime"].as_i64()? + s["duration"].as_i64()?))
        })
        .collect();
    let begin = times.iter().map(|(begin, _)| *begin).min().unwrap_or(i64::MAX);
    let end = times.iter().map(|(_, end)| *end).max().unwrap_or(i64::MIN);
    starts.iter().any(|at| (begin..=end.saturating_add(LOST_US)).contains(&at.as_microsecond()))
}

/// The confirmed checkouts and the traces they are told in. Ids sort by age. What somebody wished for on the way is told
/// in the trace of that wish, too: that it ends, though the money came first, or another way to pay after one that failed.
fn confirmed(log: &EventLog) -> BTreeMap<&str, Told<'_>> {
    let mut wished: BTreeSet<&str> = BTreeSet::new();
    let mut opened: BTreeSet<&str> = BTreeSet::new();
    for event in &log.events {
        let key = event.key.as_str();
        if event.name == "payment.cancel.v1" || event.name == OPENED && !opened.insert(key) {
            wished.insert(key);
        }
    }
    let mut stories: BTreeMap<&str, Told<'_>> = BTreeMap::new();
    for event in log.events.iter().filter(|event| WAY.contains(&event.name.as_str())) {
        let told = stories.entry(&event.key).or_default();
        told.is_wished = wished.contains(event.key.as_str());
        if event.name == WAY[0] {
            told.begun_at_ms = event.at_ms;
        }
        told.is_confirmed |= event.name == "order.confirmed.v1";
        told.traces.insert(&event.trace);
    }
    stories.retain(|_, told| told.begun_at_ms > 0 && told.is_confirmed);
    stories
}

/// What the topics say of a checkout.
#[derive(Default)]
struct Told<'a> {
    /// When it began by the broker's clock, in milliseconds since 1970.
    begun_at_ms: i64,
    is_confirmed: bool,
    /// Whether somebody wished for something on the way.
    is_wished: bool,
    traces: BTreeSet<&'a str>,
}

/// What is wrong with a trace as Jaeger tells it.
pub fn faults(trace: &Value) -> Vec<String> {
    let spans: Vec<&Value> = trace["spans"].as_array().into_iter().flatten().collect();
    let ids: BTreeSet<&str> = spans.iter().filter_map(|span| span["spanID"].as_str()).collect();
    let name = |span: &Value| span["operationName"].as_str().unwrap_or("?").to_owned();
    let parent = |span: &Value| span["references"][0]["spanID"].as_str().map(str::to_owned);
    let mut faults = Vec::new();

    let orphans = spans.iter().filter(|s| parent(s).is_some_and(|p| !ids.contains(p.as_str())));
    faults
        .extend(orphans.map(|span| format!("{:?} hangs on a span that is not there", name(span))));
    let roots: Vec<String> =
        spans.iter().filter(|s| parent(s).is_none()).map(|span| name(span)).collect();
    if roots.len() != 1 {
        faults.push(format!("it has {} beginnings: {}", roots.len(), roots.join(", ")));
    }
    let names: BTreeSet<String> = spans.iter().map(|span| name(span)).collect();
    let seen = |service: &str, event: &str| names.contains(&format!("{service}.hear {event}"));
    let unseen = EDGES.iter().filter(|(service, event)| !seen(service, event));
    faults.extend(unseen.map(|(service, event)| format!("nobody sees {service} hear {event}")));
    faults
}
