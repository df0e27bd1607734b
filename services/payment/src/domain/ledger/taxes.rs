//! What is posted when taxes are paid to the state.

use kernel::{Money, MoneyError};

use super::{Account, Cause, Journal};
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
}

/// Where what is owed of a tax is booked.
const fn owed(kind: TaxKind) -> Account {
    match kind {
        TaxKind::Tcs => Account::TcsPayable,
        TaxKind::Tds => Account::TdsPayable,
        TaxKind::Gst => Account::OutputGst,
    }
}
