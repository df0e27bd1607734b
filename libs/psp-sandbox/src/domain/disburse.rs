//! How money goes to a seller: accepted, then processed or failed; and sometimes it comes back.

use super::books::JournalEntry;
use super::payout::{Payout, PayoutAsk, PayoutStatus};
use super::refused::Refused;
use super::turn::Turn;
use super::wire::Happening;

/// Takes a payout in as `status`.
pub fn accept(turn: &mut Turn<'_>, ask: PayoutAsk, status: PayoutStatus) -> Payout {
    let id = turn.ids.payout();
    let utr = (status == PayoutStatus::Processed).then(|| turn.ids.rrn());
    let payout = Payout { id, ask, status, answered: status, utr, created_at: turn.now };
    if status == PayoutStatus::Processed {
        turn.emit(Happening::Payout(&payout));
    }
    turn.keep(JournalEntry::Payout(payout.clone()));
    payout
}

/// A payout moves on, which is told. One that failed or came back stays so, and only what was processed comes back.
pub fn turn_to(
    turn: &mut Turn<'_>,
    payout: &Payout,
    status: PayoutStatus,
) -> Result<Payout, Refused> {
    let goes_on = match payout.status {
        PayoutStatus::Processing => status != PayoutStatus::Processing,
        PayoutStatus::Processed => status == PayoutStatus::Reversed,
        PayoutStatus::Failed | PayoutStatus::Reversed => false,
    };
    if !goes_on {
        return Err(Refused::PayoutSettled);
    }
    let drawn = (status == PayoutStatus::Processed).then(|| turn.ids.rrn());
    let turned = Payout { status, utr: payout.utr.clone().or(drawn), ..payout.clone() };
    turn.emit(Happening::Payout(&turned));
    turn.keep(JournalEntry::Payout(turned.clone()));
    Ok(turned)
}
