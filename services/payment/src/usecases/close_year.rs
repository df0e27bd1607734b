//! On the first of April sellers are charged what is left of the income tax that was deposited for sales that were taken
//! back: no sale of the year is left that it could count for here, and they have it as a credit at the tax office.

use std::time::Duration;

use chassis::{Job, JobHandler, Timer, TimerHandler, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::VendorId;
use serde::{Deserialize, Serialize};
use tracing::info;

use crate::App;
use crate::domain::calendar;
use crate::domain::ledger::Journal;
use crate::error::Error;
use crate::store::{closings, ledger, sellers, tax_years};

/// A financial year is over.
pub enum YearEnd {}

impl Timer for YearEnd {
    const NAME: &'static str = "payment.year_end";
    const EVERY: Duration = Duration::from_secs(30);
    // It adds up what is posted, and decides nothing over what others say.
    const WAITS_FOR_NEWS: bool = false;
}

/// Charge one seller what is left of a year.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChargeYear {
    pub vendor_id: VendorId,
    /// The first day of the year.
    pub year: Date,
}

impl Job for ChargeYear {
    const KIND: &'static str = "charge_year";
}

impl TimerHandler<YearEnd> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let next = match tax_years::last(tx.conn()).await? {
            Some(last) => calendar::next_year(last),
            None => match closings::first_posted_at(tx.conn()).await? {
                Some(first) => calendar::financial_year(calendar::date(first)),
                None => return Ok(0),
            },
        };
        if next > calendar::last_closed_year(now) || !tax_years::begin(tx.conn(), next, now).await?
        {
            return Ok(0);
        }
        let left = tax_years::list_left(tx.conn(), bounds(next), None).await?;
        // One seller each: what keeps one from being charged keeps no other.
        let jobs = left.iter().map(|&(vendor_id, _)| ChargeYear { vendor_id, year: next });
        let jobs: Vec<_> = jobs.collect();
        tx.schedule_all(&jobs, now).await?;
        let sellers = jobs.len();
        info!(sellers, "the year from {next} is closed: {sellers} sellers have income tax left");
        Ok(1)
    }
}

impl JobHandler<ChargeYear> for App {
    type Output = ();

    /// Only our own books have to be asked.
    async fn run(&self, _: &ChargeYear) -> Result<(), Error> {
        Ok(())
    }

    async fn complete(&self, job: ChargeYear, (): (), tx: &mut Tx) -> Result<(), Error> {
        let (vendor, year, now) = (job.vendor_id, job.year, tx.now());
        for (_, left) in tax_years::list_left(tx.conn(), bounds(year), Some(vendor)).await? {
            // Takes turns with payouts and credits.
            sellers::lock(tx.conn(), &[vendor], left.currency()).await?;
            if !tax_years::insert_charge(tx.conn(), year, vendor, left, now).await? {
                continue;
            }
            ledger::post(tx.conn(), None, &Journal::tax_year(vendor, year, left)?, now).await?;
            info!(vendor.id = %vendor, "{left} of income tax of the year from {year} are charged");
        }
        Ok(())
    }
}

fn bounds(year: Date) -> (Timestamp, Timestamp) {
    (calendar::start(year), calendar::start(calendar::next_year(year)))
}
