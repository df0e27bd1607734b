//! What an order is: everything that was frozen when it was placed.

use jiff::Timestamp;
use kernel::{
    AddressId, CheckoutId, Money, OrderId, PaymentId, ProductId, SellerOrderId, Sku, StateCode,
    UserId, VendorId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the buyer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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
    /// Cash on delivery was not granted.
    CodRefused,
}

/// Why an order ended without being supplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Which entry.
    pub address_id: AddressId,
    /// Which edition of it.
    pub version: i32,
    /// In which state it lies: the place of supply.
    pub state: StateCode,
}

/// An order as frozen at placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Which order.
    pub id: OrderId,
    /// From which checkout.
    pub checkout_id: CheckoutId,
    /// Its number for people.
    pub number: String,
    /// Who buys.
    pub buyer: UserId,
    /// Where to.
    pub destination: Destination,
    /// How paid.
    pub method: Method,
    /// Under which name it is paid.
    pub payment_id: PaymentId,
    /// What the buyer pays: the sum of the parts.
    pub total: Money,
    /// One part per seller.
    pub parts: Vec<Part>,
    /// When.
    pub placed_at: Timestamp,
}

/// What one seller supplies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which seller order.
    pub seller_order_id: SellerOrderId,
    /// Its number for people.
    pub number: String,
    /// Who supplies.
    pub vendor_id: VendorId,
    /// The name the buyer saw.
    pub vendor_name: String,
    /// What.
    pub lines: Vec<Line>,
    /// Delivery.
    pub shipping: Money,
    /// Tax in lines and delivery.
    pub tax: Money,
    /// Lines and delivery.
    pub total: Money,
    /// How the total is shared.
    pub share: Share,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub sku: Sku,
    /// Of which product.
    pub product_id: ProductId,
    /// What it was called.
    pub title: String,
    /// Harmonised System of Nomenclature code.
    pub hsn: String,
    /// Tax contained in the price, in basis points; none from a seller who is not registered.
    pub gst_rate_bp: u32,
    /// How many.
    pub quantity: u32,
    /// Price of one.
    pub unit_price: Money,
    /// What the buyer pays for the line.
    pub total: Money,
    /// The total without the tax in it.
    pub taxable: Money,
    /// The tax in it.
    pub tax: Money,
}

/// How what the buyer pays for one part is shared. The rest adds up to the part's total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The total without the tax in it.
    pub taxable: Money,
    /// The platform's commission.
    pub commission: Money,
    /// Tax on the commission.
    pub commission_tax: Money,
    /// Tax collected at source.
    pub tcs: Money,
    /// Tax deducted at source.
    pub tds: Money,
    /// What the seller is owed.
    pub payable: Money,
}
