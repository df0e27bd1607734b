//! What every service says about itself.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::{Entry, entry};
use crate::{Event, Topic, topics};

/// An event could not be handled and waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeadLettered {
    /// The service that could not.
    pub service: String,
    /// Which consumer of it.
    pub consumer: String,
    /// Where the event stands.
    pub topic: String,
    /// In which partition.
    pub partition: i32,
    /// At which offset.
    pub offset: i64,
    /// Its name, when it had one.
    pub name: String,
    /// The slug of the problem.
    pub problem: String,
    /// When.
    pub at: Timestamp,
}

impl Event for DeadLettered {
    const NAME: &'static str = "ops.dead_lettered.v1";
    const TOPIC: &'static Topic = &topics::OPS_DEAD_LETTER_EVT;

    fn key(&self) -> String {
        self.service.clone()
    }
}

/// A dead letter was handled after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Redriven {
    /// The service that could now.
    pub service: String,
    /// Which consumer of it.
    pub consumer: String,
    /// Where the event stands.
    pub topic: String,
    /// In which partition.
    pub partition: i32,
    /// At which offset.
    pub offset: i64,
    /// When.
    pub at: Timestamp,
}

impl Event for Redriven {
    const NAME: &'static str = "ops.redriven.v1";
    const TOPIC: &'static Topic = &topics::OPS_DEAD_LETTER_EVT;

    fn key(&self) -> String {
        self.service.clone()
    }
}

pub(crate) fn events() -> Vec<Entry> {
    vec![entry::<DeadLettered>(), entry::<Redriven>()]
}
