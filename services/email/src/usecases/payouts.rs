//! Money on its way to a seller: its owner is told how it ends, why it waits, and that the seller owes some.

use chassis::Tx;
use contracts::payment::{
    PayoutChanged, PayoutPostponed, PayoutState, PostponedWhy, VendorBalanceOverdue,
};
use contracts::vendor::PayoutAccountChanged;
use kernel::Money;

use super::queue::{message, queue, queue_new};
use crate::domain::held::Hold;
use crate::domain::letter::Letter;
use crate::domain::message::Addressee;
use crate::domain::text::one_line;
use crate::error::Error;

/// The longest number of a bank shown.
const LONGEST: usize = 120;
/// The longest reason shown.
const LONGEST_WORDS: usize = 200;

/// A payout has come to an end, or waits. On its way, nobody is written to.
pub async fn mail_payout(tx: &mut Tx, event: &PayoutChanged) -> Result<(), Error> {
    let Some(letter) = letter(event) else { return Ok(()) };
    let to = Addressee::OwnerOf(event.vendor_id);
    // One that waits may be held after that: these are two mails.
    let waits = event.state == PayoutState::Waiting;
    let id = event.payout_id;
    let reference = if waits { format!("{id}@waiting") } else { id.to_string() };
    let message = message(tx, reference, to, letter);
    queue_new(tx, event.at, message).await
}

fn letter(event: &PayoutChanged) -> Option<Letter> {
    let amount = event.amount;
    match event.state {
        PayoutState::Paid => {
            let reference = event.bank_reference.as_deref().map(|number| one_line(number, LONGEST));
            let reference = reference.filter(|number| !number.is_empty());
            Some(Letter::PayoutPaid { amount, reference })
        }
        PayoutState::Failed => Some(Letter::PayoutFailed { amount }),
        PayoutState::Waiting => {
            let (why, words, until) = (Hold::Large, None, event.look_again_at);
            Some(Letter::PayoutHeld { amount, why, words, until })
        }
        PayoutState::Held => Some(held(amount, event.reason.as_deref())),
        PayoutState::Requested | PayoutState::Accepted | PayoutState::Unknown => None,
    }
}

/// It was not let go, for this reason: in payment-service's word, or in those of staff.
fn held(amount: Money, reason: Option<&str>) -> Letter {
    let why = Hold::of(reason);
    let words = reason.filter(|_| why == Hold::ByStaff).map(|words| one_line(words, LONGEST_WORDS));
    Letter::PayoutHeld { amount, why, words: words.filter(|words| !words.is_empty()), until: None }
}

/// A seller is due, and is paid later.
pub async fn mail_postponed(tx: &mut Tx, event: &PayoutPostponed) -> Result<(), Error> {
    let why = match event.why {
        PostponedWhy::AccountChanged => Hold::AccountChanged,
        PostponedWhy::Unknown => return Ok(()),
    };
    let until = event.until;
    // When the time is over, it is paid.
    if until <= tx.now() {
        return Ok(());
    }
    let letter =
        Letter::PayoutHeld { amount: event.available, why, words: None, until: Some(until) };
    let reference = format!("{}@{until}", event.vendor_id);
    let message = message(tx, reference, Addressee::OwnerOf(event.vendor_id), letter);
    queue(tx, vec![message]).await
}

/// A seller is paid to another bank account from now on. Whoever did not change it has a day to say so.
pub async fn mail_account_changed(tx: &mut Tx, event: &PayoutAccountChanged) -> Result<(), Error> {
    let (changed_at, payable_from) = (event.changed_at, event.payable_from);
    let to = Addressee::OwnerOf(event.vendor_id);
    let reference = format!("{}:{changed_at}", event.vendor_id);
    let letter = Letter::PayoutAccountChanged { changed_at, payable_from };
    let message = message(tx, reference, to, letter);
    queue_new(tx, changed_at, message).await
}

/// A seller has owed us for a month.
pub async fn mail_overdue(tx: &mut Tx, event: &VendorBalanceOverdue) -> Result<(), Error> {
    let VendorBalanceOverdue { vendor_id, owed, since, at } = *event;
    let letter = Letter::BalanceOverdue { owed, since };
    let reference = format!("{vendor_id}@{since}");
    let message = message(tx, reference, Addressee::OwnerOf(vendor_id), letter);
    queue_new(tx, at, message).await
}
