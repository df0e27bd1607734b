//! Where a reservation stands.

use jiff::Timestamp;
use kernel::Sku;
use strum::IntoStaticStr;

use crate::domain::demand::LineTrouble;

/// Where a reservation stands.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ReservationState {
    /// Nothing was asked of it yet.
    New,
    /// Pieces are held.
    Held {
        /// They go back then, unless sold.
        until: Timestamp,
    },
    /// It could not be held.
    Rejected {
        /// Every line in trouble.
        problems: Vec<LineTrouble>,
    },
    /// The pieces are sold.
    Committed,
    /// The order was confirmed, but pieces are gone: the seller orders that lack some have none of theirs, the others
    /// are sold.
    CommitFailed { missing: Vec<Sku> },
    /// The order ended; nothing is held any more.
    Released,
    /// Time was over; nothing is held any more.
    Expired,
}

impl ReservationState {
    /// Whether it is paid for, so that parcels may leave and pieces may come back.
    pub const fn is_sold(&self) -> bool {
        match self {
            Self::Committed | Self::CommitFailed { .. } => true,
            Self::New
            | Self::Held { .. }
            | Self::Rejected { .. }
            | Self::Released
            | Self::Expired => false,
        }
    }
}
