//! The double-entry ledger's rules: which accounts there are, and what is posted when money moves.

mod account;
mod at_provider;
mod lost;
mod taxes;

use std::fmt;

use jiff::civil::Date;
use kernel::{
    CreditId, Currency, DisputeId, ExplanationId, Money, MoneyError, PaymentId, PayoutId, RefundId,
    SellerOrderId, VendorId, WriteOffId,
};

pub use account::{AVAILABLE, Account, PENDING, TDS_ADJUSTABLE};

use super::share::Share;
use super::tax::TaxKind;
use super::tax_period::TaxMonth;

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
    /// A person took money that came, under this name of the provider's, for what was asked for.
    Accept(String),
    /// The platform gives money of its own.
    Goodwill(RefundId),
    /// Somebody gave money back on the provider's own pages, under this name.
    Foreign(String),
    /// That came to nothing.
    ForeignBack(String),
    /// Something that was sold is taken back, and that money was for it.
    Adopt(String),
    /// Nobody knows what that money was for.
    Dismiss(String),
    /// A bank asks money back.
    Dispute(DisputeId),
    /// It stays with us.
    DisputeWon(DisputeId),
    /// It is gone, and we bear it or some of it.
    DisputeLost(DisputeId),
    /// What a bank took pays this refund.
    DisputePaid(RefundId),
    /// All of the order was taken back, and we bear what of it the sellers did not.
    DisputeRest(DisputeId),
    /// A seller is paid.
    Payout(PayoutId),
    PayoutBack(PayoutId),
    /// Income tax that was deposited for sales that were taken back counts for the sale of the seller order.
    SetOff(SellerOrderId),
    /// What is left of it at the end of the financial year that began on this day is the seller's to have from the tax
    /// office.
    TaxYear(VendorId, Date),
    /// Income tax of a sale that is taken back when its financial year is over is the seller's to have from the tax office.
    LateTax(CreditId),
    /// The provider settled to our bank, under this name of its own.
    Settlement(String, Currency),
    /// Staff say what lies between the provider and our books.
    Explained(ExplanationId),
    /// What a seller owed is lost.
    WriteOff(WriteOffId),
    /// Cash arrived at our bank, under this number of the bank's.
    Remittance(String),
    /// What is owed to the state for a month was paid, under this number of the challan.
    Deposit(TaxKind, TaxMonth, String),
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
            Self::Accept(provider_payment) => write!(f, "accept:{provider_payment}"),
            Self::Goodwill(refund) => write!(f, "goodwill:{refund}"),
            Self::Foreign(provider_refund) => write!(f, "foreign:{provider_refund}"),
            Self::ForeignBack(provider_refund) => write!(f, "foreign_back:{provider_refund}"),
            Self::Adopt(provider_refund) => write!(f, "adopt:{provider_refund}"),
            Self::Dismiss(provider_refund) => write!(f, "dismiss:{provider_refund}"),
            Self::Dispute(dispute) => write!(f, "dispute:{dispute}"),
            Self::DisputeWon(dispute) => write!(f, "dispute_won:{dispute}"),
            Self::DisputeLost(dispute) => write!(f, "dispute_lost:{dispute}"),
            Self::DisputePaid(refund) => write!(f, "dispute_paid:{refund}"),
            Self::DisputeRest(dispute) => write!(f, "dispute_rest:{dispute}"),
            Self::Payout(payout) => write!(f, "payout:{payout}"),
            Self::PayoutBack(payout) => write!(f, "payout_back:{payout}"),
            // It settles in rupees, but for what came otherwise.
            Self::Settlement(id, Currency::Inr) => write!(f, "settlement:{id}"),
            Self::Settlement(id, other) => write!(f, "settlement:{id}:{other}"),
            Self::Explained(explanation) => write!(f, "explained:{explanation}"),
            Self::WriteOff(write_off) => write!(f, "write_off:{write_off}"),
            Self::Remittance(reference) => write!(f, "remit:{reference}"),
            Self::SetOff(seller_order) => write!(f, "tds_set_off:{seller_order}"),
            Self::TaxYear(vendor, year) => write!(f, "tds_year:{vendor}:{}", year.year()),
            Self::LateTax(credit) => write!(f, "tds_late:{credit}"),
            Self::Deposit(kind, month, reference) => {
                write!(f, "{}:{month}:{reference}", kind.into_str())
            }
        }
    }
}

