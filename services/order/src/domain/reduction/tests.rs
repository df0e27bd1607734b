//! What a reduction takes, and what it leaves.

use kernel::{Money, UserId};
use proptest::prelude::*;

use super::{ReductionRefused, ReductionState, spread};
use crate::domain::credit::tests::{REGISTERED, Story, amounts, part};
use crate::domain::credit::{Credit, CreditRefused, Pieces};

fn reduce(story: &mut Story<'_>, by: i64) -> Result<Credit, ReductionRefused> {
    let credit = story.remainder().reduce(Money::inr(by))?;
    Ok(story.without(credit))
}

#[test]
fn no_piece_goes_back_and_everybody_gives_their_share() {
    let part = part(REGISTERED, &[(3, 49_900, 1800)]);
    let mut story = Story::of(&part);
    let credit = reduce(&mut story, 10_000).unwrap();
    assert_eq!(amounts(&credit), [10_000, 8474, 1000, 180, 42, 9, 8769]);
    assert_eq!((credit.lines[0].pieces.quantity, credit.ended), (0, false));
    assert_eq!(credit.lines[0].tax, Money::inr(2 * 763));
    assert_eq!(story.left, [3]);
}

#[test]
fn what_comes_back_later_gives_what_is_left_of_its_price() {
    let part = part(REGISTERED, &[(3, 49_900, 1800)]);
    let mut story = Story::of(&part);
    reduce(&mut story, 10_000).unwrap();
    // A third of 139 700, and the odd paisa with the first.
    let gross = [story.piece(0), story.piece(0), story.piece(0)].map(|it| it.gross.minor());
    assert_eq!(gross, [46_567, 46_567, 46_566]);
    assert!(story.gross.is_zero() && story.share.payable.is_zero());
}

#[test]
fn a_rupee_of_each_piece_stays() {
    let part = part(REGISTERED, &[(2, 5000, 0), (1, 10_000, 0)]);
    let mut story = Story::of(&part);
    let (least, most) = (Money::inr(100), Money::inr(19_700));
    for wrong in [0, -1, 99, 19_701] {
        assert_eq!(reduce(&mut story, wrong), Err(ReductionRefused::OutOfRange { least, most }));
    }
    assert_eq!(reduce(&mut story, 19_700).unwrap().gross, most);
    let most = Money::inr(0);
    assert_eq!(reduce(&mut story, 100), Err(ReductionRefused::OutOfRange { least, most }));
    assert_eq!([story.piece(0), story.piece(0), story.piece(1)].map(|it| it.gross), [least; 3]);
}

#[test]
fn nobody_agrees_to_what_they_proposed_and_nothing_is_decided_twice() {
    let (one, other) = (UserId::new(), UserId::new());
    let (proposed, done, declined) =
        (ReductionState::Proposed, ReductionState::Done, ReductionState::Declined);
    assert_eq!(proposed.decide(done, one, one), Err(ReductionRefused::OwnApproval));
    assert_eq!(proposed.decide(done, one, other), Ok(()));
    assert_eq!(proposed.decide(declined, one, one), Ok(()));
    for over in [done, declined] {
        assert_eq!(over.decide(done, one, other), Err(ReductionRefused::Decided));
    }
}

proptest! {
    #[test]
    fn what_is_spread_is_all_of_it_and_nobody_gets_more_than_their_weight(
        weights in prop::collection::vec(0_i64..1_000_000, 1..6),
        part in 0_i64..=1000,
    ) {
        let all: i64 = weights.iter().sum();
        let amount = all * part / 1000;
        let shares = spread(amount, &weights);
        prop_assert_eq!(shares.iter().sum::<i64>(), amount);
        prop_assert!(shares.iter().zip(&weights).all(|(share, weight)| (0..=*weight).contains(share)));
    }

    #[test]
    fn reductions_and_returns_in_any_order_add_up(
        lines in prop::collection::vec(
            (1_u32..5, 1000_i64..1_000_000, prop::sample::select(vec![0_u32, 500, 1800])), 1..4,
        ),
        steps in prop::collection::vec((any::<prop::sample::Index>(), 0_i64..50_000), 0..12),
    ) {
        let part = part(REGISTERED, &lines);
        let mut story = Story::of(&part);
        let mut given = 0;
        for (pick, by) in steps {
            let position = u32::try_from(pick.index(lines.len())).unwrap();
            let piece = || vec![Pieces { position, quantity: 1 }];
            let credit = if by < 10_000 {
                story.take(Some(&piece())).map_err(ReductionRefused::Credit)
            } else {
                reduce(&mut story, by)
            };
            let credit = match credit {
                Ok(credit) => credit,
                Err(refused) => {
                    let divides = refused != ReductionRefused::Credit(CreditRefused::Indivisible);
                    prop_assert!(divides, "what costs a rupee or more can come back");
                    continue;
                }
            };
            given += credit.gross.minor();
            for line in &credit.lines {
                prop_assert_eq!(line.taxable.add(line.tax).unwrap(), line.total);
            }
            let [taxable, rest @ ..] = credit.share.components();
            let taxed = Money::sum(credit.lines.iter().map(|it| it.taxable), taxable.currency());
            prop_assert_eq!(taxed.unwrap(), taxable);
            prop_assert_eq!(Money::sum(rest, taxable.currency()).unwrap(), credit.gross);
        }
        if story.left.iter().any(|left| *left > 0) {
            given += story.take(None).unwrap().gross.minor();
        }
        prop_assert_eq!(given, part.total.minor());
    }
}
