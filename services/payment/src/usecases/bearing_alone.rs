//! Whether one member of staff says alone who bears a dispute that is lost.

use chassis::Tx;
use kernel::{DisputeId, Money, UserId};

use super::decide::propose;
use crate::domain::Refused;
use crate::domain::dispute::{Bearer, Bearing};
use crate::domain::proposal::Proposal;
use crate::error::Error;
use crate::store::proposals;

/// How it is said who bears a dispute.
#[derive(Debug)]
pub enum Say {
    /// By one member of staff, who may say so much alone, and why.
    First { alone: Money, reason: Option<String> },
    /// By another one, too.
    Second,
}

/// Whether nobody else has to say so: `ours` is what the platform bears when `bearer` does. If somebody has, it is proposed.
pub async fn say_or_propose(
    tx: &mut Tx,
    id: DisputeId,
    bearer: Bearer,
    who: UserId,
    ours: Money,
    say: Say,
) -> Result<bool, Error> {
    let Say::First { alone, reason } = say else { return Ok(true) };
    let last = proposals::find_last::<Bearing>(tx.conn(), &id.to_string()).await?;
    if let Some(waits) = last.filter(Proposal::waits) {
        return if waits.matter.bearer == bearer { Ok(false) } else { Err(OTHERWISE.into()) };
    }
    if ours.is_zero() {
        return Ok(true);
    }
    let reason = reason.ok_or(Refused::ReasonRequired("the platform bears what was lost"))?;
    if ours.currency() == alone.currency() && ours.minor() <= alone.minor() {
        return Ok(true);
    }
    propose(tx, who, Bearing { dispute_id: id, bearer, reason }, OTHERWISE).await?;
    Ok(false)
}

const OTHERWISE: Refused =
    Refused::NotBearable("somebody else is proposed to bear it: decline that first");
