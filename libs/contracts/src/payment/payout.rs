//! What sellers are paid, and what the platform charges them.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Money, PayoutId, VendorId, WriteOffId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayoutState {
    /// It is booked, and waits for a second member of staff.
    Waiting,
    /// It is booked, and the bank is asked.
    Requested,
    /// The bank took it on.
    Accepted,
    /// It is with the seller's bank.
    Paid,
    /// It did not go through, or came back; the seller is owed it again.
    Failed,
    /// It was not let go; the seller is owed it again.
    Held,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// A payout began, or came to stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutChanged {
    /// Which payout.
    pub payout_id: PayoutId,
    /// To whom.
    pub vendor_id: VendorId,
    /// How much.
    pub amount: Money,
    /// Where it stands now.
    pub state: PayoutState,
    /// The bank's number for the transfer (UTR), once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_reference: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When somebody is asked again to look at one that waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_again_at: Option<Timestamp>,
    /// When.
    pub at: Timestamp,
}

/// Why a seller who is due is paid later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostponedWhy {
    /// Its bank account was changed less than a day before.
    AccountChanged,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// A seller is due to be paid, and is paid later. Nothing is booked so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutPostponed {
    /// Who is due.
    pub vendor_id: VendorId,
    /// What is there for it now.
    pub available: Money,
    /// Why it is not paid.
    pub why: PostponedWhy,
    /// When it is paid what is there then.
    pub until: Timestamp,
    /// When.
    pub at: Timestamp,
}

/// Commission and the tax on it, as booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommissionTotals {
    /// Commission before tax.
    pub commission: Money,
    /// Tax on it.
    pub tax: Money,
}

/// A month of a seller is over, by India's calendar: what the platform charged, and what of it was taken back. The sums of
/// what was booked, never reckoned again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommissionClosed {
    /// Of which seller.
    pub vendor_id: VendorId,
    /// The first day of the month.
    pub month: Date,
    /// What was charged on what was sold in the month.
    pub charged: CommissionTotals,
    /// What was taken back in the month of what had been charged in the same month.
    pub taken_back: CommissionTotals,
    /// What was taken back in the month of what had been charged in months before.
    pub taken_back_of_before: CommissionTotals,
    /// When the month was closed.
    pub closed_at: Timestamp,
}

/// A seller has owed us for thirty days: something was taken back after it was paid out, and nothing was sold since that made
/// up for it. Said once for each time that the seller comes to owe us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorBalanceOverdue {
    /// Which seller.
    pub vendor_id: VendorId,
    /// How much.
    pub owed: Money,
    /// Since when.
    pub since: Timestamp,
    /// When this was found.
    pub at: Timestamp,
}

/// What a seller owed us is lost, as two members of staff say; the seller owes it no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorBalanceWrittenOff {
    /// Which write-off.
    pub write_off_id: WriteOffId,
    /// Which seller.
    pub vendor_id: VendorId,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}