/// What happened to a sale before it was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Since {
    /// How much of the income tax that is taken back is with the state, if any is: all of it once the month of the sale is
    /// over, and before that what was set off.
    pub tds_deposited: Option<Money>,
    /// The financial year of the sale is over, so that this counts for no later sale.
    pub year_is_over: bool,
    /// What the seller is owed for it is free.
    pub is_released: bool,
    /// The buyer's bank took the money, so that nothing is owed to the buyer.
    pub is_disputed: bool,
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
    /// that is with the state counts for the seller's next sales.
    pub fn credit(credit: CreditId, share: &Share, since: Since) -> Result<Self, MoneyError> {
        let deposited = since.tds_deposited.unwrap_or(Money::zero(share.tds.currency()));
        let owed = if since.is_released {
            Account::VendorPayableAvailable(share.vendor_id)
        } else {
            Account::VendorPayablePending(share.vendor_id)
        };
        let to = if since.is_disputed { Account::DisputeHold } else { Account::RefundsPayable };
        let post = |account, amount| {
            let seller_order_id = Some(share.seller_order_id);
            Posting { account, seller_order_id, amount }
        };
        let postings = vec![
            post(owed, share.payable),
            post(Account::CommissionIncome, share.commission),
            post(Account::OutputGst, share.commission_tax),
            post(Account::TcsPayable, share.tcs),
            post(Account::TdsPayable, share.tds.sub(deposited)?),
            post(Account::TdsAdjustable(share.vendor_id), deposited),
            post(to, share.gross.neg()?),
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

    /// Money that was nobody's pays for what was asked for. What is more than that is owed to whoever paid it.
    pub fn accept(
        provider_payment_id: &str,
        received: Money,
        excess: Money,
        shares: &[Share],
    ) -> Result<Self, MoneyError> {
        let cause = Cause::Accept(provider_payment_id.to_owned());
        let mut sale = Self::sale(cause, Account::Suspense, shares)?;
        sale.postings.retain(|posting| posting.account != Account::Suspense);
        let post = |account, amount| Posting { account, seller_order_id: None, amount };
        sale.postings.insert(0, post(Account::Suspense, received));
        sale.postings.push(post(Account::RefundsPayable, excess.neg()?));
        Ok(Self::of(sale.cause, sale.postings))
    }

    /// The platform owes a buyer `amount` of its own.
    pub fn goodwill(refund: RefundId, amount: Money) -> Result<Self, MoneyError> {
        Self::moved(Cause::Goodwill(refund), Account::Goodwill, Account::RefundsPayable, amount)
    }

    /// Somebody gave `amount` back on the provider's own pages: for what, a person has to find out.
    pub fn foreign(provider_refund_id: &str, amount: Money) -> Result<Self, MoneyError> {
        let cause = Cause::Foreign(provider_refund_id.to_owned());
        Self::moved(cause, Account::Suspense, Account::PspClearing, amount)
    }

    /// What somebody gave back is with the provider again.
    pub fn foreign_back(provider_refund_id: &str, amount: Money) -> Result<Self, MoneyError> {
        let cause = Cause::ForeignBack(provider_refund_id.to_owned());
        Self::moved(cause, Account::PspClearing, Account::Suspense, amount)
    }

    /// What somebody gave back was for something that is taken back.
    pub fn adopt(provider_refund_id: &str, amount: Money) -> Result<Self, MoneyError> {
        let cause = Cause::Adopt(provider_refund_id.to_owned());
        Self::moved(cause, Account::RefundsPayable, Account::Suspense, amount)
    }

    /// A bank asks `amount` back, and has it meanwhile.
    pub fn dispute(dispute: DisputeId, amount: Money) -> Result<Self, MoneyError> {
        Self::moved(Cause::Dispute(dispute), Account::DisputeHold, Account::PspClearing, amount)
    }

    /// What a bank asked back is with us again.
    pub fn dispute_won(dispute: DisputeId, amount: Money) -> Result<Self, MoneyError> {
        Self::moved(Cause::DisputeWon(dispute), Account::PspClearing, Account::DisputeHold, amount)
    }

    /// We bear `amount` of what a bank took.
    pub fn dispute_lost(dispute: DisputeId, amount: Money) -> Result<Self, MoneyError> {
        let cause = Cause::DisputeLost(dispute);
        Self::moved(cause, Account::ChargebackLoss, Account::DisputeHold, amount)
    }

    /// `amount` of what a seller is owed leaves our bank for it.
    pub fn payout(payout: PayoutId, vendor: VendorId, amount: Money) -> Result<Self, MoneyError> {
        let owed = Account::VendorPayableAvailable(vendor);
        Self::moved(Cause::Payout(payout), owed, Account::Bank, amount)
    }

    /// What left for a seller is with us again, and owed.
    pub fn payout_back(
        payout: PayoutId,
        vendor: VendorId,
        amount: Money,
    ) -> Result<Self, MoneyError> {
        let owed = Account::VendorPayableAvailable(vendor);
        Self::moved(Cause::PayoutBack(payout), Account::Bank, owed, amount)
    }

    /// Of the income tax withheld on a sale, `amount` is with the state already.
    pub fn set_off(share: &Share, amount: Money) -> Result<Self, MoneyError> {
        let seller_order_id = Some(share.seller_order_id);
        let post = |account, amount| Posting { account, seller_order_id, amount };
        let postings = vec![
            post(Account::TdsPayable, amount),
            post(Account::TdsAdjustable(share.vendor_id), amount.neg()?),
        ];
        Ok(Self::of(Cause::SetOff(share.seller_order_id), postings))
    }

    /// `amount` of income tax counts for the seller at the tax office and for no sale here any more, so the seller bears it.
    pub fn tax_year(vendor: VendorId, year: Date, amount: Money) -> Result<Self, MoneyError> {
        let owed = Account::VendorPayableAvailable(vendor);
        Self::moved(Cause::TaxYear(vendor, year), owed, Account::TdsAdjustable(vendor), amount)
    }

    /// For the cash that was `taken` for each seller order, `received` arrived at our bank; the rest is lost, and what is too
    /// much gained.
    pub fn remittance(
        bank_reference: &str,
        taken: &[(SellerOrderId, Money)],
        received: Money,
    ) -> Result<Self, MoneyError> {
        let due = Money::sum(taken.iter().map(|(_, amount)| *amount), received.currency())?;
        let whole = |account, amount| Posting { account, seller_order_id: None, amount };
        let mut postings =
            vec![whole(Account::Bank, received), whole(Account::CodShort, due.sub(received)?)];
        for (seller_order, amount) in taken {
            let (seller_order_id, amount) = (Some(*seller_order), amount.neg()?);
            postings.push(Posting { account: Account::CodReceivable, seller_order_id, amount });
        }
        Ok(Self::of(Cause::Remittance(bank_reference.to_owned()), postings))
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
mod tests;
