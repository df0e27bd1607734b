//! A merchant pays a seller.

use crate::domain::account::AccountAnswer;
use crate::domain::books::{Books, JournalEntry};
use crate::domain::disburse;
use crate::domain::payout::{Payout, PayoutAnswer, PayoutAsk, PayoutStatus};
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;

/// Pays as the seller's plan has it, or finds the payout that the same key asked for before.
pub fn pay_out(books: &Books, turn: &mut Turn<'_>, ask: PayoutAsk) -> Result<Payout, Refused> {
    if let Some(known) = ask.key.as_deref().and_then(|key| books.find_by_payout_key(key)) {
        return if known.ask == ask { Ok(known.as_answered()) } else { Err(Refused::KeyReused) };
    }
    let seller = seller_of(books, &ask.fund_account_id)?;
    match books.payout_answer(seller) {
        PayoutAnswer::Processed => Ok(disburse::accept(turn, ask, PayoutStatus::Processed)),
        PayoutAnswer::Pending => Ok(disburse::accept(turn, ask, PayoutStatus::Processing)),
        PayoutAnswer::Failed => turned(turn, ask, PayoutStatus::Processing, PayoutStatus::Failed),
        PayoutAnswer::Returned => {
            turned(turn, ask, PayoutStatus::Processed, PayoutStatus::Reversed)
        }
        PayoutAnswer::Refused => Err(Refused::NeverPaidOut),
        PayoutAnswer::NoAccount => Err(Refused::UnknownId),
    }
}

/// Accepted, and told otherwise later.
fn turned(
    turn: &mut Turn<'_>,
    ask: PayoutAsk,
    first: PayoutStatus,
    then: PayoutStatus,
) -> Result<Payout, Refused> {
    let accepted = disburse::accept(turn, ask, first);
    disburse::turn_to(turn, &accepted, then)?;
    Ok(accepted)
}

/// Whose fund account this is, if anything is paid to it.
fn seller_of<'a>(books: &'a Books, fund_account: &'a str) -> Result<&'a str, Refused> {
    let seller = fund_account.strip_prefix("fa_").ok_or(Refused::UnknownId)?;
    match books.account(fund_account) {
        Ok(account) if account.active => Ok(&account.seller),
        Ok(_) => Err(Refused::AccountClosed),
        // One that was always there, until one is registered.
        Err(_) if books.accounts_of(seller).next().is_none() => Ok(seller),
        Err(unknown) => Err(unknown),
    }
}

/// The hand-rail: how whoever registers a bank account for a seller is answered, from now on.
pub fn plan_accounts(turn: &mut Turn<'_>, seller: String, answer: AccountAnswer) {
    turn.keep(JournalEntry::AccountPlan { seller, answer });
}

/// The hand-rail: what payouts to a seller are to meet with, from now on.
pub fn plan_payouts(turn: &mut Turn<'_>, seller: String, answer: PayoutAnswer) {
    turn.keep(JournalEntry::PayoutPlan { seller, answer });
}

/// The hand-rail: the seller's bank decides on a payout.
pub fn settle_payout(
    books: &Books,
    turn: &mut Turn<'_>,
    id: &str,
    outcome: PayoutStatus,
) -> Result<Payout, Refused> {
    disburse::turn_to(turn, books.payout(id)?, outcome)
}
