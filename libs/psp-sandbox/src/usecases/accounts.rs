//! A merchant registers the bank accounts of its sellers.

use crate::domain::account::{AccountAnswer, BankAccount, FundAccount};
use crate::domain::books::{Books, JournalEntry};
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;

/// Registers a bank account for a seller; the same one again is the same fund account.
pub fn register_account(
    books: &Books,
    turn: &mut Turn<'_>,
    seller: &str,
    bank: BankAccount,
) -> Result<FundAccount, Refused> {
    if books.account_answer(seller) == AccountAnswer::Refused {
        return Err(Refused::Input { field: "account_number", why: "The bank account is invalid" });
    }
    if let Some(known) = books.accounts_of(seller).find(|account| account.bank == bank) {
        return Ok(known.clone());
    }
    let nth = books.accounts_of(seller).count() + 1;
    let (id, seller) = (format!("fa_{seller}_{nth}"), seller.to_owned());
    let account = FundAccount { id, seller, bank, active: true };
    turn.keep(JournalEntry::FundAccount(account.clone()));
    Ok(account)
}

/// Opens or closes a fund account for payouts.
pub fn set_account_active(
    books: &Books,
    turn: &mut Turn<'_>,
    id: &str,
    active: bool,
) -> Result<FundAccount, Refused> {
    let account = FundAccount { active, ..books.account(id)?.clone() };
    turn.keep(JournalEntry::FundAccount(account.clone()));
    Ok(account)
}
