//! What was sold and is taken back.

use kernel::{CreditId, Money, ProductId, ReturnId, Sku};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SellerOrderRef;
use crate::payment::Share;

/// Why something that was sold is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CreditCause {
    /// The buyer changed their mind before it was shipped.
    BuyerCancelled,
    /// Staff cancelled it before it was shipped.
    StaffCancelled,
    /// The seller cannot supply it.
    VendorRejected,
    /// The seller did nothing in time.
    SlaExpired,
    /// It was paid for and is gone.
    Unavailable,
    /// The buyer did not take it, and it came back (return to origin).
    ReturnedToOrigin,
    /// The carrier lost it.
    Lost,
    /// The buyer sent it back.
    Returned,
    /// The buyer's bank took the money back, and the seller bears it.
    Disputed,
    /// Staff reduced the price of what the buyer keeps, at the seller's cost.
    PriceReduced,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// What becomes of the pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// They never left the shelf and are for sale again.
    Uncommit,
    /// They left, came back, and are for sale again.
    Restock,
    /// They left and will not be sold again.
    WriteOff,
    /// There are none.
    None,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// What is taken back of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreditedLine {
    /// Which line of the seller order, counted from 0 in the order of the lines of its part.
    pub position: u32,
    /// What.
    pub sku: Sku,
    /// Of which product.
    pub product_id: ProductId,
    /// How many; none where only the price of the line is reduced.
    pub quantity: u32,
    /// What the buyer gets back for them.
    pub total: Money,
    /// The total without the tax in it.
    pub taxable: Money,
    /// The tax in it; central and state tax are each half of it.
    pub tax: Money,
    /// What becomes of them.
    pub stock: Disposition,
}

/// Part or all of a confirmed seller order is taken back. This one fact moves money, stock, paper and mail; whoever
/// acts on it does so once per credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderCredited {
    /// Of which seller order.
    pub seller_order: SellerOrderRef,
    /// Which credit.
    pub credit_id: CreditId,
    /// The how many-th of its seller order, counted from 1.
    pub nth: u32,
    /// Why.
    pub cause: CreditCause,
    /// The return that it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_id: Option<ReturnId>,
    /// In whose words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What.
    pub lines: Vec<CreditedLine>,
    /// What is taken back of the seller order's share: the share before less the share of what remains, component by
    /// component, so that any sequence of credits adds up to the whole.
    pub share: Share,
    /// Nothing of the seller order is left.
    pub ended: bool,
    /// It is too late to take tax back with it: 30 November after the financial year of the sale is over. Its lines bear no
    /// tax, and what was collected at source stays with the state, at the seller's charge.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub commercial: bool,
}
