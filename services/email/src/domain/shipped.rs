//! A parcel on its way to the buyer, as mail tells of it.

use contracts::order::{MovedLine, SellerOrderShipped};
use kernel::VendorId;
use serde::{Deserialize, Serialize};

use super::receipt::{Receipt, Section};
use super::text::one_line;

/// The longest name or number shown.
const LONGEST: usize = 120;

/// Pieces of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pieces {
    /// What it was called in the order; its SKU where that is not known.
    pub title: String,
    pub quantity: u32,
}

/// A parcel on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipped {
    /// The seller order's number.
    pub number: String,
    pub vendor_id: VendorId,
    pub carrier: String,
    /// Under which number.
    pub tracking_number: String,
    /// What is in it; not known of what was written before it was said.
    #[serde(default)]
    pub lines: Vec<Pieces>,
    /// What is still to be sent.
    #[serde(default)]
    pub rest: Vec<Pieces>,
    /// Other parcels went before it, or something was taken back, and nothing comes after it.
    #[serde(default)]
    pub is_last: bool,
}

impl Shipped {
    /// A parcel, in the words of the order, where that was heard.
    #[must_use]
    pub fn of(event: &SellerOrderShipped, receipt: Option<&Receipt>) -> Self {
        let of = &event.seller_order;
        let section = receipt.and_then(|receipt| receipt.section_of(of.seller_order_id));
        let sold: Option<u32> =
            section.map(|section| section.lines.iter().map(|line| line.quantity).sum());
        let sent: u32 = event.lines.iter().map(|line| line.quantity).sum();
        Self {
            number: one_line(&of.number, LONGEST),
            vendor_id: of.vendor_id,
            carrier: one_line(&event.carrier, LONGEST),
            tracking_number: one_line(&event.tracking_number, LONGEST),
            lines: pieces(&event.lines, section),
            rest: pieces(&event.to_follow, section),
            is_last: event.to_follow.is_empty() && sold.is_some_and(|sold| sent < sold),
        }
    }
}

/// What moved, in the words of the order.
pub(super) fn pieces(moved: &[MovedLine], section: Option<&Section>) -> Vec<Pieces> {
    let title = |line: &MovedLine| {
        let sold = section.and_then(|section| {
            section.lines.iter().find(|sold| sold.sku.as_ref() == Some(&line.sku))
        });
        sold.map_or_else(|| line.sku.to_string(), |sold| sold.title.clone())
    };
    let pieces = |line: &MovedLine| Pieces { title: title(line), quantity: line.quantity };
    moved.iter().map(pieces).collect()
}

#[cfg(test)]
mod tests;
