//! Who bears a dispute that is lost: where the platform bears much of it, two say so.

use chassis::Tx;
use chassis::auth::Caller;
use kernel::DisputeId;

use super::bearing_alone::Say;
use super::decide::{Decided, approve, decline};
use super::dispute::bear;
use super::own::refuse_own;
use crate::domain::dispute::{Bearer, Bearing, Dispute};
use crate::domain::proposal::Proposal;
use crate::domain::{Payment, Refused};
use crate::error::Error;
use crate::store::{disputes, payments, proposals};

/// A dispute, and what waits or was booked of it by two.
pub struct Borne {
    pub payment: Payment,
    pub dispute: Dispute,
    pub bearing: Option<Proposal<Bearing>>,
}

/// A member of staff says who bears what was lost, and why where the platform bears any of it. Of what is more than one may
/// say alone nothing is booked before somebody else agrees. Said again, it is as before.
pub async fn say_bearer(
    tx: &mut Tx,
    id: DisputeId,
    bearer: Bearer,
    staff: &Caller,
    say: Say,
) -> Result<Borne, Error> {
    refuse_own(tx, id.as_uuid(), staff).await?;
    let (payment, dispute) = bear(tx, id, bearer, staff.user_id, say).await?;
    let bearing = proposals::find_last(tx.conn(), &id.to_string()).await?;
    Ok(Borne { payment, dispute, bearing })
}

/// Another member of staff agrees. Said again, it is as before.
pub async fn approve_bearing(tx: &mut Tx, id: DisputeId, staff: &Caller) -> Result<Borne, Error> {
    let said = find_said(tx, id).await?;
    let bearing = approve::<Bearing>(tx, said.id, staff).await?;
    show(tx, id, bearing).await
}

/// A member of staff does not agree, or takes back what they said. Said again, it is as before.
pub async fn decline_bearing(tx: &mut Tx, id: DisputeId, staff: &Caller) -> Result<Borne, Error> {
    let said = find_said(tx, id).await?;
    let bearing = decline::<Bearing>(tx, said.id, staff).await?;
    show(tx, id, bearing).await
}

impl Decided for Bearing {
    async fn refuse_own(&self, tx: &mut Tx, staff: &Caller) -> Result<(), Error> {
        refuse_own(tx, self.dispute_id.as_uuid(), staff).await
    }

    async fn book(tx: &mut Tx, agreed: &Proposal<Self>) -> Result<(), Error> {
        let Self { dispute_id, bearer, .. } = agreed.matter;
        bear(tx, dispute_id, bearer, agreed.said.proposed_by, Say::Second).await.map(drop)
    }
}

/// What was said last of a dispute.
async fn find_said(tx: &mut Tx, id: DisputeId) -> Result<Proposal<Bearing>, Error> {
    disputes::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let last = proposals::find_last(tx.conn(), &id.to_string()).await?;
    Ok(last.ok_or(Refused::NothingToApprove)?)
}

async fn show(tx: &mut Tx, id: DisputeId, bearing: Proposal<Bearing>) -> Result<Borne, Error> {
    let dispute = disputes::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let payment = payments::find(tx.conn(), dispute.payment_id).await?.ok_or(Error::NotFound)?;
    Ok(Borne { payment, dispute, bearing: Some(bearing) })
}
