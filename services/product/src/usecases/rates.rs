//! Staff keeps which rates goods may bear, and sellers are told before one ends.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use contracts::product::RateEnding;
use kernel::{Sku, UserId};

use crate::App;
use crate::domain::hsn_rates::{HsnPrefix, Rule};
use crate::error::Error;
use crate::store::examinations;
use crate::store::hsn_rates::{self, Ending};

/// So many days before a rate ends sellers are told.
pub const NOTICE_DAYS: i32 = 7;
/// So many SKUs are named.
pub const NAMED: i32 = 20;

/// Keeps what goods of a prefix may bear, instead of what was kept before. Without any rate nothing is kept.
pub async fn keep(tx: &mut Tx, prefix: &HsnPrefix, rule: &Rule, who: UserId) -> Result<(), Error> {
    rule.check().map_err(Error::Flawed)?;
    let now = tx.now();
    hsn_rates::delete(tx.conn(), prefix).await?;
    match rule {
        Rule::Rates(rates) => {
            for rate in rates {
                hsn_rates::insert_rate(tx.conn(), prefix, rate, who, now).await?;
            }
        }
        Rule::NotSold(reason) => {
            hsn_rates::insert_not_sold(tx.conn(), prefix, reason.as_str(), who, now).await?;
        }
    }
    examinations::schedule(tx.conn(), prefix, now).await?;
    let prefix = prefix.as_str().to_owned();
    tx.after_commit(move || {
        tracing::info!(staff.id = %who, prefix, "the rates of HSN {prefix} are kept anew");
    });
    Ok(())
}

/// A rate of tax ends within a week.
pub enum RatesEnding {}

impl Timer for RatesEnding {
    const NAME: &'static str = "product.rates_ending";
    const EVERY: Duration = Duration::from_mins(15);
}

impl TimerHandler<RatesEnding> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        // The shelf is looked through only in the weeks in which there is a reason to.
        if !hsn_rates::is_change_near(tx.conn(), now, NOTICE_DAYS).await? {
            return Ok(0);
        }
        let mut told = 0;
        for ending in hsn_rates::list_ending(tx.conn(), now, NOTICE_DAYS, NAMED).await? {
            told += usize::from(tell(tx, &ending).await?);
        }
        Ok(told)
    }
}

/// Tells a seller that a rate ends, or has ended. False when it was told before.
pub async fn tell(tx: &mut Tx, ending: &Ending) -> Result<bool, Error> {
    let now = tx.now();
    if !hsn_rates::tell(tx.conn(), ending, now).await? {
        return Ok(false);
    }
    tx.emit(&RateEnding {
        vendor_id: ending.vendor_id,
        rate_bp: ending.rate_bp,
        last_day: ending.last_day,
        products: u32::try_from(ending.products).unwrap_or(u32::MAX),
        skus: ending.skus.iter().filter_map(|sku| Sku::parse(sku).ok()).collect(),
        at: now,
    });
    Ok(true)
}
