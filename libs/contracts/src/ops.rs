//! What every service says about itself.

use jiff::Timestamp;
use kernel::{SessionId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::events;

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

/// A member of staff changed something, in whichever service. The audit trail keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StaffActed {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub staff_id: UserId,
    /// In which session.
    pub session_id: SessionId,
    /// What, as `<kind of thing>.<verb>`: `refund.approve`. Each is done in one service only, which counts how often.
    pub act: String,
    /// To which thing; absent where there is not one, or not yet.
    pub subject_id: Option<String>,
    /// What was asked for, as JSON: the body of the request.
    pub said: String,
}

events! {
    StaffActed = "ops.staff_acted.v1" on OPS_STAFF_ACT_EVT by act;
    DeadLettered = "ops.dead_lettered.v1" on OPS_DEAD_LETTER_EVT by service;
    Redriven = "ops.redriven.v1" on OPS_DEAD_LETTER_EVT by service;
}
