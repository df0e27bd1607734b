//! What is known of one order. Facts come in any order and more than once; each counts once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::Date;
use kernel::{SellerOrderId, VendorId};

/// Something that happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    Placed(Date),
    /// It could not become an order.
    Rejected(Date),
    /// It ended without being supplied.
    Cancelled(Date),
    /// It was sold, by so many sellers.
    Confirmed(Date, usize),
    /// One seller's part arrived.
    Delivered(SellerOrderId, VendorId, Date),
}

/// What is to be counted, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    Placed(Date),
    Rejected(Date),
    Cancelled(Date),
    /// An order sold.
    Confirmed(Date),
    /// A seller's part delivered.
    PartDelivered(VendorId, Date),
    /// The last part of an order delivered.
    Delivered(Date),
}

/// What is known of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    pub placed_on: Option<Date>,
    pub rejected_on: Option<Date>,
    pub cancelled_on: Option<Date>,
    /// When it was sold, by how many sellers.
    pub confirmed: Option<(Date, usize)>,
    /// When each part was delivered.
    pub parts_delivered: BTreeMap<SellerOrderId, Date>,
    /// When the last part was delivered.
    pub delivered_on: Option<Date>,
}

impl Story {
    /// Takes a fact in and says what is to be counted: nothing when it was known.
    pub fn apply(&mut self, what: Happened) -> Vec<Count> {
        let count = match what {
            Happened::Placed(day) => once(&mut self.placed_on, day, Count::Placed),
            Happened::Rejected(day) => once(&mut self.rejected_on, day, Count::Rejected),
            Happened::Cancelled(day) => once(&mut self.cancelled_on, day, Count::Cancelled),
            Happened::Confirmed(day, parts) => {
                once(&mut self.confirmed, (day, parts), |(day, _)| Count::Confirmed(day))
            }
            Happened::Delivered(part, vendor, day) => self.deliver(part, vendor, day),
        };
        count.into_iter().chain(self.arrive()).collect()
    }

    fn deliver(&mut self, part: SellerOrderId, vendor: VendorId, day: Date) -> Option<Count> {
        let Entry::Vacant(unknown) = self.parts_delivered.entry(part) else { return None };
        unknown.insert(day);
        Some(Count::PartDelivered(vendor, day))
    }

    /// An order has arrived when its last part has.
    fn arrive(&mut self) -> Option<Count> {
        let (_, parts) = self.confirmed?;
        let last = *self.parts_delivered.values().max()?;
        if self.parts_delivered.len() < parts {
            return None;
        }
        once(&mut self.delivered_on, last, Count::Delivered)
    }
}

fn once<T: Copy>(known: &mut Option<T>, heard: T, count: impl FnOnce(T) -> Count) -> Option<Count> {
    if known.is_some() {
        return None;
    }
    *known = Some(heard);
    Some(count(heard))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::Id;
    use proptest::prelude::*;

    use super::*;

    fn life() -> Vec<Happened> {
        let (first, second) = (Id::derived("part", &["1"]), Id::derived("part", &["2"]));
        let (lotus, peacock) = (Id::derived("vendor", &["1"]), Id::derived("vendor", &["2"]));
        vec![
            Happened::Placed(date(2026, 11, 1)),
            Happened::Confirmed(date(2026, 11, 2), 2),
            Happened::Delivered(first, lotus, date(2026, 11, 5)),
            Happened::Delivered(second, peacock, date(2026, 11, 4)),
        ]
    }

    fn told(facts: &[Happened]) -> (Story, Vec<Count>) {
        let mut story = Story::default();
        let mut counts: Vec<Count> = facts.iter().flat_map(|fact| story.apply(*fact)).collect();
        counts.sort();
        (story, counts)
    }

    #[test]
    fn an_order_arrives_with_its_last_part() {
        let (story, counts) = told(&life());
        assert_eq!(story.delivered_on, Some(date(2026, 11, 5)));
        assert_eq!(counts.iter().filter(|c| matches!(c, Count::Delivered(_))).count(), 1);
        let (half, _) = told(&life()[..3]);
        assert_eq!(half.delivered_on, None);
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_no_number(
            facts in prop::collection::vec(0_usize..4, 0..12)
                .prop_map(|again| [vec![0, 1, 2, 3], again].concat())
                .prop_shuffle()
        ) {
            let life = life();
            let jumbled: Vec<Happened> = facts.iter().filter_map(|nth| life.get(*nth)).copied().collect();
            prop_assert_eq!(told(&jumbled), told(&life));
        }
    }
}
