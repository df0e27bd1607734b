//! Putting a mail into the send ledger, once for ever, together with the job that sends it.

use std::time::Duration;

use chassis::{Job, Tx};
use kernel::MessageId;
use serde::{Deserialize, Serialize};

use crate::domain::letter::{Kind, Letter};
use crate::domain::message::{Addressee, Message};
use crate::error::Error;
use crate::store::messages;

/// Sends one mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendMail {
    /// Which.
    pub message_id: MessageId,
}

impl Job for SendMail {
    const KIND: &'static str = "send_mail";
    // With the chassis' pauses a mail server may be away for about a day.
    const MAX_ATTEMPTS: i32 = 150;
    // Longer than a slow mail server may take, because an attempt that is broken off may have sent the mail.
    const TIMEOUT: Duration = Duration::from_mins(2);
}

/// Sends one sign-in code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendCode {
    /// Which message.
    pub message_id: MessageId,
}

impl Job for SendCode {
    const KIND: &'static str = "send_code";
}

/// A mail about `reference`.
pub fn message(tx: &Tx, reference: String, to: Addressee, letter: Letter) -> Message {
    let (id, created_at) = (MessageId::new(), tx.now());
    Message { id, reference, resend_of: None, to, letter, created_at }
}

/// Queues a mail, unless there is one of its kind and reference.
pub async fn queue(tx: &mut Tx, message: &Message) -> Result<(), Error> {
    if messages::insert(tx.conn(), message).await? {
        schedule(tx, message).await?;
    }
    Ok(())
}

/// Asks for a mail of the ledger to be sent.
pub async fn schedule(tx: &mut Tx, message: &Message) -> Result<(), Error> {
    let (message_id, now) = (message.id, tx.now());
    if message.letter.kind() == Kind::SignInCode {
        tx.schedule(&SendCode { message_id }, now).await?;
    } else {
        tx.schedule(&SendMail { message_id }, now).await?;
    }
    Ok(())
}
