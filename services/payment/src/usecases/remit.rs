//! Cash that was taken at doors arrives at our bank. Where more or less of it does, two say so.

use chassis::Tx;
use kernel::{Currency, Money, RemittanceId, SellerOrderId, UserId};
use tracing::info;

use crate::domain::Refused;
use crate::domain::hands::{Proposal, ProposalStatus};
use crate::domain::ledger::Journal;
use crate::domain::remittance::{Remittance, Transfer};
use crate::error::Error;
use crate::store::{ledger, remittance_proposals, remittances};

const NOT_DUE: Refused =
    Refused::NotRemittable("some of this cash is not due from this party, or arrived before");
const TAKEN: Refused = Refused::NotRemittable("another transfer was reported under this number");

/// `who` reports a transfer. What arrived as it was taken is booked, once, and so is no more too much than one may say
/// `alone`; anything else waits for somebody else.
pub async fn remit(
    tx: &mut Tx,
    who: UserId,
    transfer: &Transfer,
    alone: Money,
) -> Result<Remittance, Error> {
    if let Some(known) = find_again(tx, transfer).await? {
        return Ok(known);
    }
    let taken = lock_due(tx, &transfer.party, &transfer.seller_orders).await?;
    // Somebody else may have reported the same at this moment: the lock waited for that.
    if let Some(known) = find_again(tx, transfer).await? {
        return Ok(known);
    }
    let taken = taken.ok_or(NOT_DUE)?;
    let due = Money::sum(taken.iter().map(|(_, amount)| *amount), Currency::Inr)?;
    let mut remittance = Remittance::of(transfer, due, tx.now());
    if !transfer.needs_two(due, alone)? {
        book(tx, &remittance, &taken).await?;
        return Ok(remittance);
    }
    remittance.said = Some((RemittanceId::new(), Proposal::by(who, tx.now())));
    if !remittance_proposals::insert(tx.conn(), &remittance).await? {
        return Err(TAKEN.into());
    }
    let (reference, received) = (&remittance.bank_reference, remittance.received);
    info!(bank_reference = reference, staff.id = %who, "that {received} of {due} in cash arrived is proposed");
    Ok(remittance)
}

/// `who` says so, too: it is booked. Said again, it is as before.
pub async fn approve_remittance(
    tx: &mut Tx,
    id: RemittanceId,
    who: UserId,
) -> Result<Remittance, Error> {
    let (mut remittance, mut said) = lock(tx, id).await?;
    let is_new = said.approve(who, tx.now())?;
    remittance.said = Some((id, said));
    if !is_new {
        return Ok(remittance);
    }
    let taken = lock_due(tx, &remittance.party, &remittance.seller_orders).await?;
    let taken = taken.ok_or(NOT_DUE)?;
    remittance_proposals::decide(tx.conn(), id, &said).await?;
    book(tx, &remittance, &taken).await?;
    Ok(remittance)
}

/// `who` does not agree, or takes back what they said: the cash stays due. Said again, it is as before.
pub async fn decline_remittance(
    tx: &mut Tx,
    id: RemittanceId,
    who: UserId,
) -> Result<Remittance, Error> {
    let (mut remittance, mut said) = lock(tx, id).await?;
    if said.decline(who, tx.now())? {
        remittance_proposals::decide(tx.conn(), id, &said).await?;
        info!(remittance.id = %id, staff.id = %who, "remittance {id} is declined");
    }
    remittance.said = Some((id, said));
    Ok(remittance)
}

async fn lock(tx: &mut Tx, id: RemittanceId) -> Result<(Remittance, Proposal), Error> {
    let remittance = remittance_proposals::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let (_, said) = remittance.said.ok_or(Error::NotFound)?;
    Ok((remittance, said))
}

/// The cash of all of these, which is locked; none where some of it is not due from this party.
async fn lock_due(
    tx: &mut Tx,
    party: &str,
    orders: &[SellerOrderId],
) -> Result<Option<Vec<(SellerOrderId, Money)>>, Error> {
    let taken = remittances::lock_due(tx.conn(), party, orders, Currency::Inr).await?;
    Ok(Some(taken).filter(|taken| !taken.is_empty() && taken.len() == orders.len()))
}

async fn book(
    tx: &mut Tx,
    remittance: &Remittance,
    taken: &[(SellerOrderId, Money)],
) -> Result<(), Error> {
    if !remittances::insert(tx.conn(), remittance).await? {
        return Err(TAKEN.into());
    }
    let Remittance { bank_reference, due, received, seller_orders, .. } = remittance;
    remittances::settle(tx.conn(), bank_reference, seller_orders).await?;
    let journal = Journal::remittance(bank_reference, taken, *received)?;
    let now = tx.now();
    ledger::post(tx.conn(), None, &journal, now).await?;
    info!(bank_reference, "{received} of {due} that were taken in cash arrived");
    Ok(())
}

/// Reported again, it answers as before. Another transfer of the same number is refused.
async fn find_again(tx: &mut Tx, transfer: &Transfer) -> Result<Option<Remittance>, Error> {
    let reference = &transfer.bank_reference;
    let mut known = remittances::find(tx.conn(), reference).await?;
    if known.is_none() {
        known = remittance_proposals::find(tx.conn(), reference, ProposalStatus::Proposed).await?;
    }
    match known {
        Some(known) if known.is(transfer) => Ok(Some(known)),
        Some(_) => Err(TAKEN.into()),
        None => Ok(None),
    }
}
