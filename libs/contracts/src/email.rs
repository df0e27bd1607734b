//! What email-service says: what became of mail.

use jiff::Timestamp;
use kernel::{MessageId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::{Entry, entry};
use crate::{Event, Topic, topics};

/// The mail server took a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmailSent {
    /// Which message.
    pub message_id: MessageId,
    /// What it was, for example `order_confirmation`.
    pub kind: String,
    /// To whom; open for a code sent to somebody who has no account yet.
    pub recipient: Option<UserId>,
    /// When.
    pub sent_at: Timestamp,
}

impl Event for EmailSent {
    const NAME: &'static str = "email.sent.v1";
    const TOPIC: &'static Topic = &topics::EMAIL_DELIVERY_EVT;

    fn key(&self) -> String {
        self.message_id.to_string()
    }
}

/// The mail server refused a message for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmailBounced {
    /// Which message.
    pub message_id: MessageId,
    /// What it was.
    pub kind: String,
    /// To whom.
    pub recipient: Option<UserId>,
    /// The server's reply code, for example 550.
    pub code: u16,
    /// When.
    pub bounced_at: Timestamp,
}

impl Event for EmailBounced {
    const NAME: &'static str = "email.bounced.v1";
    const TOPIC: &'static Topic = &topics::EMAIL_DELIVERY_EVT;

    fn key(&self) -> String {
        self.message_id.to_string()
    }
}

pub(crate) fn events() -> Vec<Entry> {
    vec![entry::<EmailSent>(), entry::<EmailBounced>()]
}
