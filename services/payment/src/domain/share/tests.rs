//! How what the buyer pays for one seller order is shared.

use kernel::Currency;

use super::samples::share;
use super::*;

#[test]
fn shares_have_to_be_the_whole_amount() {
    let shares =
        [share([92_178, 10_512, 1_892, 450, 90]), share([109_157, 12_448, 2_241, 527, 105])];
    assert_eq!(check(Money::inr(229_600), &shares), Ok(()));
    for wrong in [Money::inr(229_599), Money::inr(0), Money::new(229_600, Currency::Hkd)] {
        assert!(check(wrong, &shares).is_err(), "{wrong}");
    }
    assert!(check(Money::inr(1), &[]).is_err());
}

#[test]
fn the_parts_of_a_share_have_to_be_its_gross() {
    let mut torn = share([100, 10, 2, 1, 1]);
    torn.gross = Money::inr(115);
    assert!(check(Money::inr(115), &[torn]).is_err());
    let negative = share([120, -6, 0, 0, 0]);
    assert!(check(negative.gross, &[negative]).is_err());
}

#[test]
fn no_part_of_a_credit_is_more_than_is_left() {
    let left = share([43_758, 4_990, 898, 210, 43]);
    let back = |parts| Share { vendor_id: left.vendor_id, ..share(parts) };
    assert_eq!(check_credit(&left, &left), Ok(()));
    assert_eq!(check_credit(&left, &back([0, 0, 0, 0, 0])), Ok(()));
    // The same in all, but more of one part.
    assert!(check_credit(&left, &back([43_757, 4_991, 898, 210, 43])).is_err());
    assert!(check_credit(&left, &back([43_759, 4_990, 898, 210, 43])).is_err());
    assert!(check_credit(&left, &share([1, 0, 0, 0, 0])).is_err(), "another seller's");
}

#[test]
fn a_seller_order_is_shared_once() {
    let one = share([100, 0, 0, 0, 0]);
    assert!(check(Money::inr(200), &[one, one]).is_err());
}
