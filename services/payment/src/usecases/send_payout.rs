//! Has the provider pay a seller, and asks what became of it.

use chassis::{JobHandler, Problem, Tx};
use tracing::{error, warn};

use super::absorb_payout::{absorb_payout, come_back};
use super::away::{LEFT_ALONE, pause_after, pause_before};
use super::payout_jobs::{LookAtPayout, SendPayout};
use super::stop_payout::{Step, hold_stopped, lock};
use crate::App;
use crate::domain::payout::{PayoutSighting, PayoutStatus};
use crate::error::Error;
use crate::provider::ProviderError;
use crate::provider::payouts::PayoutAsk;
use crate::store::payouts;

/// Why a payout was refused, when the provider gives no reason of its own.
const REFUSED: &str = "refused";

#[derive(Debug)]
pub enum Sent {
    /// The provider knows it, since now or before.
    Known(PayoutSighting),
    /// It will not do it, for this reason.
    Never(String),
    /// Whether it acted is not known, or the seller's account is too new: it is asked again by the same name.
    Away,
    /// It does not know it, and was not asked to: the payout may not go any more.
    Stop,
}

/// What a look saw.
#[derive(Debug)]
pub enum Look {
    /// Nothing, or nothing was to be seen.
    Nothing,
    Seen(PayoutSighting),
    /// The provider did not answer.
    Away,
}

impl JobHandler<SendPayout> for App {
    type Output = Option<Sent>;

    async fn run(&self, job: &SendPayout) -> Result<Option<Sent>, Error> {
        // The provider may take its time: no connection waits for it.
        let next = self.next_step(job.payout_id).await?;
        let Some((payout, step)) = next else { return Ok(None) };
        let ask =
            PayoutAsk { vendor_id: payout.vendor_id, amount: payout.amount, key: payout.key() };
        let sent = match step {
            Step::Pay => self.ask_to_pay(&ask, job.look_first).await,
            Step::Stop if payout.asked_at.is_none() => Ok(Sent::Stop),
            Step::Stop if payout.would_be_known(self.clock.now()) => {
                self.look_for(&ask, Sent::Stop).await
            }
            Step::Stop | Step::Wait => self.look_for(&ask, Sent::Away).await,
        };
        if let Err(error) = &sent {
            warn!(payout.id = %job.payout_id, %error, "payout {} has no answer", job.payout_id);
        }
        // No answer is an answer, too: nothing has failed that does not go on by itself.
        Ok(Some(sent.unwrap_or(Sent::Away)))
    }

    async fn complete(
        &self,
        job: SendPayout,
        made: Option<Sent>,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let Some(sent) = made else { return Ok(()) };
        // Not locked while the provider was asked: a webhook may have been faster.
        let mut payout = lock(tx, job.payout_id).await?;
        match sent {
            Sent::Known(sighting) => absorb_payout(tx, &mut payout, &sighting).await,
            Sent::Never(reason) if payout.status == PayoutStatus::Requested => {
                come_back(tx, &mut payout, PayoutStatus::Failed, &reason).await
            }
            Sent::Stop if payout.status == PayoutStatus::Requested => {
                // Its seller may have been let in again at this moment.
                if hold_stopped(tx, &mut payout).await? { Ok(()) } else { ask_again(tx, job).await }
            }
            Sent::Away if payout.status == PayoutStatus::Requested => ask_again(tx, job).await,
            Sent::Never(_) | Sent::Away | Sent::Stop => Ok(()),
        }
    }

    async fn fail(&self, job: SendPayout, problem: &Problem, tx: &mut Tx) -> Result<(), Error> {
        let id = job.payout_id;
        error!(payout.id = %id, problem = problem.slug, "payout {id} could not be worked on");
        leave_alone(tx, job).await
    }
}

impl App {
    /// The payout as the provider knows it, or what is so when it does not.
    async fn look_for(&self, ask: &PayoutAsk, otherwise: Sent) -> Result<Sent, ProviderError> {
        let known = self.provider.find_payout(&ask.key).await?;
        Ok(known.map_or(otherwise, Sent::Known))
    }

