//! The SKUs a transaction has locked, and what moving pieces does to them.

use kernel::CheckoutId;

use super::super::stock::{Cause, Kind};
use super::*;

fn shelf(available: i64) -> Shelf {
    let counters = Counters { received: available, available, ..Counters::default() };
    let slot = Slot { product_id: ProductId::new(), vendor_id: VendorId::new(), counters };
    [(Sku::parse("A").unwrap(), slot)].into_iter().collect()
}

fn moved(sku: &str, kind: Kind, quantity: i64) -> Move {
    let cause = Cause::Checkout(CheckoutId::new());
    Move { sku: Sku::parse(sku).unwrap(), kind, quantity, cause }
}

#[test]
fn a_level_is_named_once_and_only_when_it_changed_on_the_whole() {
    let mut shelf = shelf(8);
    assert_eq!(shelf.carry_out(&[moved("A", Kind::Hold, 2)]), Ok(vec![]));
    let crossed = shelf.carry_out(&[moved("A", Kind::Hold, 4), moved("A", Kind::Commit, 4)]);
    assert_eq!(crossed.unwrap()[0].level, Level::Low);
    let there_and_back = [moved("A", Kind::Hold, 2), moved("A", Kind::Release, 2)];
    assert_eq!(shelf.carry_out(&there_and_back), Ok(vec![]));
}

#[test]
fn too_much_moves_nothing() {
    let mut shelf = shelf(3);
    let before = shelf.clone();
    let moves = [moved("A", Kind::Hold, 2), moved("A", Kind::Hold, 2)];
    assert_eq!(shelf.carry_out(&moves), Err(Short(Sku::parse("A").unwrap())));
    assert!(shelf.carry_out(&[moved("B", Kind::Receive, 1)]).is_err());
    assert_eq!(shelf, before);
}
