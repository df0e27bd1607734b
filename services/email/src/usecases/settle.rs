//! Writing down what came of a mail, and telling it.

use chassis::{JobHandler, Problem, Tx};
use contracts::email::{EmailBounced, EmailSent};
use kernel::MessageId;

use super::deliver::{Delivery, Outcome, deliver};
use super::queue::Sending;
use crate::App;
use crate::domain::message::MessageStatus;
use crate::error::Error;
use crate::store::messages::{self, End};

impl<J: Sending> JobHandler<J> for App {
    type Output = Option<Delivery>;

    async fn run(&self, job: &J) -> Result<Option<Delivery>, Error> {
        deliver(self, job.message_id()).await
    }

    async fn complete(&self, job: J, made: Option<Delivery>, tx: &mut Tx) -> Result<(), Error> {
        settle(tx, job.message_id(), made).await
    }

    async fn fail(&self, job: J, problem: &Problem, tx: &mut Tx) -> Result<(), Error> {
        give_up(tx, job.message_id(), problem.slug).await
    }
}

async fn settle(tx: &mut Tx, id: MessageId, made: Option<Delivery>) -> Result<(), Error> {
    let Some(delivery) = made else { return Ok(()) };
    let (status, code, error) = match delivery.outcome {
        Outcome::Sent => (MessageStatus::Sent, None, None),
        Outcome::Bounced(code) => (MessageStatus::Bounced, Some(code), None),
        Outcome::Expired => (MessageStatus::Expired, None, None),
        Outcome::Nobody => (MessageStatus::Failed, None, Some("nobody-to-send-to")),
    };
    let masked = delivery.masked.as_deref();
    // Attempts that failed were counted by `note`.
    let end = End { status, attempts: 1, code, error, masked, at: delivery.at };
    if messages::settle(tx.conn(), id, &end).await? {
        emit(tx, id, &delivery);
    }
    tracing::info!(message.id = %id, message.kind = delivery.kind.into_str(), status = status.into_str(),
        "message {id} is settled");
    Ok(())
}

fn emit(tx: &mut Tx, message_id: MessageId, delivery: &Delivery) {
    let Delivery { recipient, order_id, .. } = *delivery;
    let (kind, now) = (delivery.kind.into_str().to_owned(), delivery.at);
    match delivery.outcome {
        Outcome::Sent if delivery.kind.is_told() => {
            tx.emit(&EmailSent { message_id, kind, recipient, order_id, sent_at: now });
        }
        Outcome::Bounced(code) => {
            tx.emit(&EmailBounced { message_id, kind, recipient, code, order_id, bounced_at: now });
        }
        Outcome::Sent | Outcome::Expired | Outcome::Nobody => {}
    }
}

async fn give_up(tx: &mut Tx, id: MessageId, why: &'static str) -> Result<(), Error> {
    let at = tx.now();
    let (status, error) = (MessageStatus::Failed, Some(why));
    let end = End { status, attempts: 0, code: None, error, masked: None, at };
    messages::settle(tx.conn(), id, &end).await?;
    Ok(())
}
