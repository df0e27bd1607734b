//! What is posted when taxes are paid to the state.

use kernel::{CreditId, Money, MoneyError};

use super::{Account, Cause, Journal, Posting};
use crate::domain::share::Share;
use crate::domain::tax::TaxKind;
use crate::domain::tax_period::TaxMonth;

impl Journal {
    /// `amount` of what is owed to the state for a month left our bank, under this number of the challan.
    pub fn deposit(
        kind: TaxKind,
        month: TaxMonth,
        reference: &str,
        amount: Money,
    ) -> Result<Self, MoneyError> {
        let cause = Cause::Deposit(kind, month, reference.to_owned());
        Self::moved(cause, owed(kind), Account::Bank, amount)
    }

    /// The income tax of what is taken back of a sale whose financial year is over counts for the seller at the tax office
    /// and for no sale here any more, so the seller bears it.
    pub fn late_tax(credit: CreditId, back: &Share) -> Result<Self, MoneyError> {
        let seller_order_id = Some(back.seller_order_id);
        let post = |account, amount| Posting { account, seller_order_id, amount };
        let postings = vec![
            post(Account::VendorPayableAvailable(back.vendor_id), back.tds),
            post(Account::TdsAdjustable(back.vendor_id), back.tds.neg()?),
        ];
        Ok(Self::of(Cause::LateTax(credit), postings))
    }
}

/// Where what is owed of a tax is booked.
const fn owed(kind: TaxKind) -> Account {
    match kind {
        TaxKind::Tcs => Account::TcsPayable,
        TaxKind::Tds => Account::TdsPayable,
        TaxKind::Gst => Account::OutputGst,
    }
}
