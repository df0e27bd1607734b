//! What is posted when money is lost.

use kernel::{Money, MoneyError, VendorId, WriteOffId};

use super::{Account, Cause, Journal};

impl Journal {
    /// `amount` of what a seller owes is lost, and owed no more.
    pub fn write_off(id: WriteOffId, vendor: VendorId, amount: Money) -> Result<Self, MoneyError> {
        let owed = Account::VendorPayableAvailable(vendor);
        Self::moved(Cause::WriteOff(id), Account::WriteOff, owed, amount)
    }
}
