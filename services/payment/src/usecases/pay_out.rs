//! A seller is paid what is there for it: booked first, moved by a job.

use chassis::{JobHandler, Tx};
use contracts::payment::{PayoutPostponed, PostponedWhy};
use jiff::{SignedDuration, Timestamp};
use kernel::{Currency, Money};
use tracing::info;

use super::absorb_payout::say;
use super::payout_jobs::PayOut;
use super::second_look::{go, wait};
use crate::App;
use crate::domain::ledger::Journal;
use crate::domain::{Payout, PayoutStatus};
use crate::error::Error;
use crate::store::{ledger, payouts, sellers};

/// How long what came free counts towards the reserve: from one run to the next.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

impl JobHandler<PayOut> for App {
    type Output = ();

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
        let from = sellers::find_payable_from(tx.conn(), vendor, now).await?;
        let Some(from) = from else { return Ok(()) };
        if from > now {
            return postpone(tx, &job, from).await;
        }
        let terms = &self.settings.payout_terms;
        let available = sellers::available(tx.conn(), vendor, currency).await?;
        let released = if terms.reserve_bp == 0 {
            Money::zero(currency)
        } else {
            let since = now.checked_sub(LATELY).unwrap_or(now);
            sellers::released(tx.conn(), vendor, currency, since).await?
        };
        let Some(amount) = terms.due(available, released)? else {
            return Ok(());
        };
        let payout = Payout {
            status: terms.first_status(amount),
            begun_by: job.begun_by,
            ..Payout::of(vendor, job.run_on, amount, now)
        };
        if !payouts::insert(tx.conn(), &payout).await? {
            return Ok(());
        }
        let id = payout.id;
        ledger::post(tx.conn(), None, &Journal::payout(id, vendor, amount)?, now).await?;
        say(tx, &payout);
        info!(payout.id = %id, vendor.id = %vendor, "payout {id} of {amount} is booked");
        if payout.status == PayoutStatus::Waiting { wait(tx, id).await } else { go(tx, id).await }
    }
}

/// The account of a seller is new: it is paid as soon as it is old enough, what is there then.
async fn postpone(tx: &mut Tx, job: &PayOut, until: Timestamp) -> Result<(), Error> {
    let (vendor_id, at) = (job.vendor_id, tx.now());
    let available = sellers::available(tx.conn(), vendor_id, Currency::Inr).await?;
    let why = PostponedWhy::AccountChanged;
    tx.emit(&PayoutPostponed { vendor_id, available, why, until, at });
    Ok(tx.schedule(job, until).await?)
}
