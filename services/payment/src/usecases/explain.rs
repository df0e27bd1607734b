//! A difference that stays is explained. One member of staff says what it is, and another one agrees.

use chassis::Tx;
use kernel::{ExplanationId, UserId};
use tracing::info;

use crate::domain::Refused;
use crate::domain::hands::Proposal;
use crate::domain::ledger::Journal;
use crate::domain::settlement::{Explanation, Gap};
use crate::error::Error;
use crate::store::{explanations, ledger};

/// `who` says what a difference is. Nothing is booked before somebody else agrees; said again, it is as before.
pub async fn propose_explanation(
    tx: &mut Tx,
    who: UserId,
    difference: i64,
    reason: String,
) -> Result<Explanation, Error> {
    let gap = lock_open(tx, difference).await?;
    if let Some(known) = explanations::find_proposed(tx.conn(), difference).await? {
        return Ok(known);
    }
    let explanation = Explanation {
        id: ExplanationId::new(),
        difference_id: difference,
        amount: gap.amount()?,
        reason,
        said: Proposal::by(who, tx.now()),
    };
    explanations::insert(tx.conn(), &explanation).await?;
    let (id, amount) = (explanation.id, explanation.amount);
    info!(explanation.id = %id, staff.id = %who, "it is proposed to explain {amount} of difference {difference}");
    Ok(explanation)
}

/// `who` agrees: what lies between the provider and our books is booked. Said again, it is as before.
pub async fn approve_explanation(
    tx: &mut Tx,
    id: ExplanationId,
    who: UserId,
) -> Result<Explanation, Error> {
    let mut explanation = lock(tx, id).await?;
    let now = tx.now();
    if !explanation.said.approve(who, now)? {
        return Ok(explanation);
    }
    let difference = explanation.difference_id;
    if lock_open(tx, difference).await?.amount()? != explanation.amount {
        return Err(Refused::NotExplainable("it is another one by now").into());
    }
    explanations::decide(tx.conn(), &explanation).await?;
    explanations::close(tx.conn(), difference, now).await?;
    let journal = Journal::explained(id, explanation.amount)?;
    if !journal.postings.is_empty() {
        ledger::post(tx.conn(), None, &journal, now).await?;
    }
    info!(explanation.id = %id, staff.id = %who, "difference {difference} is explained");
    Ok(explanation)
}

/// `who` does not agree, or takes back what they said. Said again, it is as before.
pub async fn decline_explanation(
    tx: &mut Tx,
    id: ExplanationId,
    who: UserId,
) -> Result<Explanation, Error> {
    let mut explanation = lock(tx, id).await?;
    if explanation.said.decline(who, tx.now())? {
        explanations::decide(tx.conn(), &explanation).await?;
        info!(explanation.id = %id, staff.id = %who, "explanation {id} is declined");
    }
    Ok(explanation)
}

async fn lock(tx: &mut Tx, id: ExplanationId) -> Result<Explanation, Error> {
    explanations::lock(tx.conn(), id).await?.ok_or(Error::NotFound)
}

/// A difference that is one, which nothing changes meanwhile.
async fn lock_open(tx: &mut Tx, difference: i64) -> Result<Gap, Error> {
    let gap = explanations::lock_gap(tx.conn(), difference).await?.ok_or(Error::NotFound)?;
    if gap.is_open { Ok(gap) } else { Err(Refused::NotExplainable("it is none any more").into()) }
}
