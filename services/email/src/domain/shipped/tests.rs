//! A parcel on its way to the buyer, as mail tells of it.

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
