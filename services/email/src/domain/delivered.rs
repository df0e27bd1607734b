//! All that one seller supplies is with the buyer, as mail tells of it.

use contracts::order::SellerOrderArrived;
use jiff::Timestamp;
use kernel::VendorId;
use serde::{Deserialize, Serialize};

use super::india;
use super::receipt::Receipt;
use super::shipped::{self, Pieces};
use super::text::one_line;

/// The longest number shown.
const LONGEST: usize = 120;

/// What has arrived, and until when it can be sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// The seller order's number.
    pub number: String,
    pub vendor_id: VendorId,
    pub lines: Vec<Pieces>,
    /// Not known of what arrived before it was said.
    pub returnable_until: Option<Timestamp>,
    /// The time to send it back was over when this was heard.
    pub is_kept: bool,
}

impl Delivered {
    /// A seller order that has arrived, in the words of the order, where that was heard.
    #[must_use]
    pub fn of(event: &SellerOrderArrived, receipt: Option<&Receipt>, now: Timestamp) -> Self {
        let of = &event.seller_order;
        let section = receipt.and_then(|receipt| receipt.section_of(of.seller_order_id));
        Self {
            number: one_line(&of.number, LONGEST),
            vendor_id: of.vendor_id,
            lines: shipped::pieces(&event.lines, section),
            returnable_until: event.returnable_until,
            is_kept: event.returnable_until.is_some_and(|until| until <= now),
        }
    }

    /// `returnable_until` by the clocks of India.
    pub fn until(&self) -> Option<String> {
        self.returnable_until.map(india::by_the_clock)
    }
}
