//! A record as it came from the broker, and what its headers say.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use kernel::EventId;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// One record, detached from the consumer that read it.
#[derive(Debug, Clone)]
pub struct Record {
    /// Catalogue name of the topic.
    pub topic: Arc<str>,
    /// Which partition.
    pub partition: i32,
    /// Where in it.
    pub offset: i64,
    /// The key.
    pub key: String,
    /// The value; nothing is a tombstone.
    pub payload: Option<Vec<u8>>,
    /// Headers that are valid UTF-8.
    pub headers: BTreeMap<String, String>,
    /// The broker's time of the record, milliseconds since 1970.
    pub timestamp_ms: i64,
}

/// What the `CloudEvents` headers say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The event's id.
    pub id: EventId,
    /// Its name and version.
    pub name: String,
    /// The key's version on the topic, from 1 without gaps.
    pub version: i64,
    /// The record's key.
    pub key: String,
    /// The story it belongs to (the checkout).
    pub correlation: String,
    /// W3C trace parent, or empty.
    pub traceparent: String,
    /// When it became true.
    pub time: Timestamp,
}

impl Record {
    /// Reads the headers.
    ///
    /// # Errors
    /// Names the first header that is missing or makes no sense.
    pub fn meta(&self) -> Result<Meta, &'static str> {
        let header = |name: &'static str| self.headers.get(name).map(String::as_str);
        Ok(Meta {
            id: header("ce_id").and_then(|id| id.parse().ok()).ok_or("ce_id")?,
            name: header("ce_type").ok_or("ce_type")?.to_owned(),
            version: header("ce_aggversion").and_then(|v| v.parse().ok()).ok_or("ce_aggversion")?,
            key: self.key.clone(),
            correlation: header("ce_correlationid").unwrap_or_default().to_owned(),
            traceparent: header("traceparent").unwrap_or_default().to_owned(),
            time: header("ce_time").and_then(|t| t.parse().ok()).ok_or("ce_time")?,
        })
    }

    /// The event's name, or empty.
    pub fn name(&self) -> &str {
        self.headers.get("ce_type").map_or("", String::as_str)
    }
}

/// A record that is to be handled, and what its headers say.
#[derive(Debug)]
pub(crate) struct Delivery<'r> {
    pub record: &'r Record,
    pub meta: Meta,
}

/// A record one of whose headers cannot be read.
pub(crate) fn unreadable(header: &str) -> Problem {
    Problem::new(422, "event/unreadable", "The event is unreadable")
        .with_detail(format!("the header {header} is missing or makes no sense"))
}
