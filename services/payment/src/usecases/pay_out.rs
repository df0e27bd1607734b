//! A seller is paid what is there for it: booked first, moved by a job.

use chassis::{JobHandler, Tx};
use jiff::SignedDuration;
use kernel::Currency;
use tracing::info;

use super::absorb_payout::say;
use super::payout_jobs::{PayOut, SendPayout};
use crate::App;
use crate::domain::Payout;
use crate::domain::ledger::Journal;
use crate::error::Error;
use crate::store::{ledger, payouts, sellers};

/// How long what came free counts towards the reserve: from one run to the next.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

impl JobHandler<PayOut> for App {
    type Output = ();
    type Error = Error;

    /// Only our own books have to be asked.
    async fn run(&self, _: &PayOut) -> Result<(), Error> {
        Ok(())
    }

    async fn complete(&self, job: PayOut, (): (), tx: &mut Tx) -> Result<(), Error> {
        let (vendor, now, currency) = (job.vendor_id, tx.now(), Currency::Inr);
        // From here on no credit takes away what is counted.
        sellers::lock(tx.conn(), &[vendor], currency).await?;
        if !sellers::is_approved(tx.conn(), vendor).await? {
            return Ok(());
        }
        let since = now.checked_sub(LATELY).unwrap_or(now);
        let (available, released) = sellers::available(tx.conn(), vendor, currency, since).await?;
        let Some(amount) = self.settings.payout_terms.due(available, released)? else {
            return Ok(());
        };
        let payout = Payout::of(vendor, job.run_on, amount, now);
        if !payouts::insert(tx.conn(), &payout).await? {
            return Ok(());
        }
        let id = payout.id;
        ledger::post(tx.conn(), None, &Journal::payout(id, vendor, amount)?, now).await?;
        tx.schedule(&SendPayout { payout_id: id, look_first: false, tries: 0 }, now).await?;
        say(tx, &payout);
        info!(payout.id = %id, vendor.id = %vendor, "payout {id} of {amount} is on its way");
        Ok(())
    }
}
