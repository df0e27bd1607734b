//! An order: what the merchant wants paid, and how much of it has been.

use jiff::Timestamp;
use kernel::Currency;
use serde::{Deserialize, Serialize};

use super::plan::OrderPlan;
use super::refused::Refused;

/// The least a payment may be, in minor units.
pub const MIN_AMOUNT: i64 = 100;
/// The most an order may be, so that sums of amounts stay far from the limits of an `i64`.
pub const MAX_AMOUNT: i64 = 10_000_000_000_000;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    /// Nobody tried to pay.
    Created,
    /// Somebody tried.
    Attempted,
    /// All of it was captured; it stays so after refunds.
    Paid,
}

impl OrderStatus {
    /// The word the API uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Attempted => "attempted",
            Self::Paid => "paid",
        }
    }
}

/// An order at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// `order_` and fourteen characters.
    pub id: String,
    /// What is to be paid, in minor units.
    pub amount: i64,
    /// The currency of every amount here.
    pub currency: Currency,
    /// The merchant's own, unique name for the order.
    pub receipt: Option<String>,
    /// The sum of all captures.
    pub amount_paid: i64,
    /// How many payments were tried.
    pub attempts: u32,
    /// What it is to meet with.
    #[serde(default)]
    pub plan: OrderPlan,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Order {
    /// Where the order stands.
    pub fn status(&self) -> OrderStatus {
        if self.amount_paid >= self.amount {
            OrderStatus::Paid
        } else if self.attempts > 0 {
            OrderStatus::Attempted
        } else {
            OrderStatus::Created
        }
    }

    /// What is still to be paid.
    pub fn amount_due(&self) -> i64 {
        (self.amount - self.amount_paid).max(0)
    }

    /// Somebody tries to pay.
    pub fn attempt(&self) -> Self {
        Self { attempts: self.attempts.saturating_add(1), ..self.clone() }
    }

    /// It is to meet with `plan`.
    pub fn planned(&self, plan: OrderPlan) -> Self {
        Self { plan, ..self.clone() }
    }

    /// A payment over `amount` was captured.
    pub fn receive(&self, amount: i64) -> Self {
        Self { amount_paid: self.amount_paid.saturating_add(amount), ..self.clone() }
    }
}

/// Takes an amount between the least and the most the provider handles.
pub fn check_amount(amount: i64) -> Result<i64, Refused> {
    if amount < MIN_AMOUNT {
        return Err(Refused::input("amount", "The amount must be at least INR 1.00"));
    }
    if amount > MAX_AMOUNT {
        return Err(Refused::input("amount", "Amount exceeds maximum amount allowed."));
    }
    Ok(amount)
}

/// Takes a receipt of 1 to 40 characters.
pub fn check_receipt(receipt: String) -> Result<String, Refused> {
    match receipt.chars().count() {
        0 => Err(Refused::input("receipt", "The receipt must not be empty.")),
        1..=40 => Ok(receipt),
        41.. => {
            Err(Refused::input("receipt", "The receipt may not be greater than 40 characters."))
        }
    }
}
