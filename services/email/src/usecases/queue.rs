//! Putting a mail into the send ledger, once for ever, together with the job that sends it.

use std::time::Duration;

use chassis::{Job, Tx};
use jiff::{SignedDuration, Timestamp};
use kernel::MessageId;
use serde::{Deserialize, Serialize};

use crate::domain::letter::{Kind, Letter};
use crate::domain::message::{Addressee, Message};
use crate::error::Error;
use crate::store::messages;

/// A topic that is heard for the first time begins up to 30 days ago, and nobody wants to be told then.
pub const OLD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A job that sends a mail.
pub trait Sending: Job {
    fn message_id(&self) -> MessageId;
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendMail {
    pub message_id: MessageId,
}

impl Job for SendMail {
    const KIND: &'static str = "send_mail";
    // With the chassis' pauses a mail server may be away for about a day.
    const MAX_ATTEMPTS: i32 = 150;
    // Longer than a slow mail server may take, because an attempt that is broken off may have sent the mail.
    const TIMEOUT: Duration = Duration::from_mins(2);
}

impl Sending for SendMail {
    fn message_id(&self) -> MessageId {
        self.message_id
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendCode {
    pub message_id: MessageId,
}

impl Job for SendCode {
    // The usual twelve attempts take longer than a code lives, and `deliver` stops at its end.
    const KIND: &'static str = "send_code";
}

impl Sending for SendCode {
    fn message_id(&self) -> MessageId {
        self.message_id
    }
}

pub fn message(tx: &Tx, reference: String, to: Addressee, letter: Letter) -> Message {
    let (id, created_at) = (MessageId::new(), tx.now());
    Message { id, reference, resend_of: None, order_id: None, to, letter, created_at }
}

/// Queues mails, except those of whose kind and reference there is one already.
pub async fn queue(tx: &mut Tx, messages: Vec<Message>) -> Result<(), Error> {
    let new = messages::insert(tx.conn(), &messages).await?;
    let new: Vec<_> = messages.into_iter().filter(|message| new.contains(&message.id)).collect();
    schedule(tx, &new).await
}

/// Queues a mail about what happened at this time, unless that is long past.
pub async fn queue_new(tx: &mut Tx, at: Timestamp, message: Message) -> Result<(), Error> {
    if tx.now().duration_since(at) > OLD {
        return Ok(());
    }
    queue(tx, vec![message]).await
}

pub async fn schedule(tx: &mut Tx, messages: &[Message]) -> Result<(), Error> {
    let is_code = |message: &&Message| message.letter.kind() == Kind::SignInCode;
    let (codes, mails): (Vec<_>, Vec<_>) = messages.iter().partition(is_code);
    let now = tx.now();
    let codes: Vec<_> = codes.iter().map(|m| SendCode { message_id: m.id }).collect();
    let mails: Vec<_> = mails.iter().map(|m| SendMail { message_id: m.id }).collect();
    tx.schedule_all(&codes, now).await?;
    Ok(tx.schedule_all(&mails, now).await?)
}