    async fn ask_to_pay(&self, ask: &PayoutAsk, look_first: bool) -> Result<Sent, ProviderError> {
        if look_first && let Some(known) = self.provider.find_payout(&ask.key).await? {
            return Ok(Sent::Known(known));
        }
        let code = match self.provider.pay(ask).await {
            Ok(sighting) => return Ok(Sent::Known(sighting)),
            Err(ProviderError::Refused { code, .. }) => code,
            Err(trouble) => return Err(trouble),
        };
        // It may refuse because it paid already, when we did not hear of it.
        if let Some(known) = self.provider.find_payout(&ask.key).await? {
            return Ok(Sent::Known(known));
        }
        Ok(Sent::Never(if code.is_empty() { REFUSED.to_owned() } else { code }))
    }
}

/// By the same name: the provider may have acted.
async fn ask_again(tx: &mut Tx, job: SendPayout) -> Result<(), Error> {
    let tries = job.tries.saturating_add(1);
    let Some(pause) = pause_before(tries) else {
        let id = job.payout_id;
        error!(payout.id = %id, "payout {id} waits for the provider");
        return leave_alone(tx, job).await;
    };
    let due = tx.now() + pause;
    Ok(tx.schedule(&SendPayout { tries, ..job }, due).await?)
}

/// It is not booked back while nobody knows whether the provider acted.
async fn leave_alone(tx: &mut Tx, job: SendPayout) -> Result<(), Error> {
    let due = tx.now() + LEFT_ALONE;
    Ok(tx.schedule(&SendPayout { look_first: true, tries: 0, ..job }, due).await?)
}

impl JobHandler<LookAtPayout> for App {
    type Output = Look;

    async fn run(&self, job: &LookAtPayout) -> Result<Look, Error> {
        let mut conn = self.db.read().await?;
        let found = payouts::find(&mut conn, job.payout_id).await?;
        drop(conn);
        let payout = found.ok_or(Error::NotFound)?;
        if payout.status != PayoutStatus::Accepted {
            return Ok(Look::Nothing);
        }
        match self.provider.find_payout(&payout.key()).await {
            Ok(seen) => Ok(seen.map_or(Look::Nothing, Look::Seen)),
            Err(error) => {
                warn!(payout.id = %payout.id, %error, "a look at payout {} saw nothing", payout.id);
                Ok(Look::Away)
            }
        }
    }

    async fn complete(&self, job: LookAtPayout, made: Look, tx: &mut Tx) -> Result<(), Error> {
        match made {
            Look::Nothing => {}
            Look::Seen(sighting) => {
                let mut payout = lock(tx, job.payout_id).await?;
                absorb_payout(tx, &mut payout, &sighting).await?;
            }
            Look::Away => {
                if let Some(pause) = pause_after(job.tries) {
                    let (due, tries) = (tx.now() + pause, job.tries.saturating_add(1));
                    return Ok(tx.schedule(&LookAtPayout { tries, ..job }, due).await?);
                }
            }
        }
        look_again(tx, &job).await
    }

    async fn fail(&self, job: LookAtPayout, _: &Problem, tx: &mut Tx) -> Result<(), Error> {
        look_again(tx, &job).await
    }
}

async fn look_again(tx: &mut Tx, job: &LookAtPayout) -> Result<(), Error> {
    let (id, nth) = (job.payout_id, job.nth.saturating_add(1));
    let payout = payouts::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    if payout.status != PayoutStatus::Accepted {
        return Ok(());
    }
    let Some(at) = payout.look_at(nth) else {
        error!(payout.id = %id, "payout {id} was accepted three days ago, and is not paid: a person has to look");
        return Ok(());
    };
    Ok(tx.schedule(&LookAtPayout { payout_id: id, nth, tries: 0 }, at).await?)
}
