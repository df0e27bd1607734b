//! Which decisions make sense for a thing as it is known here. The owner of the thing has the last word.

use contracts::admin::Decision;

/// Whether `decision` makes sense for a seller that stands at `status`.
pub fn vendor(decision: Decision, status: &str) -> bool {
    match decision {
        Decision::Approve => matches!(status, "submitted" | "suspended"),
        Decision::Reject => status == "submitted",
        Decision::Suspend => status == "approved",
        Decision::Unknown => false,
    }
}

/// Whether `decision` makes sense for a product that stands at `status`.
pub fn product(decision: Decision, status: &str) -> bool {
    match decision {
        Decision::Approve | Decision::Reject => status == "proposed",
        Decision::Suspend => status == "published",
        Decision::Unknown => false,
    }
}

/// Whether `decision` makes sense for a review that stands at `status`.
pub fn review(decision: Decision, status: &str) -> bool {
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
