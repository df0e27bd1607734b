//! Money on its way back to the buyer.

use jiff::Timestamp;
use kernel::{CheckoutId, CreditId, Money, OrderId, PaymentId, RefundId, SellerOrderId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PaymentRef;

/// Why money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundKind {
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
    /// The platform gives it of its own.
    Goodwill,
    /// Somebody gave it back on the provider's own pages.
    Foreign,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// By whom a buyer has money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundPayer {
    /// The provider gave it back.
    Provider,
    /// A person paid it from our own account.
    Hand,
    /// The buyer's bank did, which took it from us by a dispute.
    Bank,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// Money came that belongs to no order. It goes back by itself, as a refund of the same kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentUnclaimed {
    /// Which payment.
    pub payment: PaymentRef,
    /// The order's number for people.
    pub order_number: String,
    /// Who paid.
    pub buyer: UserId,
    /// The provider's name for what came.
    pub provider_payment_id: String,
    /// What came.
    pub received: Money,
    /// Why it is nobody's.
    pub why: RefundKind,
}

/// Which refund, in every event about one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefundRef {
    /// Which refund.
    pub refund_id: RefundId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
    /// The order's number for people.
    pub order_number: String,
    /// Who gets it.
    pub buyer: UserId,
    /// Why.
    pub kind: RefundKind,
    /// The credit that it pays out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_id: Option<CreditId>,
    /// The seller order that the credit takes something back of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_order_id: Option<SellerOrderId>,
    /// How much.
    pub amount: Money,
    /// When it happened.
    pub at: Timestamp,
}

/// Money is owed to a buyer, and booked so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefundRequested {
    /// The refund.
    pub refund: RefundRef,
}

/// The money is with the buyer, or the buyer's bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefundDone {
    /// The refund.
    pub refund: RefundRef,
    /// The provider's name for it; none for money that was given back by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_refund_id: Option<String>,
    /// The bank's number for the transfer, with which a buyer may ask there (RRN, ARN or UTR).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_reference: Option<String>,
    /// By whom the buyer has it; none where an older build said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_by: Option<RefundPayer>,
}

/// The provider could not give the money back. It is tried again, unless a person has to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefundFailed {
    /// The refund.
    pub refund: RefundRef,
    /// The provider's reason.
    pub reason: String,
    /// Nothing more happens by itself: a person has to give the money back.
    pub needs_a_person: bool,
    /// That person cannot before the buyer has said where it goes: it was cash, or its bank did not take it back.
    #[serde(default)]
    pub needs_account: bool,
}

/// Somebody gave money of an order back on the provider's own pages: a person has to find out what for, unless a credit
/// takes it over. Then it is done as a refund of that credit, by the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForeignRefundSeen {
    /// The refund.
    pub refund: RefundRef,
    /// The provider's name for it.
    pub provider_refund_id: String,
}
