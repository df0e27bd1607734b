//! Who hears: the consumers of a service, by name.

use super::record::Record;
use super::subscriptions::{Handlers, Kind};
use crate::db::Db;

/// One consumer of a service: its name, what it hears, and whether it may start over.
#[derive(Clone)]
pub struct Consumer {
    /// The consumer's name: `order` for effects, `order.copies` for projections.
    pub name: String,
    /// The service it belongs to.
    pub service: &'static str,
    /// Effect or projection.
    pub kind: Kind,
    /// What it hears.
    pub handlers: Handlers,
    /// Where it writes.
    pub db: Db,
}

impl Consumer {
    /// Whether the record is for this consumer: it hears it, or nobody knows it.
    pub fn concerns(&self, record: &Record) -> bool {
        self.handlers.hears(record.name()) || !contracts::knows(record.name())
    }
}
