//! Asks the provider what became of a refund that it accepted.

use chassis::{JobHandler, Problem, Tx};
use jiff::SignedDuration;
use tracing::{error, warn};

use super::absorb_refund::{absorb_refund, lock};
use super::away::pause_after;
use super::refund_jobs::LookAtRefund;
use crate::App;
use crate::domain::refund::RefundSighting;
use crate::domain::{Refund, RefundStatus};
use crate::error::Error;
use crate::store::refunds;

/// Why an accepted refund needs a look: nobody has said anything of it for ten days.
const SILENT: &str = "silent";

/// What a look saw.
#[derive(Debug)]
pub enum Look {
    /// Nothing, or nothing was to be seen.
    Nothing,
    Seen(RefundSighting),
    /// The provider did not answer.
    Away,
}

impl JobHandler<LookAtRefund> for App {
    type Output = Look;

    async fn run(&self, job: &LookAtRefund) -> Result<Look, Error> {
        let mut conn = self.db.read().await?;
        let found = refunds::find(&mut conn, job.refund_id).await?;
        drop(conn);
        let refund = found.ok_or(Error::NotFound)?;
        if !is_on_its_way(&refund, job) {
            return Ok(Look::Nothing);
        }
        let Some(name) = &refund.provider_payment_id else { return Ok(Look::Nothing) };
        let all = match self.provider.refunds(name).await {
            Ok(all) => all,
            Err(error) => {
                warn!(refund.id = %refund.id, %error, "a look at refund {} saw nothing", refund.id);
                return Ok(Look::Away);
            }
        };
        let known = refund.provider_refund_id.as_ref();
        let ours = all.into_iter().find(|seen| Some(&seen.provider_refund_id) == known);
        Ok(ours.map_or(Look::Nothing, Look::Seen))
    }

    async fn complete(&self, job: LookAtRefund, made: Look, tx: &mut Tx) -> Result<(), Error> {
        let (payment, mut refund) = lock(tx, job.refund_id).await?;
        match made {
            Look::Nothing => {}
            Look::Seen(sighting) => {
                absorb_refund(tx, &payment, &mut refund, &sighting).await?;
            }
            Look::Away => {
                if let Some(pause) = pause_after(job.tries) {
                    return look_later(tx, job, refund, pause).await;
                }
            }
        }
        look_again(tx, &job, refund).await
    }

    async fn fail(&self, job: LookAtRefund, _: &Problem, tx: &mut Tx) -> Result<(), Error> {
        let (_, refund) = lock(tx, job.refund_id).await?;
        look_again(tx, &job, refund).await
    }
}

fn is_on_its_way(refund: &Refund, job: &LookAtRefund) -> bool {
    refund.status == RefundStatus::Accepted && refund.attempt == job.attempt
}

/// The same look once more, after a `pause`.
async fn look_later(
    tx: &mut Tx,
    job: LookAtRefund,
    mut refund: Refund,
    pause: SignedDuration,
) -> Result<(), Error> {
    if !is_on_its_way(&refund, &job) {
        return Ok(());
    }
    let now = tx.now();
    let (due, tries) = (now + pause, job.tries.saturating_add(1));
    refund.next_look_at = Some(due);
    refunds::update(tx.conn(), &mut refund, now).await?;
    Ok(tx.schedule(&LookAtRefund { tries, ..job }, due).await?)
}

async fn look_again(tx: &mut Tx, job: &LookAtRefund, mut refund: Refund) -> Result<(), Error> {
    if !is_on_its_way(&refund, job) {
        return Ok(());
    }
    let now = tx.now();
    let nth = job.nth.saturating_add(1);
    refund.next_look_at = refund.look_at(nth);
    if refund.next_look_at.is_none() {
        let id = refund.id;
        error!(refund.id = %id, "refund {id} is escalated: accepted ten days ago, and not done");
        refund.reason = Some(SILENT.to_owned());
    }
    refunds::update(tx.conn(), &mut refund, now).await?;
    if let Some(at) = refund.next_look_at {
        tx.schedule(&LookAtRefund { nth, tries: 0, ..job.clone() }, at).await?;
    }
    Ok(())
}
