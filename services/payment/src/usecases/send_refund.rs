//! Has the provider give money back.

use chassis::{JobHandler, Problem, Tx};
use jiff::{SignedDuration, Timestamp};
use tracing::{error, warn};

use super::absorb_refund::{absorb_refund, lock};
use super::away::{LEFT_ALONE, pause_before};
use super::disputed::{Way, hold, pay_in_parts, way};
use super::give_back::needs_a_person;
use super::refund_jobs::SendRefund;
use super::settle_hold::settle_hold;
use crate::App;
use crate::domain::refund::RefundSighting;
use crate::domain::{Refund, RefundStatus};
use crate::error::Error;
use crate::provider::{GiveBack, ProviderError};
use crate::store::refunds;

/// Our balance at the provider grows with sales and settlements, not by asking.
const WITHOUT_BALANCE: SignedDuration = SignedDuration::from_hours(2);
/// Without balance for so long, somebody has to pay in.
const TOO_LONG: SignedDuration = SignedDuration::from_hours(24);

const NO_BALANCE: &str = "no-balance";

#[derive(Debug)]
pub enum Sent {
    /// The provider knows it, since now or before.
    Known(RefundSighting),
    /// Not now: our balance there is too low.
    NoBalance,
    /// It will not do it, for this reason.
    Never(String),
    /// Whether it acted is not known: it is asked again by the same name.
    Away,
    /// It was not asked: a bank asks for the same money.
    Later,
    /// It does not know it, and was not asked to: it has too little left.
    Taken,
}

impl JobHandler<SendRefund> for App {
    type Output = Option<Sent>;

    async fn run(&self, job: &SendRefund) -> Result<Option<Sent>, Error> {
        let mut conn = self.db.read().await?;
        let refund = refunds::find(&mut conn, job.refund_id).await?.ok_or(Error::NotFound)?;
        if !waits_for(&refund, job) {
            return Ok(None);
        }
        let way = way(&mut conn, &refund).await?;
        // The provider may take its time: no connection waits for it.
        drop(conn);
        let (amount, key) = (refund.amount, refund.key());
        let Some(provider_payment_id) = refund.provider_payment_id else { return Ok(None) };
        let back = GiveBack { provider_payment_id, amount, key };
        let sent = match way {
            Way::ByProvider => self.send(&back, job.look_first).await,
            Way::Later => Ok(Sent::Later),
            // It may have been given back before the rest went.
            Way::Taken => {
                self.look_up(&back).await.map(|known| known.map_or(Sent::Taken, Sent::Known))
            }
        };
        if let Err(error) = &sent {
            warn!(refund.id = %job.refund_id, %error, "refund {} has no answer", job.refund_id);
        }
        // No answer is an answer, too: nothing has failed that does not go on by itself.
        Ok(Some(sent.unwrap_or(Sent::Away)))
    }

    async fn complete(
        &self,
        job: SendRefund,
        made: Option<Sent>,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let Some(sent) = made else { return Ok(()) };
        // Not locked while the provider was asked: a webhook may have been faster.
        let (payment, mut refund) = lock(tx, job.refund_id).await?;
        match sent {
            Sent::Known(sighting) => absorb_refund(tx, &payment, &mut refund, &sighting).await,
            Sent::NoBalance | Sent::Never(_) | Sent::Away | Sent::Later | Sent::Taken
                if !waits_for(&refund, &job) =>
            {
                Ok(())
            }
            Sent::Away => ask_again(tx, job).await,
            Sent::Later | Sent::Taken => match (way(tx.conn(), &refund).await?, sent) {
                (Way::Later, _) => hold(tx, &mut refund).await,
                (Way::Taken, Sent::Taken) => pay_in_parts(tx, &payment, &mut refund).await,
                // It was decided at this moment.
                (Way::Taken | Way::ByProvider, _) => {
                    let now = tx.now();
                    Ok(tx.schedule(&SendRefund { look_first: true, ..job }, now).await?)
                }
            },
            Sent::NoBalance => wait_for_balance(tx, refund).await,
            // Something else went out of the same capture at this moment.
            Sent::Never(_) if way(tx.conn(), &refund).await? == Way::Taken => {
                pay_in_parts(tx, &payment, &mut refund).await
            }
            Sent::Never(reason) => {
                let now = tx.now();
                refund.give_up(&reason);
                refunds::update(tx.conn(), &mut refund, now).await?;
                needs_a_person(tx, &payment, &refund);
                settle_hold(tx, &payment).await
            }
        }
    }

