//! What payment-service says and is asked: the life of payments, how money is shared, and how it goes back.

mod dispute;
mod payout;
mod refund;

use jiff::Timestamp;
use kernel::{CheckoutId, Money, OrderId, PaymentId, SellerOrderId, StateCode, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cart::PaymentMethod;
use crate::entry::events;

pub use dispute::{DisputeBearer, DisputeChanged, DisputeState};
pub use payout::{
    CommissionClosed, CommissionTotals, PayoutChanged, PayoutPostponed, PayoutState, PostponedWhy,
    VendorBalanceOverdue, VendorBalanceWrittenOff,
};
pub use refund::{
    ForeignRefundSeen, PaymentUnclaimed, RefundDone, RefundFailed, RefundKind, RefundPayer,
    RefundRef, RefundRequested,
};

/// How what the buyer pays for one seller order is shared, frozen at placement.
///
/// `gross = payable + commission + commission_tax + tcs + tds`; every amount is of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// Which seller order.
    pub seller_order_id: SellerOrderId,
    /// Whose.
    pub vendor_id: VendorId,
    /// What the buyer pays, delivery included.
    pub gross: Money,
    /// The gross without the tax in it.
    pub taxable: Money,
    /// The platform's commission.
    pub commission: Money,
    /// Tax on the commission.
    pub commission_tax: Money,
    /// Tax collected at source under section 52 of the CGST Act.
    pub tcs: Money,
    /// Income tax deducted at source on e-commerce sales.
    pub tds: Money,
    /// What the seller is owed.
    pub payable: Money,
    /// By what it was reckoned; open in what was placed before it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<ShareTerms>,
}

/// Whether a supply stays in one state: then its tax is central and state tax in equal halves, else integrated tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SupplyKind {
    /// Within one state.
    Intra,
    /// Between two.
    Inter,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// By what a share was reckoned: what returns to the tax office need to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShareTerms {
    /// The seller's supply to the buyer.
    pub supply: SupplyKind,
    /// GST state of the buyer.
    pub place_of_supply: StateCode,
    /// The platform's supply of its services to the seller.
    pub commission_supply: SupplyKind,
    /// What tax was collected at source on: the taxable value of the lines that bear tax.
    pub tcs_base: Money,
    /// Rate of commission in basis points.
    pub commission_bp: u32,
    /// Rate of tax on commission in basis points.
    pub commission_tax_bp: u32,
    /// Rate of tax collected at source in basis points.
    pub tcs_bp: u32,
    /// Rate of tax deducted at source in basis points.
    pub tds_bp: u32,
}

/// Asks payment-service to take a payment for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreatePayment {
    /// The payment's name, chosen by order-service so that asking twice is asking once.
    pub payment_id: PaymentId,
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
    /// Its number for people.
    pub order_number: String,
    /// Who pays.
    pub buyer: UserId,
    /// How.
    pub method: PaymentMethod,
    /// How much.
    pub amount: Money,
    /// How it is shared between the sellers; the grosses add up to the amount.
    pub shares: Vec<Share>,
    /// The payment window ends here.
    pub expires_at: Timestamp,
}

/// Asks payment-service to give a payment up, unless it was captured meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancelPayment {
    /// Which payment.
    pub payment_id: PaymentId,
    /// For which checkout.
    pub checkout_id: CheckoutId,
}

/// Which payment, in every event about one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentRef {
    /// Which payment.
    pub payment_id: PaymentId,
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
    /// How much was asked for.
    pub amount: Money,
    /// When it happened.
    pub at: Timestamp,
}

/// The buyer can pay now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentCreated {
    /// Which payment.
    pub payment: PaymentRef,
    /// The provider's name for it.
    pub provider_order_id: String,
    /// The `upi://pay?...` link that opens the buyer's app.
    pub upi_intent: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// An attempt failed. Not final: the buyer may try again, and the bank may still change its mind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentFailed {
    /// Which payment.
    pub payment: PaymentRef,
    /// The provider's reason, for example `payment_declined`.
    pub reason: String,
}

/// The money is ours to share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentCaptured {
    /// Which payment.
    pub payment: PaymentRef,
    /// The provider's name for the capture.
    pub provider_payment_id: String,
}

/// The payment was given up before any money came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentCancelled {
    /// Which payment.
    pub payment: PaymentRef,
}

/// Cash will be taken at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodAccepted {
    /// Which payment.
    pub payment: PaymentRef,
}

/// Cash on delivery is not granted for this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodRefused {
    /// Which payment.
    pub payment: PaymentRef,
    /// Why, for example `over-limit`.
    pub reason: String,
}

/// The cash for one seller order was taken at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodCollected {
    /// Which payment.
    pub payment: PaymentRef,
    /// For which seller order.
    pub seller_order_id: SellerOrderId,
    /// Whose.
    pub vendor_id: VendorId,
    /// How much.
    pub collected: Money,
}

/// Money came that is not what was asked for: a person has to look, the order is not paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentMismatch {
    /// Which payment.
    pub payment: PaymentRef,
    /// What came.
    pub received: Money,
    /// The provider's name for what came.
    pub provider_payment_id: String,
}

events! {
    CreatePayment = "payment.create.v1" on PAYMENT_PAYMENT_CMD by checkout_id;
    CancelPayment = "payment.cancel.v1" on PAYMENT_PAYMENT_CMD by checkout_id;
    PaymentCreated = "payment.created.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    PaymentFailed = "payment.failed.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    PaymentCaptured = "payment.captured.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    PaymentCancelled = "payment.cancelled.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    CodAccepted = "payment.cod_accepted.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    CodRefused = "payment.cod_refused.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    CodCollected = "payment.cod_collected.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    PaymentMismatch = "payment.mismatch.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    PaymentUnclaimed = "payment.unclaimed.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    RefundRequested = "refund.requested.v1" on PAYMENT_PAYMENT_EVT by refund.checkout_id;
    RefundDone = "refund.done.v1" on PAYMENT_PAYMENT_EVT by refund.checkout_id;
    RefundFailed = "refund.failed.v1" on PAYMENT_PAYMENT_EVT by refund.checkout_id;
    ForeignRefundSeen = "refund.foreign.v1" on PAYMENT_PAYMENT_EVT by refund.checkout_id;
    DisputeChanged = "dispute.changed.v1" on PAYMENT_PAYMENT_EVT by payment.checkout_id;
    PayoutChanged = "payout.changed.v1" on PAYMENT_PAYOUT_EVT by vendor_id;
    PayoutPostponed = "payout.postponed.v1" on PAYMENT_PAYOUT_EVT by vendor_id;
    CommissionClosed = "commission.closed.v1" on PAYMENT_PAYOUT_EVT by vendor_id;
    VendorBalanceOverdue = "vendor_balance.overdue.v1" on PAYMENT_PAYOUT_EVT by vendor_id;
    VendorBalanceWrittenOff = "vendor_balance.written_off.v1" on PAYMENT_PAYOUT_EVT by vendor_id;
}
