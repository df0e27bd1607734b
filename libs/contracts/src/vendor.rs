//! What vendor-service says: sellers as they stand, and what happened to them.

use jiff::Timestamp;
use kernel::{DocumentId, Gstin, Pincode, StateCode, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::events;

/// Where a seller stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VendorStatus {
    /// Filling in the application.
    Draft,
    /// Waiting for staff.
    Submitted,
    /// May sell.
    Approved,
    /// Was refused.
    Rejected,
    /// May not sell for now.
    Suspended,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// Under which scheme of GST a seller supplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxScheme {
    /// Registered: tax invoices, and supplies to every state.
    Regular,
    /// Registered under composition: bills of supply without tax, within its own state only.
    Composition,
    /// Not registered, with an enrolment number: bills of supply without tax, within its own state only.
    Enrolled,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// A place of business, as printed on documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BusinessAddress {
    /// House and street.
    pub line1: String,
    /// Area or landmark.
    pub line2: Option<String>,
    /// Town.
    pub city: String,
    /// GST state code: where supplies start.
    pub state: StateCode,
    /// Postal index number.
    pub pincode: Pincode,
}

/// Whether the payment provider knows where a seller is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayoutAccountState {
    /// It is being told.
    Pending,
    /// It pays there.
    Registered,
    /// It does not know the account.
    Refused,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// Where a seller is paid, as far as the payment provider goes. The account itself stays with vendor-service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutAccount {
    /// Whether the provider knows it.
    pub state: PayoutAccountState,
    /// From when on the seller may be paid: a day after an account took the place of another one.
    pub payable_from: Timestamp,
}

/// A seller as it stands. Business data only; documents, PAN and bank account stay with vendor-service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorChanged {
    /// Which seller.
    pub vendor_id: VendorId,
    /// Who applied and answers for it.
    pub owner: UserId,
    /// Everybody who may act for it, the owner included.
    pub members: Vec<UserId>,
    /// Where it stands.
    pub status: VendorStatus,
    /// The name buyers see.
    pub display_name: String,
    /// The name on documents.
    pub legal_name: String,
    /// GST registration; without one it issues bills of supply.
    pub gstin: Option<Gstin>,
    /// Under which scheme it supplies; open in what was said before it was asked: then with a GSTIN it is regular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<TaxScheme>,
    /// The enrolment number of a seller that is not registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<String>,
    /// Whether a permanent account number is on file (decides the rate of tax withheld).
    pub has_pan: bool,
    /// Where it does business.
    pub address: BusinessAddress,
    /// First four characters of its invoice numbers, unique among sellers.
    pub invoice_prefix: String,
    /// The platform's commission in basis points, before tax.
    pub commission_bp: u32,
    /// Where it is paid, once it was approved; open in what was said before the provider was told by vendor-service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout_account: Option<PayoutAccount>,
    /// Since when it is here.
    pub since: Timestamp,
}

/// A document handed in for the check of a seller's identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KycDocument {
    /// Which document.
    pub document_id: DocumentId,
    /// What it proves, for example `pan` or `bank_proof`.
    pub kind: String,
    /// Media type of the file.
    pub content_type: String,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
}

/// A seller handed its application in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KycSubmitted {
    /// Which seller.
    pub vendor_id: VendorId,
    /// What it handed in.
    pub documents: Vec<KycDocument>,
    /// When.
    pub submitted_at: Timestamp,
}

/// A seller may sell from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorApproved {
    /// Which seller.
    pub vendor_id: VendorId,
    /// Whom to tell.
    pub owner: UserId,
    /// The name buyers see.
    pub display_name: String,
    /// Whether it was suspended before; never said of what was said before it was told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// When.
    pub approved_at: Timestamp,
}

/// Something of an application that is to be corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Correction {
    /// A pointer to a member of the application, or `/documents/` and the kind of one.
    pub at: String,
    /// Why, in staff's words.
    pub why: String,
}

/// A seller was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorRejected {
    /// Which seller.
    pub vendor_id: VendorId,
    /// Whom to tell.
    pub owner: UserId,
    /// Why, in staff's words.
    pub reason: String,
    /// What it is asked to correct.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// When.
    pub rejected_at: Timestamp,
}

/// A seller may not sell for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorSuspended {
    /// Which seller.
    pub vendor_id: VendorId,
    /// Whom to tell.
    pub owner: UserId,
    /// Why, in staff's words.
    pub reason: String,
    /// When.
    pub suspended_at: Timestamp,
}

/// A bank account of a seller took the place of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutAccountChanged {
    /// Which seller.
    pub vendor_id: VendorId,
    /// Whom to tell.
    pub owner: UserId,
    /// When.
    pub changed_at: Timestamp,
    /// From when on the seller is paid there.
    pub payable_from: Timestamp,
}

events! {
    VendorChanged = "vendor.changed.v1" on VENDOR_VENDOR_STATE by vendor_id;
    KycSubmitted = "vendor.kyc_submitted.v1" on VENDOR_VENDOR_EVT by vendor_id;
    VendorApproved = "vendor.approved.v1" on VENDOR_VENDOR_EVT by vendor_id;
    VendorRejected = "vendor.rejected.v1" on VENDOR_VENDOR_EVT by vendor_id;
    VendorSuspended = "vendor.suspended.v1" on VENDOR_VENDOR_EVT by vendor_id;
    PayoutAccountChanged = "vendor.payout_account_changed.v1" on VENDOR_VENDOR_EVT by vendor_id;
}
