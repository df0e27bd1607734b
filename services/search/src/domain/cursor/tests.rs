//! Where a page ended. The place is made of the hit itself, never of a count of hits, so a page

use proptest::prelude::*;

use super::*;

#[test]
fn a_cursor_of_another_order_is_refused() {
    let text = Place { first: 1, second: 2, id: 3 }.encode(Order::Newest);
    assert!(Place::decode(&text, Order::Newest).is_some());
    assert_eq!(Place::decode(&text, Order::Rating), None);
}

proptest! {
    #[test]
    fn what_is_written_is_read(first: u64, second: u64, id: u128) {
        let place = Place { first, second, id };
        prop_assert_eq!(Place::decode(&place.encode(Order::Vendors), Order::Vendors), Some(place));
    }

    #[test]
    fn any_other_text_is_refused(text in ".{0,100}") {
        prop_assert_eq!(Place::decode(&text, Order::Relevance), None);
    }
}
