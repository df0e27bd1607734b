//! A difference that stays is explained. One member of staff says what it is, and another one agrees.

use std::slice;

use chassis::Tx;
use chassis::auth::Caller;
use kernel::UserId;

use super::decide::{Decided, propose};
use crate::domain::Refused;
use crate::domain::ledger::Journal;
use crate::domain::proposal::Proposal;
use crate::domain::settlement::{Explanation, Gap};
use crate::error::Error;
use crate::store::{differences, ledger, proposals, reconciliations};

const ANOTHER: Refused =
    Refused::NotExplainable("it is another one by now: go through its day again");

/// `who` says what a difference is. Said again, it is as before.
pub async fn propose_explanation(
    tx: &mut Tx,
    who: UserId,
    difference_id: i64,
    reason: String,
) -> Result<Proposal<Explanation>, Error> {
    let gap = lock_open(tx, difference_id).await?;
    let last = proposals::find_last(tx.conn(), &difference_id.to_string()).await?;
    if let Some(known) = last.filter(Proposal::waits) {
        return Ok(known);
    }
    refuse_another(tx, &gap).await?;
    let explanation = Explanation { difference_id, amount: gap.amount()?, reason };
    propose(tx, who, explanation, Refused::NotExplainable("it is being explained")).await
}

impl Decided for Explanation {
    /// It is nobody's money.
    async fn refuse_own(&self, _: &mut Tx, _: &Caller) -> Result<(), Error> {
        Ok(())
    }

    /// What lies between the provider and our books is booked.
    async fn book(tx: &mut Tx, agreed: &Proposal<Self>) -> Result<(), Error> {
        let (Self { difference_id, amount, .. }, now) = (&agreed.matter, tx.now());
        let gap = lock_open(tx, *difference_id).await?;
        if gap.amount()? != *amount {
            return Err(ANOTHER.into());
        }
        refuse_another(tx, &gap).await?;
        differences::close(tx.conn(), *difference_id, now).await?;
        let journal = Journal::explained(agreed.id, *amount)?;
        if !journal.postings.is_empty() {
            ledger::post(tx.conn(), None, &journal, now).await?;
        }
        Ok(())
    }
}

/// A difference that is one, which nothing changes meanwhile.
async fn lock_open(tx: &mut Tx, difference: i64) -> Result<Gap, Error> {
    let gap = differences::lock_gap(tx.conn(), difference).await?.ok_or(Error::NotFound)?;
    if gap.is_open { Ok(gap) } else { Err(Refused::NotExplainable("it is none any more").into()) }
}

/// Refuses what is another difference than was found, or none: our books may have taken it in since. What the provider has
/// not settled, and a settlement as a whole, is what it was found to be.
async fn refuse_another(tx: &mut Tx, gap: &Gap) -> Result<(), Error> {
    let all = reconciliations::compare(tx.conn(), slice::from_ref(&gap.name)).await?;
    let mut same =
        all.iter().filter(|now| (now.kind, now.currency) == (gap.kind, gap.ours.currency()));
    if same.all(|now| gap.is_still(now)) { Ok(()) } else { Err(ANOTHER.into()) }
}
