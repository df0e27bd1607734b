//! How what the buyer pays for one seller order is shared.

use std::collections::BTreeSet;

pub use contracts::payment::Share;
use kernel::Money;

use super::refused::Refused;

/// Whether `credit` can be taken back where `left` is left of a share.
pub fn check_credit(left: &Share, credit: &Share) -> Result<(), Refused> {
    check_one(credit)?;
    if credit.vendor_id != left.vendor_id {
        return Err(Refused::NotCreditable("it is another seller's"));
    }
    let fits = |of: fn(&Share) -> Money| {
        of(left).currency() == of(credit).currency() && of(credit).minor() <= of(left).minor()
    };
    let all = [
        fits(|share| share.gross),
        fits(|share| share.taxable),
        fits(|share| share.commission),
        fits(|share| share.commission_tax),
        fits(|share| share.tcs),
        fits(|share| share.tds),
        // Of tax collected at source that is not taken back any more, the seller bears as much.
        both_fit(left, credit)?,
    ];
    if all.into_iter().all(|fits| fits) {
        Ok(())
    } else {
        Err(Refused::NotCreditable("it is more than is left of the share"))
    }
}

/// Whether what the seller is owed and what is collected at source fit together.
fn both_fit(left: &Share, credit: &Share) -> Result<bool, Refused> {
    let both = |share: &Share| share.payable.add(share.tcs);
    let beyond = |_| Refused::NotCreditable("it cannot be counted");
    let (left, credit) = (both(left).map_err(beyond)?, both(credit).map_err(beyond)?);
    Ok(left.currency() == credit.currency() && credit.minor() <= left.minor())
}

fn check_one(share: &Share) -> Result<(), Refused> {
    let parts = [share.payable, share.commission, share.commission_tax, share.tcs, share.tds];
    if parts.into_iter().chain([share.gross, share.taxable]).any(Money::is_negative) {
        return Err(Refused::Unpayable("a share has a negative amount"));
    }
    match Money::sum(parts, share.gross.currency()) {
        Ok(whole) if whole == share.gross => Ok(()),
        Ok(_) => Err(Refused::Unpayable("the parts of a share are not the whole")),
        Err(_) => Err(Refused::Unpayable("a share cannot be counted")),
    }
}

/// Whether `shares` are all of `amount`, to the last unit.
pub fn check(amount: Money, shares: &[Share]) -> Result<(), Refused> {
    if amount.minor() <= 0 {
        return Err(Refused::Unpayable("the amount must be more than nothing"));
    }
    shares.iter().try_for_each(check_one)?;
    let orders: BTreeSet<_> = shares.iter().map(|share| share.seller_order_id).collect();
    if orders.len() != shares.len() {
        return Err(Refused::Unpayable("a seller order comes twice"));
    }
    match Money::sum(shares.iter().map(|share| share.gross), amount.currency()) {
        Ok(whole) if whole == amount => Ok(()),
        Ok(_) => Err(Refused::Unpayable("the shares do not add up to the amount")),
        Err(_) => Err(Refused::Unpayable("the shares cannot be counted")),
    }
}

#[cfg(test)]
pub mod samples {
    use kernel::{SellerOrderId, VendorId};

    use super::*;

    /// A share of these parts: payable, commission, tax on it, TCS, TDS.
    pub fn share(parts: [i64; 5]) -> Share {
        let [payable, commission, commission_tax, tcs, tds] = parts.map(Money::inr);
        Share {
            seller_order_id: SellerOrderId::new(),
            vendor_id: VendorId::new(),
            gross: Money::inr(parts.iter().sum()),
            taxable: Money::inr(0),
            commission,
            commission_tax,
            tcs,
            tds,
            payable,
            terms: None,
        }
    }
}

#[cfg(test)]
mod tests;
