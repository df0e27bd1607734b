//! The double-entry ledger's rules: which accounts there are, and what is posted when money moves.

use std::fmt;

use kernel::{Money, MoneyError, PaymentId, SellerOrderId, VendorId};
use strum::IntoStaticStr;

use super::share::Share;

/// An account. Its code is its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Account {
    /// What the provider holds for us.
    PspClearing,
    /// Cash that was taken at doors and is on its way.
    CodReceivable,
    /// What a seller is owed, but not yet.
    VendorPayablePending(VendorId),
    /// What the platform earned.
    CommissionIncome,
    /// Tax on what the platform earned.
    OutputGst,
    /// Tax collected at source.
    TcsPayable,
    /// Income tax deducted at source.
    TdsPayable,
    /// Money that is nobody's yet.
    Suspense,
}

/// What a seller is owed, but not yet.
pub const PENDING: &str = "vendor_payable_pending";
/// What a seller is owed now.
pub const AVAILABLE: &str = "vendor_payable_available";

impl Account {
    /// Whose it is, if it is a seller's.
    pub const fn vendor(self) -> Option<VendorId> {
        match self {
            Self::VendorPayablePending(vendor_id) => Some(vendor_id),
            Self::PspClearing
            | Self::CodReceivable
            | Self::CommissionIncome
            | Self::OutputGst
            | Self::TcsPayable
            | Self::TdsPayable
            | Self::Suspense => None,
        }
    }
}

/// One side of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    pub account: Account,
    /// For which seller order, if for one.
    pub seller_order_id: Option<SellerOrderId>,
    /// How much: debits are positive, credits negative.
    pub amount: Money,
}

/// What brought a journal about. Each brings about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The payment was captured.
    Capture(PaymentId),
    /// Cash was taken for the seller order.
    Cash(SellerOrderId),
    /// Money came, under this name of the provider's, that is nobody's yet.
    Suspense(String),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Capture(payment) => write!(f, "capture:{payment}"),
            Self::Cash(seller_order) => write!(f, "cod:{seller_order}"),
            Self::Suspense(provider_payment) => write!(f, "suspense:{provider_payment}"),
        }
    }
}

/// Postings that sum to zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    /// What brought it about.
    pub cause: Cause,
    /// Both sides; none is nothing.
    pub postings: Vec<Posting>,
}

impl Journal {
    /// The provider captured a payment.
    pub fn capture(payment: PaymentId, shares: &[Share]) -> Result<Self, MoneyError> {
        Self::sale(Cause::Capture(payment), Account::PspClearing, shares)
    }

    /// Cash was taken at the door for one seller order.
    pub fn cash(share: &Share) -> Result<Self, MoneyError> {
        let cause = Cause::Cash(share.seller_order_id);
        Self::sale(cause, Account::CodReceivable, std::slice::from_ref(share))
    }

    /// Money came that is nobody's yet.
    pub fn suspense(provider_payment_id: &str, received: Money) -> Result<Self, MoneyError> {
        let post = |account, amount| Posting { account, seller_order_id: None, amount };
        let postings =
            vec![post(Account::PspClearing, received), post(Account::Suspense, received.neg()?)];
        Ok(Self::of(Cause::Suspense(provider_payment_id.to_owned()), postings))
    }

    fn sale(cause: Cause, received_in: Account, shares: &[Share]) -> Result<Self, MoneyError> {
        let mut postings = Vec::with_capacity(shares.len() * 6);
        for share in shares {
            let mut post = |account, amount| {
                let seller_order_id = Some(share.seller_order_id);
                postings.push(Posting { account, seller_order_id, amount });
            };
            post(received_in, share.gross);
            post(Account::VendorPayablePending(share.vendor_id), share.payable.neg()?);
            post(Account::CommissionIncome, share.commission.neg()?);
            post(Account::OutputGst, share.commission_tax.neg()?);
            post(Account::TcsPayable, share.tcs.neg()?);
            post(Account::TdsPayable, share.tds.neg()?);
        }
        Ok(Self::of(cause, postings))
    }

    fn of(cause: Cause, mut postings: Vec<Posting>) -> Self {
        postings.retain(|posting| !posting.amount.is_zero());
        Self { cause, postings }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::share::samples::share;

    fn sum(journal: &Journal) -> i128 {
        journal.postings.iter().map(|posting| i128::from(posting.amount.minor())).sum()
    }

    fn total(journal: &Journal, account: Account) -> i64 {
        let on = journal.postings.iter().filter(|posting| posting.account == account);
        on.map(|posting| posting.amount.minor()).sum()
    }

    #[test]
    fn a_capture_of_two_sellers_is_posted_as_the_worked_example_says() {
        // The worked example with each seller's delivery share inside what the seller is owed.
        let one = share([92_178 + 2_747, 10_512, 1_892, 450, 90]);
        let two = share([109_157 + 3_253, 12_448, 2_241, 527, 105]);
        let journal = Journal::capture(PaymentId::new(), &[one, two]).unwrap();
        assert_eq!(sum(&journal), 0);
        assert_eq!(total(&journal, Account::PspClearing), 235_600);
        assert_eq!(total(&journal, Account::VendorPayablePending(one.vendor_id)), -94_925);
        assert_eq!(total(&journal, Account::VendorPayablePending(two.vendor_id)), -112_410);
        assert_eq!(total(&journal, Account::CommissionIncome), -22_960);
        assert_eq!(total(&journal, Account::OutputGst), -4_133);
        assert_eq!(total(&journal, Account::TcsPayable), -977);
        assert_eq!(total(&journal, Account::TdsPayable), -195);
    }

    #[test]
    fn cash_is_owed_by_the_courier_until_it_arrives() {
        let one = share([100, 10, 2, 0, 1]);
        let journal = Journal::cash(&one).unwrap();
        assert_eq!(total(&journal, Account::CodReceivable), 113);
        assert_eq!(journal.postings.len(), 5, "nothing is not posted");
        assert_eq!(journal.cause.to_string(), format!("cod:{}", one.seller_order_id));
    }

    proptest! {
        #[test]
        fn any_shares_sum_to_zero(
            shares in proptest::collection::vec(proptest::array::uniform5(0_i64..1_000_000_000_000), 0..20)
        ) {
            let shares: Vec<_> = shares.into_iter().map(share).collect();
            prop_assert_eq!(sum(&Journal::capture(PaymentId::new(), &shares).unwrap()), 0);
            for share in &shares {
                prop_assert_eq!(sum(&Journal::cash(share).unwrap()), 0);
                prop_assert_eq!(sum(&Journal::suspense("pay_1", share.gross).unwrap()), 0);
            }
        }
    }
}
