//! Laws of the standing of sellers.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{Ruling, SellerStatus, SellerStep, Standing};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn ruling() -> impl Strategy<Value = Ruling> {
    prop_oneof![
        Just(Ruling::Approve),
        Just(Ruling::Reject { reason: "unreadable".into() }),
        Just(Ruling::Suspend { reason: "late parcels".into() }),
    ]
}

fn status() -> impl Strategy<Value = SellerStatus> {
    prop_oneof![
        Just(SellerStatus::Draft),
        Just(SellerStatus::Submitted),
        Just(SellerStatus::Approved),
        Just(SellerStatus::Rejected { reason: "unreadable".into() }),
        Just(SellerStatus::Suspended { reason: "late parcels".into() }),
    ]
}

fn decisions() -> impl Strategy<Value = Vec<(Ruling, i64)>> {
    prop::collection::vec((ruling(), 0_i64..20), 0..12)
}

fn standing(status: SellerStatus) -> Standing {
    Standing { status, decided_at: None }
}

#[test]
fn every_arrow_there_is() {
    let reason = || "why".to_owned();
    let arrows = [
        (SellerStatus::Submitted, Ruling::Approve, "approved"),
        (SellerStatus::Submitted, Ruling::Reject { reason: reason() }, "rejected"),
        (SellerStatus::Approved, Ruling::Suspend { reason: reason() }, "suspended"),
        (SellerStatus::Suspended { reason: reason() }, Ruling::Approve, "approved"),
    ];
    for (from, ruling, to) in arrows {
        let mut standing = standing(from);
        assert_eq!(standing.apply(ruling, at(1)), SellerStep::Moved);
        assert_eq!(standing.status.into_str(), to);
    }
    let mut rejected = standing(SellerStatus::Rejected { reason: reason() });
    assert!(rejected.submit().is_ok());
    assert_eq!(rejected.status, SellerStatus::Submitted);
    assert!(rejected.submit().is_err());
}

proptest! {
    #[test]
    fn without_a_submission_no_decision_moves_anything(heard in decisions()) {
        let mut draft = Standing::new();
        for (ruling, when) in heard {
            prop_assert_eq!(draft.apply(ruling, at(when)), SellerStep::Unmoved);
        }
        prop_assert_eq!(draft.status, SellerStatus::Draft);
    }

    #[test]
    fn a_decision_heard_again_at_any_later_moment_changes_nothing(
        from in status(), heard in decisions(), again in any::<prop::sample::Index>(),
    ) {
        prop_assume!(!heard.is_empty());
        let mut once = standing(from);
        for (ruling, when) in &heard {
            once.apply(ruling.clone(), at(*when));
        }
        let mut twice = once.clone();
        let (ruling, when) = again.get(&heard).clone();
        prop_assert_eq!(twice.apply(ruling, at(when)), SellerStep::Unmoved);
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn a_resubmission_is_not_decided_by_an_old_decision(heard in decisions(), when in 0_i64..20) {
        let mut first = standing(SellerStatus::Submitted);
        first.apply(Ruling::Reject { reason: "unreadable".into() }, at(20));
        first.submit().unwrap();
        for (ruling, _) in heard {
            prop_assert_eq!(first.apply(ruling, at(when)), SellerStep::Unmoved);
        }
        prop_assert_eq!(first.status, SellerStatus::Submitted);
    }

    #[test]
    fn nobody_sells_without_the_latest_word_being_in_favour(from in status(), heard in decisions()) {
        prop_assume!(from != SellerStatus::Approved);
        let mut seller = standing(from);
        let mut latest: Option<(Ruling, i64)> = None;
        for (ruling, when) in heard {
            if latest.as_ref().is_none_or(|(_, newest)| when > *newest) {
                latest = Some((ruling.clone(), when));
            }
            seller.apply(ruling, at(when));
            if seller.status == SellerStatus::Approved {
                // A rejection says nothing about a seller who was approved before it.
                let suspended = matches!(&latest, Some((Ruling::Suspend { .. }, _)) | None);
                prop_assert!(!suspended);
            }
        }
    }
}
