//! Which decisions make sense for a thing as it is known here. The owner of the thing has the last word.

use contracts::admin::Decision;
use kernel::{ProductId, ReviewId, VendorId};
use serde::Deserialize;
use strum::IntoStaticStr;
use utoipa::ToSchema;
use uuid::Uuid;

/// What staff decide about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Vendor(VendorId),
    Product(ProductId),
    Review(ReviewId),
}

/// What of an application a seller can be asked to correct: its members, and its documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, IntoStaticStr, ToSchema)]
#[strum(const_into_str)]
pub enum Correctable {
    #[serde(rename = "/legal_name")]
    #[strum(serialize = "/legal_name")]
    LegalName,
    #[serde(rename = "/display_name")]
    #[strum(serialize = "/display_name")]
    DisplayName,
    #[serde(rename = "/gstin")]
    #[strum(serialize = "/gstin")]
    Gstin,
    #[serde(rename = "/scheme")]
    #[strum(serialize = "/scheme")]
    Scheme,
    #[serde(rename = "/enrolment")]
    #[strum(serialize = "/enrolment")]
    Enrolment,
    #[serde(rename = "/pan")]
    #[strum(serialize = "/pan")]
    Pan,
    #[serde(rename = "/address")]
    #[strum(serialize = "/address")]
    Address,
    #[serde(rename = "/bank_account")]
    #[strum(serialize = "/bank_account")]
    BankAccount,
    #[serde(rename = "/documents/pan")]
    #[strum(serialize = "/documents/pan")]
    PanDocument,
    #[serde(rename = "/documents/gst_certificate")]
    #[strum(serialize = "/documents/gst_certificate")]
    GstCertificate,
    #[serde(rename = "/documents/bank_proof")]
    #[strum(serialize = "/documents/bank_proof")]
    BankProof,
    #[serde(rename = "/documents/address_proof")]
    #[strum(serialize = "/documents/address_proof")]
    AddressProof,
}

impl Subject {
    /// What kind of thing it is, as the audit trail has it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Vendor(_) => "vendor",
            Self::Product(_) => "product",
            Self::Review(_) => "review",
        }
    }

    /// Which one.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Vendor(id) => id.as_uuid(),
            Self::Product(id) => id.as_uuid(),
            Self::Review(id) => id.as_uuid(),
        }
    }

    /// Whether `decision` makes sense for it where it stands at `status`.
    pub fn takes(self, decision: Decision, status: &str) -> bool {
        match self {
            Self::Vendor(_) => vendor(decision, status),
            Self::Product(_) => product(decision, status),
            Self::Review(_) => review(decision, status),
        }
    }
}

fn vendor(decision: Decision, status: &str) -> bool {
    match decision {
        Decision::Approve => matches!(status, "submitted" | "suspended"),
        Decision::Reject => status == "submitted",
        Decision::Suspend => status == "approved",
        Decision::Unknown => false,
    }
}

fn product(decision: Decision, status: &str) -> bool {
    match decision {
        Decision::Approve | Decision::Reject => status == "proposed",
        Decision::Suspend => status == "published",
        Decision::Unknown => false,
    }
}

fn review(decision: Decision, status: &str) -> bool {
    match decision {
        Decision::Approve => matches!(status, "submitted" | "removed"),
        Decision::Reject => status == "submitted",
        Decision::Suspend => status == "published",
        Decision::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use contracts::admin::Decision;

    use super::{product, review, vendor};

    #[test]
    fn what_waits_can_be_approved_or_rejected_and_what_is_public_suspended() {
        assert!(vendor(Decision::Approve, "submitted") && vendor(Decision::Reject, "submitted"));
        assert!(vendor(Decision::Suspend, "approved") && vendor(Decision::Approve, "suspended"));
        assert!(!vendor(Decision::Approve, "draft") && !vendor(Decision::Suspend, "submitted"));
        assert!(product(Decision::Approve, "proposed") && !product(Decision::Approve, "draft"));
        assert!(review(Decision::Suspend, "published") && !review(Decision::Reject, "published"));
        assert!(!vendor(Decision::Unknown, "submitted"));
    }
}
