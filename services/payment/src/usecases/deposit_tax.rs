//! Taxes are paid to the state. One member of staff reports it, and another one agrees.

use chassis::Tx;
use chassis::auth::Caller;
use kernel::UserId;

use super::decide::{Decided, propose};
use crate::domain::Refused;
use crate::domain::ledger::Journal;
use crate::domain::proposal::Proposal;
use crate::domain::tax::Deposit;
use crate::error::Error;
use crate::store::{ledger, proposals, tax_closings};

const TAKEN: Refused = Refused::NotDepositable("this challan is another deposit's");

/// `who` says that a tax was paid for a month. Said again with the same challan, it is as before.
pub async fn report_deposit(
    tx: &mut Tx,
    who: UserId,
    deposit: Deposit,
) -> Result<Proposal<Deposit>, Error> {
    let Deposit { kind, month, amount, ref reference } = deposit;
    if amount.minor() <= 0 {
        return Err(Refused::Unpayable("the amount must be more than nothing").into());
    }
    // Deposits for one month take turns, so that none goes over what the others left.
    let due = tax_closings::lock_due(tx.conn(), kind, month, amount.currency()).await?;
    let due = due.ok_or(Refused::NotDepositable("the month is not closed"))?;
    let last = proposals::find_last::<Deposit>(tx.conn(), reference).await?;
    if let Some(known) = last.filter(Proposal::stands) {
        return if known.matter.is_same(&deposit) { Ok(known) } else { Err(TAKEN.into()) };
    }
    deposit.check(due)?;
    propose(tx, who, deposit, TAKEN).await
}

impl Decided for Deposit {
    /// It is the state's money.
    async fn refuse_own(&self, _: &mut Tx, _: &Caller) -> Result<(), Error> {
        Ok(())
    }

    async fn book(tx: &mut Tx, agreed: &Proposal<Self>) -> Result<(), Error> {
        let Self { kind, month, amount, reference } = &agreed.matter;
        let (journal, now) = (Journal::deposit(*kind, *month, reference, *amount)?, tx.now());
        Ok(ledger::post(tx.conn(), None, &journal, now).await.map(drop)?)
    }
}
