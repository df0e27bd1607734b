//! What a seller has owed for long and will not pay is written off. One member of staff says so, and another one agrees.

use chassis::Tx;
use chassis::auth::Caller;
use contracts::payment::VendorBalanceWrittenOff;
use kernel::{Currency, VendorId};

use super::decide::{Decided, propose};
use super::own::refuse_own_seller;
use crate::domain::Refused;
use crate::domain::debt::WriteOff;
use crate::domain::ledger::Journal;
use crate::domain::proposal::Proposal;
use crate::error::Error;
use crate::store::{balances, ledger, payouts, proposals};

/// A member of staff proposes to write off all that a seller owes. Said again, it is as before.
pub async fn propose_write_off(
    tx: &mut Tx,
    staff: &Caller,
    vendor_id: VendorId,
    reason: String,
) -> Result<Proposal<WriteOff>, Error> {
    refuse_own_seller(vendor_id, staff)?;
    let debt = balances::lock_debt(tx.conn(), vendor_id, Currency::Inr).await?;
    let debt = debt.ok_or(Error::NotFound)?;
    let last = proposals::find_last(tx.conn(), &vendor_id.to_string()).await?;
    if let Some(known) = last.filter(Proposal::waits) {
        return Ok(known);
    }
    debt.check(debt.owed, tx.now())?;
    refuse_payouts(tx, vendor_id).await?;
    let write_off = WriteOff { vendor_id, amount: debt.owed, reason };
    let taken = Refused::NotWritableOff("it is being written off");
    propose(tx, staff.user_id, write_off, taken).await
}

impl Decided for WriteOff {
    async fn refuse_own(&self, _: &mut Tx, staff: &Caller) -> Result<(), Error> {
        refuse_own_seller(self.vendor_id, staff)
    }

    /// It is the platform's loss.
    async fn book(tx: &mut Tx, agreed: &Proposal<Self>) -> Result<(), Error> {
        let (id, now) = (agreed.id, tx.now());
        let Self { vendor_id, amount, .. } = agreed.matter;
        let debt = balances::lock_debt(tx.conn(), vendor_id, amount.currency()).await?;
        debt.ok_or(Refused::NotWritableOff("the seller owes us nothing any more"))?
            .check(amount, now)?;
        refuse_payouts(tx, vendor_id).await?;
        ledger::post(tx.conn(), None, &Journal::write_off(id, vendor_id, amount)?, now).await?;
        tx.emit(&VendorBalanceWrittenOff { write_off_id: id, vendor_id, amount, at: now });
        Ok(())
    }
}

/// A payout that waits could go once nothing is owed any more.
async fn refuse_payouts(tx: &mut Tx, vendor: VendorId) -> Result<(), Error> {
    if payouts::list_stoppable(tx.conn(), vendor).await?.is_empty() {
        return Ok(());
    }
    Err(Refused::NotWritableOff("a payout to the seller is on its way: hold it first").into())
}
