//! The hand-rail: the buyer's bank asks money back, and decides who has it.

use crate::domain::books::{Books, JournalEntry};
use crate::domain::dispute::{Dispute, DisputeStatus};
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;
use crate::domain::wire::Happening;

/// The bank asks for `amount` of a payment, or for all that is left of it.
pub fn open_dispute(
    books: &Books,
    turn: &mut Turn<'_>,
    payment_id: &str,
    amount: Option<i64>,
) -> Result<Dispute, Refused> {
    let payment = books.payment(payment_id)?;
    let dispute = Dispute::open(turn.ids.dispute(), payment, amount, turn.now)?;
    turn.keep(JournalEntry::Dispute(dispute.clone()));
    turn.emit(Happening::Disputed(&dispute, payment));
    Ok(dispute)
}

/// The bank decides.
pub fn decide_dispute(
    books: &Books,
    turn: &mut Turn<'_>,
    id: &str,
    status: DisputeStatus,
) -> Result<Dispute, Refused> {
    let dispute = books.dispute(id)?.decide(status, turn.now)?;
    turn.keep(JournalEntry::Dispute(dispute.clone()));
    turn.emit(Happening::Disputed(&dispute, books.payment(&dispute.payment_id)?));
    Ok(dispute)
}
