//! Has the provider pay a seller, and asks what became of it.

use chassis::{JobHandler, Problem, Tx};
use tracing::{error, warn};

use super::absorb_payout::{absorb_payout, come_back};
use super::away::{LEFT_ALONE, pause_after, pause_before};
use super::payout_jobs::{LookAtPayout, SendPayout};
use crate::App;
use crate::domain::payout::{PayoutSighting, PayoutStatus};
use crate::error::Error;
use crate::provider::ProviderError;
use crate::provider::payouts::PayoutAsk;
use crate::store::{payouts, sellers};

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
        let mut conn = self.db.read().await?;
        let found = payouts::find(&mut conn, job.payout_id).await?;
        let payout = found.ok_or(Error::NotFound)?;
        if payout.status != PayoutStatus::Requested {
            return Ok(None);
        }
        // The account may be another one than when it was booked.
        let now = self.clock.now();
        let from = sellers::find_payable_from(&mut conn, payout.vendor_id, now).await?;
        // The provider may take its time: no connection waits for it.
        drop(conn);
        let ask =
            PayoutAsk { vendor_id: payout.vendor_id, amount: payout.amount, key: payout.key() };
        let sent = if from == Some(now) {
            self.ask_to_pay(&ask, job.look_first).await
        } else {
            let known = self.payouts.find_payout(&ask.key).await;
            known.map(|known| known.map_or(Sent::Away, Sent::Known))
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
        let locked = payouts::lock(tx.conn(), job.payout_id).await?;
        let mut payout = locked.ok_or(Error::NotFound)?;
        match sent {
            Sent::Known(sighting) => absorb_payout(tx, &mut payout, &sighting).await,
            Sent::Never(reason) if payout.status == PayoutStatus::Requested => {
                come_back(tx, &mut payout, PayoutStatus::Failed, &reason).await
            }
            Sent::Away if payout.status == PayoutStatus::Requested => ask_again(tx, job).await,
            Sent::Never(_) | Sent::Away => Ok(()),
        }
    }

    async fn fail(&self, job: SendPayout, problem: &Problem, tx: &mut Tx) -> Result<(), Error> {
        let id = job.payout_id;
        error!(payout.id = %id, problem = problem.slug, "payout {id} could not be worked on");
        leave_alone(tx, job).await
    }
}

impl App {
    async fn ask_to_pay(&self, ask: &PayoutAsk, look_first: bool) -> Result<Sent, ProviderError> {
        if look_first && let Some(known) = self.payouts.find_payout(&ask.key).await? {
            return Ok(Sent::Known(known));
        }
        let code = match self.payouts.pay(ask).await {
            Ok(sighting) => return Ok(Sent::Known(sighting)),
            Err(ProviderError::Refused { code, .. }) => code,
            Err(trouble) => return Err(trouble),
        };
        // It may refuse because it paid already, when we did not hear of it.
        if let Some(known) = self.payouts.find_payout(&ask.key).await? {
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
        match self.payouts.find_payout(&payout.key()).await {
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
                let locked = payouts::lock(tx.conn(), job.payout_id).await?;
                let mut payout = locked.ok_or(Error::NotFound)?;
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
