//! What a seller has owed for long and will not pay is written off. One member of staff says so, and another one agrees.

use chassis::Tx;
use contracts::payment::VendorBalanceWrittenOff;
use kernel::{Currency, UserId, VendorId, WriteOffId};
use tracing::info;

use crate::domain::Refused;
use crate::domain::debt::WriteOff;
use crate::domain::hands::Proposal;
use crate::domain::ledger::Journal;
use crate::error::Error;
use crate::store::{balances, ledger, payouts, write_offs};

/// `who` proposes to write off all that a seller owes. Nothing is booked before somebody else agrees; said again, it is as
/// before.
pub async fn propose_write_off(
    tx: &mut Tx,
    who: UserId,
    vendor: VendorId,
    reason: String,
) -> Result<WriteOff, Error> {
    let (now, currency) = (tx.now(), Currency::Inr);
    let debt = balances::lock_debt(tx.conn(), vendor, currency).await?.ok_or(Error::NotFound)?;
    if let Some(known) = write_offs::find_proposed(tx.conn(), vendor, currency).await? {
        return Ok(known);
    }
    debt.check(debt.owed, now)?;
    refuse_payouts(tx, vendor).await?;
    let said = Proposal::by(who, now);
    let write_off =
        WriteOff { id: WriteOffId::new(), vendor_id: vendor, amount: debt.owed, reason, said };
    write_offs::insert(tx.conn(), &write_off).await?;
    let (id, amount) = (write_off.id, write_off.amount);
    info!(write_off.id = %id, staff.id = %who, "it is proposed to write off {amount} of seller {vendor}");
    Ok(write_off)
}

/// `who` agrees: it is the platform's loss. Said again, it is as before.
pub async fn approve_write_off(
    tx: &mut Tx,
    id: WriteOffId,
    who: UserId,
) -> Result<WriteOff, Error> {
    let mut write_off = lock(tx, id).await?;
    let now = tx.now();
    if !write_off.said.approve(who, now)? {
        return Ok(write_off);
    }
    let (vendor_id, amount) = (write_off.vendor_id, write_off.amount);
    let debt = balances::lock_debt(tx.conn(), vendor_id, amount.currency()).await?;
    debt.ok_or(Refused::NotWritableOff("the seller owes us nothing any more"))?
        .check(amount, now)?;
    refuse_payouts(tx, vendor_id).await?;
    write_offs::decide(tx.conn(), &write_off).await?;
    ledger::post(tx.conn(), None, &Journal::write_off(id, vendor_id, amount)?, now).await?;
    tx.emit(&VendorBalanceWrittenOff { write_off_id: id, vendor_id, amount, at: now });
    info!(write_off.id = %id, staff.id = %who, "{amount} of seller {vendor_id} are written off");
    Ok(write_off)
}

/// `who` does not agree, or takes back what they said. Said again, it is as before.
pub async fn decline_write_off(
    tx: &mut Tx,
    id: WriteOffId,
    who: UserId,
) -> Result<WriteOff, Error> {
    let mut write_off = lock(tx, id).await?;
    if write_off.said.decline(who, tx.now())? {
        write_offs::decide(tx.conn(), &write_off).await?;
        info!(write_off.id = %id, staff.id = %who, "write-off {id} is declined");
    }
    Ok(write_off)
}

/// A payout that waits could go once nothing is owed any more.
async fn refuse_payouts(tx: &mut Tx, vendor: VendorId) -> Result<(), Error> {
    if payouts::list_stoppable(tx.conn(), vendor).await?.is_empty() {
        return Ok(());
    }
    Err(Refused::NotWritableOff("a payout to the seller is on its way: hold it first").into())
}

async fn lock(tx: &mut Tx, id: WriteOffId) -> Result<WriteOff, Error> {
    write_offs::lock(tx.conn(), id).await?.ok_or(Error::NotFound)
}