    async fn fail(&self, job: SendRefund, problem: &Problem, tx: &mut Tx) -> Result<(), Error> {
        let id = job.refund_id;
        error!(refund.id = %id, problem = problem.slug, "refund {id} could not be worked on");
        leave_alone(tx, job).await
    }
}

impl App {
    async fn send(&self, back: &GiveBack, look_first: bool) -> Result<Sent, ProviderError> {
        if look_first && let Some(known) = self.look_up(back).await? {
            return Ok(Sent::Known(known));
        }
        let refused = match self.provider.refund(back).await {
            Ok(sighting) => return Ok(Sent::Known(sighting)),
            Err(refused @ (ProviderError::Refused { .. } | ProviderError::NoBalance)) => refused,
            Err(trouble) => return Err(trouble),
        };
        // It may refuse because it gave the money back already, when we did not hear of it.
        if let Some(known) = self.look_up(back).await? {
            return Ok(Sent::Known(known));
        }
        Ok(if matches!(refused, ProviderError::NoBalance) {
            Sent::NoBalance
        } else {
            Sent::Never(refused.to_string())
        })
    }

    /// The same refund at the provider, if it is there.
    async fn look_up(&self, back: &GiveBack) -> Result<Option<RefundSighting>, ProviderError> {
        let all = match self.provider.refunds(&back.provider_payment_id).await {
            Err(ProviderError::Refused { .. }) => return Ok(None),
            all => all?,
        };
        Ok(all.into_iter().find(|sighting| sighting.key.as_ref() == Some(&back.key)))
    }
}

fn waits_for(refund: &Refund, job: &SendRefund) -> bool {
    refund.status == RefundStatus::Requested && refund.attempt == job.attempt
}

/// By the same name: the provider may have acted.
async fn ask_again(tx: &mut Tx, job: SendRefund) -> Result<(), Error> {
    let tries = job.tries.saturating_add(1);
    let Some(pause) = pause_before(tries) else {
        let id = job.refund_id;
        error!(refund.id = %id, "refund {id} waits for the provider");
        return leave_alone(tx, job).await;
    };
    let due = later(tx.now(), pause);
    Ok(tx.schedule(&SendRefund { tries, ..job }, due).await?)
}

/// What is owed is never given up.
async fn leave_alone(tx: &mut Tx, job: SendRefund) -> Result<(), Error> {
    let due = later(tx.now(), LEFT_ALONE);
    Ok(tx.schedule(&SendRefund { look_first: true, tries: 0, ..job }, due).await?)
}

async fn wait_for_balance(tx: &mut Tx, mut refund: Refund) -> Result<(), Error> {
    let now = tx.now();
    // A refusal may be kept under its name, so the next attempt gets another one.
    refund.start_over(NO_BALANCE);
    refunds::update(tx.conn(), &mut refund, now).await?;
    let id = refund.id;
    if now.duration_since(refund.requested_at) < TOO_LONG {
        warn!(refund.id = %id, "refund {id} waits for our balance at the provider");
    } else {
        error!(refund.id = %id, "refund {id} waits for our balance at the provider for too long");
    }
    Ok(tx.schedule(&SendRefund::of(&refund), later(now, WITHOUT_BALANCE)).await?)
}

fn later(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(now)
}
