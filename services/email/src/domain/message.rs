//! A mail in the send ledger: to whom, and where it stands.

use jiff::Timestamp;
use kernel::{MessageId, UserId, VendorId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::letter::{Kind, Letter};

/// To whom a mail goes. Addresses are looked up when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addressee {
    /// Somebody with an account.
    User(UserId),
    /// Whoever answers for a seller then.
    OwnerOf(VendorId),
    /// Whom the sealed letter names, who may have no account yet.
    Sealed {
        /// Address and code, sealed.
        sealed: String,
        /// From here on the code is worthless and must not be sent.
        expires_at: Timestamp,
    },
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// What it is about, for example an order's id: together with the kind it exists once for ever.
    pub reference: String,
    /// Which earlier mail it repeats.
    pub resend_of: Option<MessageId>,
    /// To whom.
    pub to: Addressee,
    /// What it shows.
    pub letter: Letter,
    /// Since when it is here.
    pub created_at: Timestamp,
}

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// On its way to the mail server.
    Queued,
    /// The mail server took it.
    Sent,
    /// The mail server refused it for good.
    Bounced,
    /// It was tried for long enough, or there is nobody to send it to.
    Failed,
    /// The code in it was worthless before it could be sent.
    Expired,
}

impl Status {
    /// Every status there is.
    pub const ALL: [Self; 5] =
        [Self::Queued, Self::Sent, Self::Bounced, Self::Failed, Self::Expired];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether staff may send a mail of this kind again.
    #[must_use]
    pub const fn may_be_resent(self, kind: Kind) -> bool {
        match self {
            Self::Sent | Self::Bounced | Self::Failed => !matches!(kind, Kind::SignInCode),
            Self::Queued | Self::Expired => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Status};

    #[test]
    fn codes_are_never_sent_again_and_other_mail_only_when_it_is_settled() {
        for status in Status::ALL {
            assert!(!status.may_be_resent(Kind::SignInCode));
            let settled = matches!(status, Status::Sent | Status::Bounced | Status::Failed);
            assert_eq!(status.may_be_resent(Kind::Shipped), settled);
        }
    }

    #[test]
    fn names_and_values_agree() {
        assert!(Status::ALL.into_iter().all(|s| Status::parse(s.as_str()) == Some(s)));
        assert!(Kind::ALL.into_iter().all(|k| Kind::parse(k.as_str()) == Some(k)));
        assert_eq!((Status::parse("lost"), Kind::parse("spam")), (None, None));
    }
}
