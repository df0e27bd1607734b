//! One member of staff proposes something, and another one decides. What follows is each matter's own.

use chassis::Tx;
use chassis::auth::Caller;
use kernel::{Id, UserId};
use tracing::info;

use crate::domain::Refused;
use crate::domain::proposal::{Matter, Proposal};
use crate::error::Error;
use crate::store::proposals;

/// What two decide, and what follows when they agree.
pub trait Decided: Matter {
    /// Refuses whoever of staff has a part in it.
    async fn refuse_own(&self, tx: &mut Tx, staff: &Caller) -> Result<(), Error>;

    /// Books what was agreed to.
    async fn book(tx: &mut Tx, agreed: &Proposal<Self>) -> Result<(), Error>;
}

/// `who` says it. Nothing is booked before somebody else agrees; what stands of the same thing has it `taken`.
pub async fn propose<T: Matter>(
    tx: &mut Tx,
    who: UserId,
    matter: T,
    taken: Refused,
) -> Result<Proposal<T>, Error> {
    let proposal = Proposal::by(who, matter, tx.now());
    if !proposals::insert(tx.conn(), &proposal).await? {
        return Err(taken.into());
    }
    let (id, kind, about) = (proposal.id, T::KIND.into_str(), proposal.matter.subject());
    info!(proposal.id = %id, staff.id = %who, "{kind} of {about} is proposed");
    Ok(proposal)
}

/// Another member of staff agrees: it is booked. Said again, it is as before.
pub async fn approve<T: Decided>(
    tx: &mut Tx,
    id: Id<T::Mark>,
    staff: &Caller,
) -> Result<Proposal<T>, Error> {
    let mut proposal = lock::<T>(tx, id, staff).await?;
    if proposal.said.approve(staff.user_id, tx.now())? {
        // What is agreed to is looked at once more: as long as it is not decided, it counts for nothing.
        T::book(tx, &proposal).await?;
        proposals::decide(tx.conn(), &proposal).await?;
        tell(&proposal, staff);
    }
    Ok(proposal)
}

/// A member of staff does not agree, or takes back what they said. Said again, it is as before.
pub async fn decline<T: Decided>(
    tx: &mut Tx,
    id: Id<T::Mark>,
    staff: &Caller,
) -> Result<Proposal<T>, Error> {
    let mut proposal = lock::<T>(tx, id, staff).await?;
    if proposal.said.decline(staff.user_id, tx.now())? {
        proposals::decide(tx.conn(), &proposal).await?;
        tell(&proposal, staff);
    }
    Ok(proposal)
}

/// What was proposed, which is locked, for whoever may decide it.
async fn lock<T: Decided>(
    tx: &mut Tx,
    id: Id<T::Mark>,
    staff: &Caller,
) -> Result<Proposal<T>, Error> {
    let proposal = proposals::lock::<T>(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    proposal.matter.refuse_own(tx, staff).await?;
    Ok(proposal)
}

fn tell<T: Matter>(decided: &Proposal<T>, staff: &Caller) {
    let (kind, about, to) = (T::KIND.into_str(), decided.matter.subject(), decided.said.status);
    let (id, who) = (decided.id, staff.user_id);
    info!(proposal.id = %id, staff.id = %who, "{kind} of {about} is {}", to.into_str());
}
