//! What email-service says: what became of mail.

use jiff::Timestamp;
use kernel::{MessageId, OrderId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::events;

/// The mail server took a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmailSent {
    /// Which message.
    pub message_id: MessageId,
    /// What it was, for example `order_confirmation`.
    pub kind: String,
    /// To whom; open for a code sent to somebody who has no account yet.
    pub recipient: Option<UserId>,
    /// Which order it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// When.
    pub sent_at: Timestamp,
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
    /// Which order it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// When.
    pub bounced_at: Timestamp,
}

events! {
    EmailSent = "email.sent.v1" on EMAIL_DELIVERY_EVT by message_id;
    EmailBounced = "email.bounced.v1" on EMAIL_DELIVERY_EVT by message_id;
}
