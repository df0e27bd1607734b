//! A rule of HSN codes began, ended or changed: what is on the shelf against it leaves the shelf, and its seller is told.

use std::collections::BTreeMap;

use chassis::{Timer, TimerHandler, Tx};
use contracts::product::ProductsBarred;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::{VendorId, india};
use uuid::Uuid;

use super::rates::{NAMED, tell};
use super::withdraw::{Why, take_off};
use crate::App;
use crate::domain::product::Product;
use crate::error::Error;
use crate::store::examinations;
use crate::store::hsn_rates::Ending;

/// So many products are looked at in one transaction: it has twenty seconds, and all of them may have to leave.
const PAGE: usize = 200;

/// A part of the shelf is to be gone through.
pub enum RulesChanged {}

impl Timer for RulesChanged {
    const NAME: &'static str = "product.rules_changed";
}

impl TimerHandler<RulesChanged> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let Some(due) = examinations::lock_due(tx.conn(), now).await? else { return Ok(0) };
        let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let page = examinations::page(tx.conn(), &due, now, most).await?;
        match page.last() {
            Some(last) if page.len() == PAGE => {
                examinations::go_on(tx.conn(), &due, last.id).await?;
            }
            Some(_) | None => examinations::finish(tx.conn(), &due).await?,
        }
        let wrong: Vec<Uuid> = page.iter().filter(|p| !p.is_right).map(|p| p.id).collect();
        let gone = take_off(&wrong, tx).await?;
        tell_sellers(tx, &gone).await?;
        tell_of_barred(tx, &gone);
        // One page, also when nothing of it was wrong: what a run did that returns 0 is not kept.
        Ok(1)
    }
}

/// Sellers hear of their rates in one mail each. What is not sold here at all no other rate will help.
async fn tell_sellers(tx: &mut Tx, gone: &[(Product, Why)]) -> Result<(), Error> {
    let last_day = yesterday(tx.now());
    let mut endings: BTreeMap<(VendorId, u32), Ending> = BTreeMap::new();
    for (product, _) in gone.iter().filter(|(_, why)| *why == Why::Rate) {
        let (vendor_id, rate_bp) = (product.vendor_id, product.content.gst_rate_bp);
        let none = || Ending { vendor_id, rate_bp, last_day, products: 0, skus: Vec::new() };
        let ending = endings.entry((vendor_id, rate_bp)).or_insert_with(none);
        ending.products += 1;
        ending.skus.extend(product.variants.iter().map(|variant| variant.sku.as_str().to_owned()));
    }
    for mut ending in endings.into_values() {
        ending.skus.truncate(usize::try_from(NAMED).unwrap_or(0));
        tell(tx, &ending).await?;
    }
    Ok(())
}

/// Sellers hear of what is not sold here any more, in one mail each.
fn tell_of_barred(tx: &mut Tx, gone: &[(Product, Why)]) {
    let (at, most) = (tx.now(), usize::try_from(NAMED).unwrap_or(0));
    let mut barred: BTreeMap<VendorId, ProductsBarred> = BTreeMap::new();
    for (product, _) in gone.iter().filter(|(_, why)| *why == Why::Code) {
        let vendor_id = product.vendor_id;
        let none = || ProductsBarred { vendor_id, products: 0, skus: Vec::new(), at };
        let said = barred.entry(vendor_id).or_insert_with(none);
        said.products += 1;
        let skus = product.variants.iter().map(|variant| variant.sku.clone());
        said.skus.extend(skus.take(most.saturating_sub(said.skus.len())));
    }
    for said in barred.values() {
        tx.emit(said);
    }
}

/// The last day on which what leaves the shelf now could be sold, by the calendar of India.
fn yesterday(now: Timestamp) -> Date {
    india::day(now - SignedDuration::from_hours(24))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::yesterday;

    #[test]
    fn a_day_ends_at_midnight_in_india() {
        let day = |at: &str| yesterday(at.parse().expect("a moment"));
        assert_eq!(day("2026-11-22T18:29:59Z"), date(2026, 11, 21));
        assert_eq!(day("2026-11-22T18:30:00Z"), date(2026, 11, 22));
    }
}
