//! Journals of what the provider did beside our wishes.

use kernel::{DisputeId, ExplanationId, Money, MoneyError, RefundId};

use super::{Account, Cause, Journal, Posting};
use crate::domain::dispute::PaysFrom;
use crate::domain::settlement::Settlement;

impl Journal {
    /// The buyer has `amount` that is owed by a dispute that is lost.
    pub fn dispute_paid(
        refund: RefundId,
        amount: Money,
        from: PaysFrom,
    ) -> Result<Self, MoneyError> {
        let from = match from {
            PaysFrom::Hold => Account::DisputeHold,
            PaysFrom::Loss => Account::ChargebackLoss,
        };
        Self::moved(Cause::DisputePaid(refund), Account::RefundsPayable, from, amount)
    }

    /// Of what the sellers should bear of what a bank took, we bear `amount`: it was not taken back from them.
    pub fn dispute_rest(dispute: DisputeId, amount: Money) -> Result<Self, MoneyError> {
        let cause = Cause::DisputeRest(dispute);
        Self::moved(cause, Account::ChargebackLoss, Account::DisputeHold, amount)
    }

    /// What somebody gave back was for nothing that anybody knows: it is lost.
    pub fn dismiss(provider_refund_id: &str, amount: Money) -> Result<Self, MoneyError> {
        let cause = Cause::Dismiss(provider_refund_id.to_owned());
        Self::moved(cause, Account::WriteOff, Account::Suspense, amount)
    }

    /// What the provider had of ours is at our bank, but for what it keeps.
    pub fn settlement(settled: &Settlement) -> Result<Self, MoneyError> {
        let cause = Cause::Settlement(settled.id.clone(), settled.net.currency());
        let post = |account, amount| Posting { account, seller_order_id: None, amount };
        let postings = vec![
            post(Account::Bank, settled.net),
            post(Account::PspFees, settled.fee.sub(settled.tax)?),
            post(Account::InputGst, settled.tax),
            post(Account::PspClearing, settled.gross()?.neg()?),
        ];
        Ok(Self::of(cause, postings))
    }

    /// What the provider holds for us rises by `amount`, as staff explain it.
    pub fn explained(explanation: ExplanationId, amount: Money) -> Result<Self, MoneyError> {
        let cause = Cause::Explained(explanation);
        Self::moved(cause, Account::PspClearing, Account::SettlementDifference, amount)
    }
}
