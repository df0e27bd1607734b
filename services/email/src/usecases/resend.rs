//! Staff send a mail again: a new message, which names the old one.

use chassis::Tx;
use kernel::MessageId;

use super::queue::schedule;
use crate::domain::message::Message;
use crate::error::Error;
use crate::store::messages;

/// Queues a copy of a settled mail. The old one's id is its reference, so that two clicks make one copy.
pub async fn resend(tx: &mut Tx, old: MessageId) -> Result<Message, Error> {
    // Two who send it again take turns; the second finds the copy of the first.
    let (before, status) = messages::lock(tx.conn(), old).await?.ok_or(Error::NotFound)?;
    if !status.may_be_resent(before.letter.kind()) {
        return Err(Error::NotResendable);
    }
    let again = Message {
        id: MessageId::new(),
        reference: old.to_string(),
        resend_of: Some(old),
        created_at: tx.now(),
        ..before
    };
    let again = [again];
    if messages::insert(tx.conn(), &again).await?.is_empty() {
        return Err(Error::AlreadyResent);
    }
    schedule(tx, &again).await?;
    let [again] = again;
    Ok(again)
}
