//! A mail in the send ledger: to whom, and where it stands.

use jiff::Timestamp;
use kernel::{MessageId, OrderId, UserId, VendorId};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
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
    pub id: MessageId,
    /// What it is about, for example an order's id: together with the kind it exists once for ever.
    pub reference: String,
    /// Which earlier mail it repeats.
    pub resend_of: Option<MessageId>,
    /// Which order it is about, if it is about one.
    pub order_id: Option<OrderId>,
    pub to: Addressee,
    pub letter: Letter,
    /// Since when it is here.
    pub created_at: Timestamp,
}

impl Message {
    /// The same, about an order.
    #[must_use]
    pub fn about(self, order_id: OrderId) -> Self {
        Self { order_id: Some(order_id), ..self }
    }
}

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum MessageStatus {
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

impl MessageStatus {
    /// Whether staff may send a mail of this kind again.
    pub const fn may_be_resent(self, kind: Kind) -> bool {
        match self {
            Self::Sent | Self::Bounced | Self::Failed => !matches!(kind, Kind::SignInCode),
            Self::Queued | Self::Expired => false,
        }
    }
}

#[cfg(test)]
mod tests;
