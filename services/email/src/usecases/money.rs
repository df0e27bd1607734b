//! Orders that could not be placed, and money on its way back: each is told to the buyer once.

use chassis::Tx;
use contracts::order::OrderRejected;
use contracts::payment::{PaymentUnclaimed, RefundDone, RefundFailed, RefundKind, RefundPayer};
use jiff::Timestamp;
use kernel::{OrderId, UserId};

use super::queue::{message, queue_new};
use crate::domain::back::HeldUp;
use crate::domain::letter::Letter;
use crate::domain::message::Addressee;
use crate::domain::owed::Owed;
use crate::domain::text::one_line;
use crate::error::Error;

/// The longest number or reference shown.
const LONGEST: usize = 120;

/// A checkout could not become an order.
pub async fn mail_rejected(tx: &mut Tx, event: &OrderRejected) -> Result<(), Error> {
    let held_up = event.problems.iter().map(|line| HeldUp::of(line, &event.titles));
    let letter = Letter::OrderRejected { held_up: held_up.collect() };
    tell(tx, event.order_id.to_string(), event.buyer, event.order_id, letter, event.rejected_at)
        .await
}

/// Money came that belongs to no order.
pub async fn mail_unclaimed(tx: &mut Tx, event: &PaymentUnclaimed) -> Result<(), Error> {
    let letter = Letter::MoneyUnclaimed {
        number: one_line(&event.order_number, LONGEST),
        received: event.received,
        why: event.why.into(),
    };
    let reference = one_line(&event.provider_payment_id, LONGEST);
    tell(tx, reference, event.buyer, event.payment.order_id, letter, event.payment.at).await
}

/// The money is back.
pub async fn mail_refund_done(tx: &mut Tx, event: &RefundDone) -> Result<(), Error> {
    let refund = &event.refund;
    let reference = event.bank_reference.as_deref().map(|number| one_line(number, LONGEST));
    let letter = Letter::RefundDone {
        number: one_line(&refund.order_number, LONGEST),
        amount: refund.amount,
        reference: reference.filter(|number| !number.is_empty()),
        goodwill: refund.kind == RefundKind::Goodwill,
        by_bank: event.paid_by == Some(RefundPayer::Bank),
    };
    tell(tx, refund.refund_id.to_string(), refund.buyer, refund.order_id, letter, refund.at).await
}

/// The money does not go back by itself: the buyer may have to say where it goes. As long as it is tried again, nobody is worried with it.
pub async fn mail_refund_delayed(tx: &mut Tx, event: &RefundFailed) -> Result<(), Error> {
    if !event.needs_a_person {
        return Ok(());
    }
    let refund = &event.refund;
    let owed = Owed::of(refund);
    let letter = if event.needs_account {
        Letter::RefundNeedsAccount(owed)
    } else {
        Letter::RefundDelayed(owed)
    };
    tell(tx, refund.refund_id.to_string(), refund.buyer, refund.order_id, letter, refund.at).await
}

async fn tell(
    tx: &mut Tx,
    reference: String,
    buyer: UserId,
    order_id: OrderId,
    letter: Letter,
    at: Timestamp,
) -> Result<(), Error> {
    let message = message(tx, reference, Addressee::User(buyer), letter).about(order_id);
    queue_new(tx, at, message).await
}
