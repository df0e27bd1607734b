//! No movement loses or makes a piece.

use proptest::prelude::*;

use super::*;

const KINDS: [Kind; 10] = [
    Kind::Receive,
    Kind::Adjust,
    Kind::Hold,
    Kind::Release,
    Kind::Expire,
    Kind::Commit,
    Kind::Ship,
    Kind::Uncommit,
    Kind::Restock,
    Kind::Lose,
];

fn adds_up(c: Counters) -> bool {
    c.available + c.held + c.committed == c.received - c.shipped
}

#[test]
fn the_level_is_out_low_or_in() {
    let level = |available| Counters { available, ..Counters::default() }.level();
    assert_eq!(level(0), Level::Out);
    assert_eq!([level(1), level(5)], [Level::Low, Level::Low]);
    assert_eq!(level(6), Level::In);
}

#[test]
fn a_count_is_some_and_not_too_many() {
    assert!([1, -1, 1_000_000, -1_000_000].into_iter().all(|n| Count::try_from(n).is_ok()));
    assert!([0, 1_000_001, i64::MIN].into_iter().all(|n| Count::try_from(n).is_err()));
}

proptest! {
    #[test]
    fn whatever_moves_the_counters_add_up(moves in prop::collection::vec((0_usize..10, 1_i64..50), 0..60)) {
        let mut now = Counters::default();
        for (kind, n) in moves {
            let kind = KINDS[kind];
            let n = if kind == Kind::Adjust { -n } else { n };
            if let Some(next) = now.plus(kind.change(n)) {
                now = next;
            }
            prop_assert!(adds_up(now), "{now:?}");
            prop_assert!(now.available >= 0);
        }
    }
}
