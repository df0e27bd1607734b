//! A mail in the send ledger: to whom, and where it stands.

use strum::VariantArray;

use super::{Kind, MessageStatus};

#[test]
fn codes_are_never_sent_again_and_other_mail_only_when_it_is_settled() {
    for status in MessageStatus::VARIANTS {
        assert!(!status.may_be_resent(Kind::SignInCode));
        let settled =
            matches!(status, MessageStatus::Sent | MessageStatus::Bounced | MessageStatus::Failed);
        assert_eq!(status.may_be_resent(Kind::Shipped), settled);
    }
}
