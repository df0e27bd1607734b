//! On the first of a month it is kept what the month before comes to for the tax offices.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use tracing::info;

use super::close_month::next_to_close;
use crate::App;
use crate::domain::calendar;
use crate::error::Error;
use crate::store::tax_closings::{self, Bounds};

/// A month of taxes is over.
pub enum TaxMonthEnd {}

impl Timer for TaxMonthEnd {
    const NAME: &'static str = "payment.tax_month_end";
    const EVERY: Duration = Duration::from_secs(30);
    // It adds up what is posted, and decides nothing over what others say.
    const WAITS_FOR_NEWS: bool = false;
}

impl TimerHandler<TaxMonthEnd> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let last = tax_closings::last(tx.conn()).await?;
        let Some(month) = next_to_close(tx, last).await? else { return Ok(0) };
        let is_over = month <= calendar::last_closed_month(now);
        if !is_over || !tax_closings::begin(tx.conn(), month, now).await? {
            return Ok(0);
        }
        let bounds = Bounds {
            month,
            previous: calendar::previous_month(month),
            start: calendar::start(month),
            end: calendar::start(calendar::next_month(month)),
        };
        tax_closings::add_up_tcs(tx.conn(), bounds).await?;
        tax_closings::add_up_tds(tx.conn(), bounds).await?;
        tax_closings::add_up_gst(tx.conn(), bounds).await?;
        info!("the taxes of {month} are closed");
        Ok(1)
    }
}
