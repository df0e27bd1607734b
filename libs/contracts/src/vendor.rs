//! What vendor-service says: sellers as they stand, and what happened to them.

use jiff::Timestamp;
use kernel::{DocumentId, Gstin, Pincode, StateCode, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::{Entry, entry};
use crate::{Event, Topic, topics};

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
    /// Since when it is here.
    pub since: Timestamp,
}

impl Event for VendorChanged {
    const NAME: &'static str = "vendor.changed.v1";
    const TOPIC: &'static Topic = &topics::VENDOR_VENDOR_STATE;

    fn key(&self) -> String {
        self.vendor_id.to_string()
    }
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

impl Event for KycSubmitted {
    const NAME: &'static str = "vendor.kyc_submitted.v1";
    const TOPIC: &'static Topic = &topics::VENDOR_VENDOR_EVT;

    fn key(&self) -> String {
        self.vendor_id.to_string()
    }
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
    /// When.
    pub approved_at: Timestamp,
}

impl Event for VendorApproved {
    const NAME: &'static str = "vendor.approved.v1";
    const TOPIC: &'static Topic = &topics::VENDOR_VENDOR_EVT;

    fn key(&self) -> String {
        self.vendor_id.to_string()
    }
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
    /// When.
    pub rejected_at: Timestamp,
}

impl Event for VendorRejected {
    const NAME: &'static str = "vendor.rejected.v1";
    const TOPIC: &'static Topic = &topics::VENDOR_VENDOR_EVT;

    fn key(&self) -> String {
        self.vendor_id.to_string()
    }
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

impl Event for VendorSuspended {
    const NAME: &'static str = "vendor.suspended.v1";
    const TOPIC: &'static Topic = &topics::VENDOR_VENDOR_EVT;

    fn key(&self) -> String {
        self.vendor_id.to_string()
    }
}

pub(crate) fn events() -> Vec<Entry> {
    vec![
        entry::<VendorChanged>(),
        entry::<KycSubmitted>(),
        entry::<VendorApproved>(),
        entry::<VendorRejected>(),
        entry::<VendorSuspended>(),
    ]
}
