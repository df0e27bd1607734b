//! Money on its way to a seller: its owner is told how it ends.

use chassis::Tx;
use contracts::payment::{PayoutChanged, PayoutState};
use contracts::vendor::PayoutAccountChanged;
use jiff::SignedDuration;

use super::queue::{message, queue};
use crate::domain::letter::Letter;
use crate::domain::message::Addressee;
use crate::domain::text::one_line;
use crate::error::Error;

/// The longest number of a bank shown.
const LONGEST: usize = 120;
/// A topic that is heard for the first time begins up to 30 days ago, and nobody wants to be told then.
const OLD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A payout has come to an end. On its way, nobody is written to.
pub async fn mail_payout(tx: &mut Tx, event: &PayoutChanged) -> Result<(), Error> {
    let amount = event.amount;
    let letter = match event.state {
        PayoutState::Paid => {
            let reference = event.bank_reference.as_deref().map(|number| one_line(number, LONGEST));
            let reference = reference.filter(|number| !number.is_empty());
            Letter::PayoutPaid { amount, reference }
        }
        PayoutState::Failed => Letter::PayoutFailed { amount },
        PayoutState::Waiting
        | PayoutState::Requested
        | PayoutState::Accepted
        | PayoutState::Held
        | PayoutState::Unknown => return Ok(()),
    };
    if tx.now().duration_since(event.at) > OLD {
        return Ok(());
    }
    let to = Addressee::OwnerOf(event.vendor_id);
    let message = message(tx, event.payout_id.to_string(), to, letter);
    queue(tx, vec![message]).await
}

/// A seller is paid to another bank account from now on. Whoever did not change it has a day to say so.
pub async fn mail_account_changed(tx: &mut Tx, event: &PayoutAccountChanged) -> Result<(), Error> {
    let (changed_at, payable_from) = (event.changed_at, event.payable_from);
    if tx.now().duration_since(changed_at) > OLD {
        return Ok(());
    }
    let to = Addressee::OwnerOf(event.vendor_id);
    let reference = format!("{}:{changed_at}", event.vendor_id);
    let letter = Letter::PayoutAccountChanged { changed_at, payable_from };
    let message = message(tx, reference, to, letter);
    queue(tx, vec![message]).await
}
