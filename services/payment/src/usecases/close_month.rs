//! On the first of a month it is said of every seller what the platform charged in the month before.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use contracts::payment::{CommissionClosed, CommissionTotals};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::Money;
use tracing::info;

use crate::App;
use crate::domain::calendar;
use crate::error::Error;
use crate::store::closings::{self, Closing};

/// A month is over.
pub enum MonthEnd {}

impl Timer for MonthEnd {
    const NAME: &'static str = "payment.month_end";
    const EVERY: Duration = Duration::from_secs(30);
    // It adds up what is posted, and decides nothing over what others say.
    const WAITS_FOR_NEWS: bool = false;
}

impl TimerHandler<MonthEnd> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let last = closings::last(tx.conn()).await?;
        let Some(next) = next_to_close(tx, last).await? else { return Ok(0) };
        if next > calendar::last_closed_month(now) || !closings::begin(tx.conn(), next, now).await?
        {
            return Ok(0);
        }
        let (start, end) = (calendar::start(next), calendar::start(calendar::next_month(next)));
        let all = closings::add_up(tx.conn(), next, start, end).await?;
        for closing in &all {
            tx.emit(&closed(next, closing, now));
        }
        let sellers = all.len();
        info!(sellers, "{next} is closed: {sellers} sellers were charged");
        Ok(1)
    }
}

/// The month to be closed after `last`: at first the one in which something was posted first, if anything was.
pub async fn next_to_close(tx: &mut Tx, last: Option<Date>) -> Result<Option<Date>, Error> {
    if let Some(last) = last {
        return Ok(Some(calendar::next_month(last)));
    }
    let first = closings::first_posted_at(tx.conn()).await?;
    Ok(first.map(|first| calendar::date(first).first_of_month()))
}

fn closed(month: Date, closing: &Closing, closed_at: Timestamp) -> CommissionClosed {
    let totals = |(commission, tax)| CommissionTotals {
        commission: Money::new(commission, closing.currency),
        tax: Money::new(tax, closing.currency),
    };
    CommissionClosed {
        vendor_id: closing.vendor_id,
        month,
        charged: totals(closing.charged),
        taken_back: totals(closing.taken_back),
        taken_back_of_before: totals(closing.taken_back_of_before),
        closed_at,
    }
}
