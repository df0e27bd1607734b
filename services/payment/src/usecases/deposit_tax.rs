//! Taxes are paid to the state. One member of staff reports it, and another one agrees.

use chassis::Tx;
use kernel::{Money, TaxDepositId, UserId};
use tracing::info;

use crate::domain::Refused;
use crate::domain::bank_reference::BankReference;
use crate::domain::hands::Proposal;
use crate::domain::ledger::Journal;
use crate::domain::tax::{Deposit, TaxKind};
use crate::domain::tax_period::TaxMonth;
use crate::error::Error;
use crate::store::{ledger, tax_closings, tax_deposits};

/// `who` says that a tax was paid for a month. Nothing is booked before somebody else agrees; said again with the same
/// challan, it is as before.
pub async fn report_deposit(
    tx: &mut Tx,
    who: UserId,
    kind: TaxKind,
    month: TaxMonth,
    amount: Money,
    reference: &BankReference,
) -> Result<Deposit, Error> {
    if amount.minor() <= 0 {
        return Err(Refused::Unpayable("the amount must be more than nothing").into());
    }
    let deposit = Deposit {
        id: TaxDepositId::new(),
        kind,
        month,
        amount,
        reference: reference.as_str().to_owned(),
        said: Proposal::by(who, tx.now()),
    };
    // Deposits for one month take turns, so that none goes over what the others left.
    let due = tax_closings::lock_due(tx.conn(), kind, month, amount.currency()).await?;
    let due = due.ok_or(Refused::NotDepositable("the month is not closed"))?;
    if let Some(known) = tax_deposits::find_by_reference(tx.conn(), reference.as_str()).await? {
        return if known.is_same(&deposit) { Ok(known) } else { Err(TAKEN.into()) };
    }
    deposit.check(due)?;
    if !tax_deposits::insert(tx.conn(), &deposit).await? {
        return Err(TAKEN.into());
    }
    info!(deposit.id = %deposit.id, staff.id = %who, "{amount} of {kind:?} for {month} are reported");
    Ok(deposit)
}

const TAKEN: Refused = Refused::NotDepositable("this challan is another deposit's");

/// `who` agrees to a deposit: it is booked. Said again, it is as before.
pub async fn approve_deposit(tx: &mut Tx, id: TaxDepositId, who: UserId) -> Result<Deposit, Error> {
    let mut deposit = tax_deposits::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let now = tx.now();
    if !deposit.said.approve(who, now)? {
        return Ok(deposit);
    }
    tax_deposits::decide(tx.conn(), &deposit).await?;
    let Deposit { kind, month, amount, .. } = deposit;
    let journal = Journal::deposit(kind, month, &deposit.reference, amount)?;
    ledger::post(tx.conn(), None, &journal, now).await?;
    info!(deposit.id = %id, staff.id = %who, "{amount} of {kind:?} for {month} are booked");
    Ok(deposit)
}

/// `who` does not agree to a deposit, or takes back what they said. Said again, it is as before.
pub async fn decline_deposit(tx: &mut Tx, id: TaxDepositId, who: UserId) -> Result<Deposit, Error> {
    let mut deposit = tax_deposits::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    if deposit.said.decline(who, tx.now())? {
        tax_deposits::decide(tx.conn(), &deposit).await?;
        info!(deposit.id = %id, staff.id = %who, "deposit {id} is declined");
    }
    Ok(deposit)
}
