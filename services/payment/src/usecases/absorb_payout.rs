//! A payout moves on by what was seen of it at the provider.

use chassis::Tx;
use contracts::payment::{PayoutChanged, PayoutState};
use tracing::{error, info, warn};

use super::payout_jobs::{LookAtPayout, REMINDED};
use crate::domain::Payout;
use crate::domain::ledger::Journal;
use crate::domain::payout::{PayoutSighting, PayoutStatus, Turn, judge};
use crate::error::Error;
use crate::provider::ProviderError;
use crate::store::{ledger, payouts};

/// Why a payout came to nothing, when the provider gives no reason of its own.
const FAILED: &str = "provider_failed";

/// Takes in what was seen of a payout that is locked.
pub async fn absorb_payout(
    tx: &mut Tx,
    payout: &mut Payout,
    sighting: &PayoutSighting,
) -> Result<(), Error> {
    if sighting.amount != payout.amount {
        return Err(ProviderError::Unreadable("a payout is another one than was asked for").into());
    }
    let known = payout.provider_payout_id.as_ref();
    if known.is_some_and(|known| *known != sighting.provider_payout_id) {
        odd(payout, sighting);
        return Ok(());
    }
    match judge(payout.status, sighting.seen) {
        Turn::Nothing => Ok(()),
        Turn::Accepted => accept(tx, payout, sighting).await,
        Turn::Paid => pay(tx, payout, sighting).await,
        Turn::Back(status) => {
            let reason = sighting.reason.as_deref().unwrap_or(FAILED);
            payout.provider_payout_id = Some(sighting.provider_payout_id.clone());
            come_back(tx, payout, status, reason).await
        }
        Turn::Odd => {
            odd(payout, sighting);
            Ok(())
        }
    }
}

fn odd(payout: &Payout, sighting: &PayoutSighting) {
    let (id, provider, seen) = (payout.id, &sighting.provider_payout_id, sighting.seen);
    error!(
        payout.id = %id, provider.payout = provider, ?seen, status = payout.status.into_str(),
        "payout {id} may have been paid once more by {provider}: a person has to look"
    );
}

async fn accept(tx: &mut Tx, payout: &mut Payout, sighting: &PayoutSighting) -> Result<(), Error> {
    let (id, now) = (payout.id, tx.now());
    payout.accept(&sighting.provider_payout_id, now);
    payouts::update(tx.conn(), payout, now).await?;
    if let Some(at) = payout.look_at(0) {
        tx.schedule(&LookAtPayout { payout_id: id, nth: 0, tries: 0 }, at).await?;
    }
    say(tx, payout);
    info!(payout.id = %id, "the provider accepted payout {id}");
    Ok(())
}

async fn pay(tx: &mut Tx, payout: &mut Payout, sighting: &PayoutSighting) -> Result<(), Error> {
    let (id, now) = (payout.id, tx.now());
    if payout.accepted_at.is_none() {
        payout.accept(&sighting.provider_payout_id, now);
    }
    payout.pay(sighting.bank_reference.clone(), now);
    payouts::update(tx.conn(), payout, now).await?;
    say(tx, payout);
    info!(payout.id = %id, vendor.id = %payout.vendor_id, "payout {id} is paid");
    Ok(())
}

/// It came to nothing: its seller is owed it again, and the next run pays it.
pub async fn come_back(
    tx: &mut Tx,
    payout: &mut Payout,
    status: PayoutStatus,
    reason: &str,
) -> Result<(), Error> {
    let (id, now) = (payout.id, tx.now());
    let journal = Journal::payout_back(id, payout.vendor_id, payout.amount)?;
    ledger::post(tx.conn(), None, &journal, now).await?;
    payout.come_back(status, reason, now);
    payouts::update(tx.conn(), payout, now).await?;
    say(tx, payout);
    warn!(payout.id = %id, vendor.id = %payout.vendor_id, reason, "payout {id} came to nothing");
    Ok(())
}

/// Says where a payout stands.
pub fn say(tx: &mut Tx, payout: &Payout) {
    let at = tx.now();
    let state = match payout.status {
        PayoutStatus::Waiting => PayoutState::Waiting,
        PayoutStatus::Requested => PayoutState::Requested,
        PayoutStatus::Accepted => PayoutState::Accepted,
        PayoutStatus::Paid => PayoutState::Paid,
        PayoutStatus::Failed | PayoutStatus::Returned => PayoutState::Failed,
        PayoutStatus::Held => PayoutState::Held,
    };
    tx.emit(&PayoutChanged {
        payout_id: payout.id,
        vendor_id: payout.vendor_id,
        amount: payout.amount,
        state,
        bank_reference: payout.bank_reference.clone(),
        reason: payout.reason.clone(),
        look_again_at: (payout.status == PayoutStatus::Waiting).then(|| at + REMINDED),
        at,
    });
}
