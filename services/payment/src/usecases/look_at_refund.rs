//! Asks the provider what became of a refund that it accepted.

use chassis::{JobHandler, Problem, Tx};
use tracing::error;

use super::absorb_refund::{absorb_refund, lock};
use super::refund_jobs::LookAtRefund;
use crate::App;
use crate::domain::refund::RefundSighting;
use crate::domain::{Refund, RefundStatus};
use crate::error::Error;
use crate::store::refunds;

/// Why an accepted refund needs a look: nobody has said anything of it for ten days.
const SILENT: &str = "silent";

impl JobHandler<LookAtRefund> for App {
    type Output = Option<RefundSighting>;
    type Error = Error;

    async fn run(&self, job: &LookAtRefund) -> Result<Option<RefundSighting>, Error> {
        let mut conn = self.db.read().await?;
        let found = refunds::find(&mut conn, job.refund_id).await?;
        drop(conn);
        let refund = found.ok_or(Error::NotFound)?;
        if !is_on_its_way(&refund, job) {
            return Ok(None);
        }
        let Some(provider_payment_id) = &refund.provider_payment_id else { return Ok(None) };
        let all = self.provider.refunds(provider_payment_id).await?;
        let known = refund.provider_refund_id.as_ref();
        Ok(all.into_iter().find(|sighting| Some(&sighting.provider_refund_id) == known))
    }

    async fn complete(
        &self,
        job: LookAtRefund,
        made: Option<RefundSighting>,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let (payment, mut refund) = lock(tx, job.refund_id).await?;
        if let Some(sighting) = made {
            absorb_refund(tx, &payment, &mut refund, &sighting).await?;
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
        tx.schedule(&LookAtRefund { nth, ..job.clone() }, at).await?;
    }
    Ok(())
}
