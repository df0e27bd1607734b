//! Money on its way back to the buyer, as it was heard.

use contracts::payment::RefundKind;
use jiff::Timestamp;
use kernel::{CreditId, Money, MoneyError, RefundId};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

/// Why money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
#[schema(as = OrderRefundReason)]
pub enum RefundReason {
    /// Something that was sold is taken back.
    Credit,
    /// It came after the order had ended.
    Late,
    /// The order was paid already.
    Second,
    /// It was not what was asked for.
    Mismatch,
    /// It was more than was asked for; this is the rest.
    Excess,
    /// The marketplace gives it of its own.
    Goodwill,
    /// Somebody gave it back at the payment provider, and it is being found out what for.
    Foreign,
    /// Something else.
    Other,
}

impl From<RefundKind> for RefundReason {
    fn from(kind: RefundKind) -> Self {
        match kind {
            RefundKind::Credit => Self::Credit,
            RefundKind::Late => Self::Late,
            RefundKind::Second => Self::Second,
            RefundKind::Mismatch => Self::Mismatch,
            RefundKind::Excess => Self::Excess,
            RefundKind::Goodwill => Self::Goodwill,
            RefundKind::Foreign => Self::Foreign,
            RefundKind::Unknown => Self::Other,
        }
    }
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = OrderRefundState)]
pub enum RefundState {
    /// It is owed, and on its way.
    Requested,
    /// It could not be given back by itself, and a person looks after it.
    Delayed,
    /// It is with the buyer's bank.
    Done,
}

/// A refund, as far as it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    pub id: RefundId,
    pub reason: RefundReason,
    /// What it pays out.
    pub credit_id: Option<CreditId>,
    pub amount: Money,
    pub state: RefundState,
    /// Since when.
    pub at: Timestamp,
    /// With which the buyer can ask at the bank.
    pub reference: Option<String>,
}

/// What went back to the buyer in the money of `total`.
pub fn went_back(refunds: &[Refund], total: Money) -> Result<Money, MoneyError> {
    let currency = total.currency();
    // What came by mistake in other money goes back in that.
    let done = refunds
        .iter()
        .filter(|refund| refund.state == RefundState::Done && refund.amount.currency() == currency);
    Money::sum(done.map(|refund| refund.amount), currency)
}
