//! The double-entry ledger's rules: which accounts there are, and what is posted when money moves.

use std::fmt;

use kernel::{CreditId, Money, MoneyError, PaymentId, RefundId, SellerOrderId, VendorId};
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
    /// What a seller is owed now.
    VendorPayableAvailable(VendorId),
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
    /// What buyers get back.
    RefundsPayable,
    /// Our own account at a bank.
    Bank,
    /// Income tax that was deposited for a sale that is taken back: it counts for the seller's next sales.
    TdsAdjustable(VendorId),
}

/// What a seller is owed, but not yet.
pub const PENDING: &str = "vendor_payable_pending";
/// What a seller is owed now.
pub const AVAILABLE: &str = "vendor_payable_available";

impl Account {
    /// Whose it is, if it is a seller's.
    pub const fn vendor(self) -> Option<VendorId> {
        match self {
            Self::VendorPayablePending(vendor_id)
            | Self::VendorPayableAvailable(vendor_id)
            | Self::TdsAdjustable(vendor_id) => Some(vendor_id),
            Self::PspClearing
            | Self::CodReceivable
            | Self::CommissionIncome
            | Self::OutputGst
            | Self::TcsPayable
            | Self::TdsPayable
            | Self::Suspense
            | Self::RefundsPayable
            | Self::Bank => None,
        }
    }

    /// What kind of account it is.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::PspClearing | Self::CodReceivable | Self::Bank | Self::TdsAdjustable(_) => {
                "asset"
            }
            Self::VendorPayablePending(_)
            | Self::VendorPayableAvailable(_)
            | Self::OutputGst
            | Self::TcsPayable
            | Self::TdsPayable
            | Self::Suspense
            | Self::RefundsPayable => "liability",
            Self::CommissionIncome => "income",
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
    /// That money goes back.
    Unclaimed(String),
    /// Something that was sold is taken back.
    Credit(CreditId),
    /// What a seller is owed for the seller order is free.
    Release(SellerOrderId),
    /// The provider accepted this attempt at a refund.
    RefundOut(RefundId, i32),
    /// An attempt that was accepted failed.
    RefundBack(RefundId, i32),
    /// A person gave the money back.
    RefundByHand(RefundId),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Capture(payment) => write!(f, "capture:{payment}"),
            Self::Cash(seller_order) => write!(f, "cod:{seller_order}"),
            Self::Suspense(provider_payment) => write!(f, "suspense:{provider_payment}"),
            Self::Unclaimed(provider_payment) => write!(f, "unclaimed:{provider_payment}"),
            Self::Credit(credit) => write!(f, "credit:{credit}"),
            Self::Release(seller_order) => write!(f, "release:{seller_order}"),
            Self::RefundOut(refund, attempt) => write!(f, "refund_out:{refund}:{attempt}"),
            Self::RefundBack(refund, attempt) => write!(f, "refund_back:{refund}:{attempt}"),
            Self::RefundByHand(refund) => write!(f, "refund_hand:{refund}"),
        }
    }
}

/// What happened to a sale before it was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Since {
    /// The month of the sale is over, and the income tax of it with the state.
    pub tax_is_deposited: bool,
    /// What the seller is owed for it is free.
    pub is_released: bool,
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
        let cause = Cause::Suspense(provider_payment_id.to_owned());
        Self::moved(cause, Account::PspClearing, Account::Suspense, received)
    }

    /// Money that is nobody's is owed to whoever paid it.
    pub fn unclaimed(provider_payment_id: &str, received: Money) -> Result<Self, MoneyError> {
        let cause = Cause::Unclaimed(provider_payment_id.to_owned());
        Self::moved(cause, Account::Suspense, Account::RefundsPayable, received)
    }

    /// The provider accepted to give `amount` back.
    pub fn refund_out(refund: RefundId, attempt: i32, amount: Money) -> Result<Self, MoneyError> {
        let cause = Cause::RefundOut(refund, attempt);
        Self::moved(cause, Account::RefundsPayable, Account::PspClearing, amount)
    }

    /// What the provider had accepted to give back is with the provider again.
    pub fn refund_back(refund: RefundId, attempt: i32, amount: Money) -> Result<Self, MoneyError> {
        let cause = Cause::RefundBack(refund, attempt);
        Self::moved(cause, Account::PspClearing, Account::RefundsPayable, amount)
    }

    /// A person gave `amount` back from our own account.
    pub fn refund_by_hand(refund: RefundId, amount: Money) -> Result<Self, MoneyError> {
        Self::moved(Cause::RefundByHand(refund), Account::RefundsPayable, Account::Bank, amount)
    }

    /// Something that was sold and paid for is taken back: what everybody got of it is the buyer's again. Income tax
    /// is deposited once the month of the sale is over, and then counts for the seller's next sales.
    pub fn credit(credit: CreditId, share: &Share, since: Since) -> Result<Self, MoneyError> {
        let tds = if since.tax_is_deposited {
            Account::TdsAdjustable(share.vendor_id)
        } else {
            Account::TdsPayable
        };
        let owed = if since.is_released {
            Account::VendorPayableAvailable(share.vendor_id)
        } else {
            Account::VendorPayablePending(share.vendor_id)
        };
        let post = |account, amount| {
            let seller_order_id = Some(share.seller_order_id);
            Posting { account, seller_order_id, amount }
        };
        let postings = vec![
            post(owed, share.payable),
            post(Account::CommissionIncome, share.commission),
            post(Account::OutputGst, share.commission_tax),
            post(Account::TcsPayable, share.tcs),
            post(tds, share.tds),
            post(Account::RefundsPayable, share.gross.neg()?),
        ];
        Ok(Self::of(Cause::Credit(credit), postings))
    }

    /// What is left of a share is its seller's to have.
    pub fn release(share: &Share) -> Result<Self, MoneyError> {
        let post = |account, amount| {
            let seller_order_id = Some(share.seller_order_id);
            Posting { account, seller_order_id, amount }
        };
        let postings = vec![
            post(Account::VendorPayablePending(share.vendor_id), share.payable),
            post(Account::VendorPayableAvailable(share.vendor_id), share.payable.neg()?),
        ];
        Ok(Self::of(Cause::Release(share.seller_order_id), postings))
    }

    fn moved(
        cause: Cause,
        debit: Account,
        credit: Account,
        amount: Money,
    ) -> Result<Self, MoneyError> {
        let post = |account, amount| Posting { account, seller_order_id: None, amount };
        Ok(Self::of(cause, vec![post(debit, amount), post(credit, amount.neg()?)]))
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

    #[test]
    fn a_credit_takes_back_what_the_capture_gave() {
        let one = share([43_757, 4_990, 899, 212, 42]);
        let vendor = one.vendor_id;
        let late = Since { tax_is_deposited: true, is_released: true };
        for (since, owed, tds) in [
            (Since::default(), Account::VendorPayablePending(vendor), Account::TdsPayable),
            (late, Account::VendorPayableAvailable(vendor), Account::TdsAdjustable(vendor)),
        ] {
            let journal = Journal::credit(CreditId::new(), &one, since).unwrap();
            assert_eq!(sum(&journal), 0);
            assert_eq!(total(&journal, Account::RefundsPayable), -49_900);
            assert_eq!(total(&journal, owed), 43_757);
            assert_eq!(total(&journal, tds), 42);
        }
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
                let credit = Journal::credit(CreditId::new(), share, Since::default());
                prop_assert_eq!(sum(&credit.unwrap()), 0);
                prop_assert_eq!(sum(&Journal::release(share).unwrap()), 0);
            }
        }
    }
}
