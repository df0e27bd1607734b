//! Income tax that was deposited for sales that were taken back counts for the seller's next sales of the year.

use std::collections::HashMap;

use chassis::Tx;
use kernel::{Money, VendorId};

use crate::domain::ledger::Journal;
use crate::domain::{Share, calendar};
use crate::error::Error;
use crate::store::sellers;

/// The journals that set off what is withheld on `shares`, to be posted behind the sale. Called before anything is
/// posted in this transaction, for it may have to wait for other sales of the same sellers.
pub async fn set_offs(tx: &mut Tx, shares: &[Share]) -> Result<Vec<Journal>, Error> {
    let withheld: Vec<&Share> = shares.iter().filter(|share| !share.tds.is_zero()).collect();
    let Some(currency) = withheld.first().map(|share| share.tds.currency()) else {
        return Ok(Vec::new());
    };
    let vendors: Vec<VendorId> = withheld.iter().map(|share| share.vendor_id).collect();
    let year = calendar::start(calendar::financial_year(calendar::date(tx.now())));
    // Hardly any seller has some: the others' sales do not wait for each other.
    let some = sellers::list_adjustable(tx.conn(), &vendors, currency, year).await?;
    if some.is_empty() {
        return Ok(Vec::new());
    }
    let vendors: Vec<VendorId> = some.iter().map(|(vendor, _)| *vendor).collect();
    sellers::lock(tx.conn(), &vendors, currency).await?;
    let left = sellers::list_adjustable(tx.conn(), &vendors, currency, year).await?;
    let mut left: HashMap<VendorId, Money> = left.into_iter().collect();
    let mut journals = Vec::new();
    for share in withheld {
        let Some(there) = left.get_mut(&share.vendor_id) else { continue };
        let amount = if there.minor() < share.tds.minor() { *there } else { share.tds };
        *there = there.sub(amount)?;
        journals.push(Journal::set_off(share, amount)?);
    }
    Ok(journals)
}
