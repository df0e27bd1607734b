//! Where a part of an order stands, in the words of order-service.

use contracts::order::CreditCause;
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

/// Where a part of an order stands, as far as it was heard: that a parcel goes back is not, so it is `shipped` until it is
/// back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum PartStatus {
    /// The order is not confirmed yet. An earlier release kept it as `placed`.
    #[strum(to_string = "pending", serialize = "placed")]
    Pending,
    Confirmed,
    /// The seller took it on.
    Accepted,
    /// Packed, and not all of it is sent yet.
    Packed,
    /// Carriers have it.
    Shipped,
    /// With the buyer.
    Delivered,
    /// The time to send it back is over.
    Completed,
    VendorRejected,
    SlaExpired,
    BuyerCancelled,
    StaffCancelled,
    Unavailable,
    RtoReceived,
    Lost,
    Returned,
    /// The order ended without being confirmed.
    Cancelled,
    /// Nothing of it is left, for a reason that was not kept: an earlier release heard it, or a newer one said it.
    TakenBack,
}

impl PartStatus {
    /// A later one never gives way to an earlier one.
    pub const fn rank(self) -> i16 {
        match self {
            Self::Pending => 1,
            Self::Confirmed => 2,
            Self::Accepted => 3,
            Self::Packed => 4,
            Self::Shipped => 5,
            Self::Delivered => 6,
            Self::Completed => 7,
            Self::VendorRejected
            | Self::SlaExpired
            | Self::BuyerCancelled
            | Self::StaffCancelled
            | Self::Unavailable
            | Self::RtoReceived
            | Self::Lost
            | Self::Returned
            | Self::Cancelled
            | Self::TakenBack => 9,
        }
    }

    /// Where a part stands once the last of it was taken back; nothing where that depends on where it stood.
    pub const fn after(cause: CreditCause) -> Option<Self> {
        match cause {
            CreditCause::BuyerCancelled => Some(Self::BuyerCancelled),
            CreditCause::StaffCancelled => Some(Self::StaffCancelled),
            CreditCause::VendorRejected => Some(Self::VendorRejected),
            CreditCause::SlaExpired => Some(Self::SlaExpired),
            CreditCause::Unavailable => Some(Self::Unavailable),
            CreditCause::ReturnedToOrigin => Some(Self::RtoReceived),
            CreditCause::Lost => Some(Self::Lost),
            CreditCause::Returned => Some(Self::Returned),
            CreditCause::Disputed => None,
            CreditCause::PriceReduced | CreditCause::Unknown => Some(Self::TakenBack),
        }
    }
}
