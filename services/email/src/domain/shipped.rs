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
        let mut sections = receipt.iter().flat_map(|receipt| &receipt.sections);
        let section = sections.find(|section| section.seller_order_id == of.seller_order_id);
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

fn pieces(moved: &[MovedLine], section: Option<&Section>) -> Vec<Pieces> {
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
mod tests {
    use contracts::order::{MovedLine, OrderConfirmed, SellerOrderShipped};
    use testkit::sample;

    use super::{Receipt, Shipped};

    #[test]
    fn a_parcel_is_told_in_the_words_of_the_order_with_what_follows() {
        let receipt = Receipt::of(&sample::<OrderConfirmed>().order);
        let title = receipt.sections[0].lines[0].title.clone();
        let mut event = SellerOrderShipped { to_follow: Vec::new(), ..sample() };
        let whole = Shipped::of(&event, Some(&receipt));
        assert_eq!((whole.lines[0].title.as_str(), whole.lines[0].quantity), (&*title, 2));
        assert!(whole.rest.is_empty() && !whole.is_last);

        let one = MovedLine { quantity: 1, ..event.lines[0].clone() };
        event.lines = vec![one.clone()];
        let last = Shipped::of(&event, Some(&receipt));
        assert!(last.is_last);
        event.to_follow = vec![one];
        let first = Shipped::of(&event, Some(&receipt));
        assert!(!first.is_last);
        assert_eq!((first.rest[0].title.as_str(), first.rest[0].quantity), (&*title, 1));
        let unheard = Shipped::of(&event, None);
        assert_eq!(unheard.lines[0].title, "LAMP-BRASS-18");
    }
}
