//! What payment-service says and is asked: the life of payments, how money is shared, and how it goes back.

mod dispute;
mod payout;
mod refund;

use jiff::Timestamp;
use kernel::{CheckoutId, Money, OrderId, PaymentId, SellerOrderId, StateCode, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cart::PaymentMethod;
use crate::entry::{Entry, entry};
use crate::{Event, Topic, topics};

pub use dispute::{DisputeBearer, DisputeChanged, DisputeState};
pub use payout::{CommissionClosed, CommissionTotals, PayoutChanged, PayoutState};
pub use refund::{
    ForeignRefundSeen, PaymentUnclaimed, RefundDone, RefundFailed, RefundKind, RefundRef,
    RefundRequested,
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

impl Event for CreatePayment {
    const NAME: &'static str = "payment.create.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_CMD;

    fn key(&self) -> String {
        self.checkout_id.to_string()
    }
}

/// Asks payment-service to give a payment up, unless it was captured meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancelPayment {
    /// Which payment.
    pub payment_id: PaymentId,
    /// For which checkout.
    pub checkout_id: CheckoutId,
}

impl Event for CancelPayment {
    const NAME: &'static str = "payment.cancel.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_CMD;

    fn key(&self) -> String {
        self.checkout_id.to_string()
    }
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

impl Event for PaymentCreated {
    const NAME: &'static str = "payment.created.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_EVT;

    fn key(&self) -> String {
        self.payment.checkout_id.to_string()
    }
}

/// An attempt failed. Not final: the buyer may try again, and the bank may still change its mind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentFailed {
    /// Which payment.
    pub payment: PaymentRef,
    /// The provider's reason, for example `payment_declined`.
    pub reason: String,
}

impl Event for PaymentFailed {
    const NAME: &'static str = "payment.failed.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_EVT;

    fn key(&self) -> String {
        self.payment.checkout_id.to_string()
    }
}

/// The money is ours to share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentCaptured {
    /// Which payment.
    pub payment: PaymentRef,
    /// The provider's name for the capture.
    pub provider_payment_id: String,
}

impl Event for PaymentCaptured {
    const NAME: &'static str = "payment.captured.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_EVT;

    fn key(&self) -> String {
        self.payment.checkout_id.to_string()
    }
}

/// The payment was given up before any money came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentCancelled {
    /// Which payment.
    pub payment: PaymentRef,
}

impl Event for PaymentCancelled {
    const NAME: &'static str = "payment.cancelled.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_EVT;

    fn key(&self) -> String {
        self.payment.checkout_id.to_string()
    }
}

/// Cash will be taken at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodAccepted {
    /// Which payment.
    pub payment: PaymentRef,
}

impl Event for CodAccepted {
    const NAME: &'static str = "payment.cod_accepted.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_EVT;

    fn key(&self) -> String {
        self.payment.checkout_id.to_string()
    }
}

/// Cash on delivery is not granted for this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodRefused {
    /// Which payment.
    pub payment: PaymentRef,
    /// Why, for example `over-limit`.
    pub reason: String,
}

impl Event for CodRefused {
    const NAME: &'static str = "payment.cod_refused.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_EVT;

    fn key(&self) -> String {
        self.payment.checkout_id.to_string()
    }
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

impl Event for CodCollected {
    const NAME: &'static str = "payment.cod_collected.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_EVT;

    fn key(&self) -> String {
        self.payment.checkout_id.to_string()
    }
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

impl Event for PaymentMismatch {
    const NAME: &'static str = "payment.mismatch.v1";
    const TOPIC: &'static Topic = &topics::PAYMENT_PAYMENT_EVT;

    fn key(&self) -> String {
        self.payment.checkout_id.to_string()
    }
}

pub(crate) fn events() -> Vec<Entry> {
    vec![
        entry::<CreatePayment>(),
        entry::<CancelPayment>(),
        entry::<PaymentCreated>(),
        entry::<PaymentFailed>(),
        entry::<PaymentCaptured>(),
        entry::<PaymentCancelled>(),
        entry::<CodAccepted>(),
        entry::<CodRefused>(),
        entry::<CodCollected>(),
        entry::<PaymentMismatch>(),
        entry::<PaymentUnclaimed>(),
        entry::<RefundRequested>(),
        entry::<RefundDone>(),
        entry::<RefundFailed>(),
        entry::<ForeignRefundSeen>(),
        entry::<DisputeChanged>(),
        entry::<PayoutChanged>(),
        entry::<CommissionClosed>(),
    ]
}
