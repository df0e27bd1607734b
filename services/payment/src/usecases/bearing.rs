//! Who bears a dispute that is lost: where the platform bears much of it, two say so.

use chassis::Tx;
use kernel::{DisputeId, UserId};
use tracing::info;

use super::bearing_alone::Say;
use super::dispute::bear;
use crate::domain::dispute::{Bearer, Bearing, Dispute};
use crate::domain::{Payment, Refused};
use crate::error::Error;
use crate::store::{bearings, disputes, payments};

/// A dispute, and what waits or was booked of it by two.
#[derive(Debug)]
pub struct Borne {
    pub payment: Payment,
    pub dispute: Dispute,
    pub bearing: Option<Bearing>,
}

/// `who` says who bears what was lost, and why where the platform bears any of it. Of what is more than one may say alone
/// nothing is booked before somebody else agrees. Said again, it is as before.
pub async fn say_bearer(
    tx: &mut Tx,
    id: DisputeId,
    bearer: Bearer,
    who: UserId,
    say: Say,
) -> Result<Borne, Error> {
    let (payment, dispute) = bear(tx, id, bearer, who, say).await?;
    let bearing = bearings::find_last(tx.conn(), id).await?;
    Ok(Borne { payment, dispute, bearing })
}

/// `who` agrees to what another member of staff said. Said again, it is as before.
pub async fn approve_bearing(tx: &mut Tx, id: DisputeId, who: UserId) -> Result<Borne, Error> {
    let Borne { payment, dispute, bearing } = lock(tx, id).await?;
    let mut bearing = bearing.ok_or(Refused::NothingToApprove)?;
    if !bearing.said.approve(who, tx.now())? {
        return Ok(Borne { payment, dispute, bearing: Some(bearing) });
    }
    bearings::decide(tx.conn(), &bearing).await?;
    let (bearer, proposed_by) = (bearing.bearer, bearing.said.proposed_by);
    let (payment, dispute) = bear(tx, id, bearer, proposed_by, Say::Second).await?;
    Ok(Borne { payment, dispute, bearing: Some(bearing) })
}

/// `who` does not agree, or takes back what they said. Said again, it is as before.
pub async fn decline_bearing(tx: &mut Tx, id: DisputeId, who: UserId) -> Result<Borne, Error> {
    let borne = lock(tx, id).await?;
    let mut bearing = borne.bearing.ok_or(Refused::NothingToApprove)?;
    if bearing.said.decline(who, tx.now())? {
        bearings::decide(tx.conn(), &bearing).await?;
        info!(dispute.id = %id, staff.id = %who, "who shall bear dispute {id} is declined");
    }
    Ok(Borne { bearing: Some(bearing), ..borne })
}

/// A dispute and what was said last of it, where nothing changes meanwhile.
async fn lock(tx: &mut Tx, id: DisputeId) -> Result<Borne, Error> {
    let found = disputes::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let payment = payments::lock(tx.conn(), found.payment_id).await?.ok_or(Error::NotFound)?;
    // Read once more: it may have moved while the lock was waited for.
    let dispute = disputes::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let bearing = bearings::find_last(tx.conn(), id).await?;
    Ok(Borne { payment, dispute, bearing })
}
