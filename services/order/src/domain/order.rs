//! What an order is: everything that was frozen when it was placed.

pub use contracts::order::OrderLine;
use jiff::Timestamp;
use kernel::{
    AddressId, CheckoutId, Money, MoneyError, OrderId, PaymentId, SellerOrderId, StateCode, UserId,
    VendorId,
};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::split::{Share, Sums, Terms};

/// How the buyer pays. `upi`: at once, by a link. `cod`: in cash at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[schema(as = PaymentMethod)]
pub enum Method {
    /// Unified Payments Interface, before anything is sent.
    Upi,
    /// Cash on delivery.
    Cod,
}

/// What order-service knows of the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum PaymentStatus {
    /// The order did not come that far.
    NotRequested,
    /// Payment-service was asked for it.
    Requested,
    /// The buyer can pay.
    Created,
    /// The money came.
    Captured,
    /// It was given up before any money came.
    Cancelled,
    /// Cash will be taken at the door.
    CodAccepted,
    /// All cash that was to be taken at the door was. Not kept: it follows from the seller orders.
    CodCollected,
    /// Cash on delivery was not granted.
    CodRefused,
}

/// Why an order ended without being supplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Reason {
    /// Nobody paid in time.
    PaymentWindowOver,
    /// The buyer changed their mind.
    BuyerCancelled,
    /// Cash on delivery was not granted.
    CodRefused,
}

/// Where an order goes: one edition of an entry of the buyer's address book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    pub address_id: AddressId,
    /// Which edition of it.
    pub version: i32,
    /// In which state it lies: the place of supply.
    pub state: StateCode,
}

/// An order as frozen at placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub checkout_id: CheckoutId,
    /// Its number for people.
    pub number: String,
    pub buyer: UserId,
    pub destination: Destination,
    pub method: Method,
    /// Under which name it is paid.
    pub payment_id: PaymentId,
    /// What the buyer pays: the sum of the parts.
    pub total: Money,
    /// One part per seller.
    pub parts: Vec<Part>,
    pub placed_at: Timestamp,
}

/// What one seller supplies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub seller_order_id: SellerOrderId,
    /// Its number for people.
    pub number: String,
    pub vendor_id: VendorId,
    /// The name the buyer saw.
    pub vendor_name: String,
    pub lines: Vec<OrderLine>,
    /// Which of the lines are taxable supplies: also where their seller may not charge the tax.
    pub taxed: Vec<bool>,
    pub shipping: Money,
    /// Tax in lines and delivery.
    pub tax: Money,
    pub total: Money,
    /// How the total is shared.
    pub share: Share,
    /// By what. Absent of what was placed before terms were kept.
    pub terms: Option<Terms>,
}

impl Part {
    /// The sums of `lines`, which are its own or what is left of them.
    pub fn sums(&self, lines: &[OrderLine]) -> Result<Sums, MoneyError> {
        Sums::of(lines, &self.taxed, self.shipping)
    }
}
