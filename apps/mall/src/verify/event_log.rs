//! One pass over all topics: what was said, without its contents, and what in the contents the checks ask for.

use std::collections::BTreeMap;

use chassis::record::Record;
use contracts::cart::CheckoutRequested;
use contracts::{Event as _, topics};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::broker::{Broker, Extents};
use super::facts;
use super::secrets;

/// One record, without its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEvent {
    /// The topic.
    pub topic: &'static str,
    /// The partition.
    pub partition: i32,
    /// Where in it.
    pub offset: i64,
    /// The key.
    pub key: String,
    /// The event's id, if it has one.
    pub id: Option<Uuid>,
    /// The event's name.
    pub name: String,
    /// The key's version, if it says one.
    pub version: Option<i64>,
    /// Who said it.
    pub source: String,
    /// The trace it belongs to, or empty.
    pub trace: String,
    /// The broker's time, milliseconds since 1970.
    pub at_ms: i64,
    /// Fingerprint of payload and headers.
    pub digest: [u8; 32],
}

impl LoggedEvent {
    /// Where it stands, for people.
    pub fn place(&self) -> String {
        format!("{}[{}]@{}", self.topic, self.partition, self.offset)
    }
}

/// Everything that is on the topics.
#[derive(Debug, Default)]
pub struct EventLog {
    /// The records, in order per partition.
    pub events: Vec<LoggedEvent>,
    /// What the partitions hold.
    pub extents: Extents,
    /// For each of [`facts::ALL`], the rows named and the event that named them.
    pub named: Vec<BTreeMap<Uuid, String>>,
    /// Frozen carts by the event that says so, which may be there more than once:
    /// `{checkout_id, total, lines: [{sku, vendor_id, quantity}]}`.
    pub carts: BTreeMap<Uuid, Value>,
    /// Places where a link to a document or a code stands in the open.
    pub leaks: Vec<String>,
}

impl EventLog {
    /// Reads all topics of the catalogue.
    pub async fn read(broker: &Broker) -> anyhow::Result<Self> {
        let all = topics::ALL.iter().map(|topic| topic.name).collect();
        let empty = Self { named: vec![BTreeMap::new(); facts::ALL.len()], ..Self::default() };
        let (mut log, extents) = broker.read(all, empty, |log, record| log.take(&record)).await?;
        log.extents = extents;
        Ok(log)
    }

    /// The last version of every key of every topic, among those who count per key.
    pub fn last_versions(&self) -> BTreeMap<(&'static str, &str), (i64, &LoggedEvent)> {
        let mut last = BTreeMap::new();
        for event in &self.events {
            let Some(version) = event.version else { continue };
            let kept = last.entry((event.topic, event.key.as_str())).or_insert((version, event));
            if version > kept.0 {
                *kept = (version, event);
            }
        }
        last
    }

    fn take(&mut self, record: &Record) {
        let Some(topic) = topics::ALL.iter().find(|t| t.name == &*record.topic) else { return };
        let event = logged(topic.name, record);
        if let Some(payload) = &record.payload {
            let text = String::from_utf8_lossy(payload);
            let kinds = secrets::found(&text, topic.name == topics::EMAIL_OTP_CMD.name);
            self.leaks.extend(kinds.map(|kind| format!("{} shows {kind}", event.place())));
            // PostgreSQL, which looks at it next, takes no zeros in a text.
            if let Ok(value) = serde_json::from_str(&text.replace("\\u0000", "\u{fffd}")) {
                self.look_inside(&event, &value);
            }
        }
        self.events.push(event);
    }

    fn look_inside(&mut self, event: &LoggedEvent, value: &Value) {
        for (fact, named) in facts::ALL.iter().zip(&mut self.named) {
            if fact.event == event.name {
                let ids = facts::ids(value, fact.path);
                named.extend(ids.into_iter().map(|id| (id, event.place())));
            }
        }
        if let Some(id) = event.id.filter(|_| event.name == CheckoutRequested::NAME) {
            let line = |line: &Value| json!({ "sku": line["sku"], "vendor_id": line["vendor_id"], "quantity": line["quantity"] });
            let lines: Vec<Value> =
                value["lines"].as_array().into_iter().flatten().map(line).collect();
            let cart = json!({ "checkout_id": value["checkout_id"],
                               "total": value["expected_total"]["amount"], "lines": lines });
            self.carts.insert(id, cart);
        }
    }
}

fn logged(topic: &'static str, record: &Record) -> LoggedEvent {
    let header = |name: &str| record.headers.get(name).cloned().unwrap_or_default();
    LoggedEvent {
        topic,
        partition: record.partition,
        offset: record.offset,
        key: record.key.clone(),
        id: header("ce_id").parse().ok(),
        name: record.name().to_owned(),
        version: header("ce_aggversion").parse().ok(),
        source: header("ce_source"),
        trace: header("traceparent").split('-').nth(1).unwrap_or_default().to_owned(),
        at_ms: record.timestamp_ms,
        digest: digest(record),
    }
}

fn digest(record: &Record) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(record.payload.as_deref().unwrap_or_default());
    for (name, value) in &record.headers {
        hash.update([0]);
        hash.update(name);
        hash.update([0]);
        hash.update(value);
    }
    hash.finalize().into()
}
