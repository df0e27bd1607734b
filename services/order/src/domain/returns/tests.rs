//! The rules of returns.

use jiff::Timestamp;

use super::{ARROWS, ReturnAct, ReturnRefused, ReturnState, WindowRefused, check_window, free};
use crate::domain::credit::{CreditRefused, Pieces};
use crate::domain::seller_order::SellerOrderState;

const STATES: [ReturnState; 11] = [
    ReturnState::Requested,
    ReturnState::Approved,
    ReturnState::SentBack,
    ReturnState::Refused,
    ReturnState::RefusalContested,
    ReturnState::GoodsContested,
    ReturnState::Credited,
    ReturnState::RefusedForGood,
    ReturnState::Withdrawn,
    ReturnState::Expired,
    ReturnState::Settled,
];

#[test]
fn whatever_is_no_end_has_a_time_and_time_alone_ends_it() {
    for state in STATES {
        let is_end = ARROWS.iter().all(|(from, ..)| *from != state);
        assert_eq!(state.patience().is_none(), is_end, "{state:?}");
        let (mut at, mut steps) = (state, 0);
        while let Ok(next) = at.after(ReturnAct::TimeOver) {
            (at, steps) = (next, steps + 1);
            assert!(steps < STATES.len(), "{state:?} goes in circles");
        }
        assert_eq!(at.patience(), None, "{state:?} is left at {at:?}");
    }
}

#[test]
fn what_is_open_is_settled_from_wherever_it_stands_and_what_is_over_is_not() {
    for state in STATES {
        let settled = state.after(ReturnAct::Settle).ok();
        assert_eq!(settled, state.patience().map(|_| ReturnState::Settled), "{state:?}");
    }
}

#[test]
fn no_act_leads_two_ways_and_every_state_can_be_reached() {
    for (from, act, to) in ARROWS {
        assert_eq!(from.after(act), Ok(to));
    }
    for state in STATES {
        let reached = ARROWS.iter().any(|(.., to)| *to == state);
        assert!(reached || state == ReturnState::Requested, "{state:?}");
    }
}

#[test]
fn what_is_sent_back_or_decided_is_not_withdrawn() {
    for state in [ReturnState::SentBack, ReturnState::Credited, ReturnState::RefusedForGood] {
        let act = ReturnAct::Withdraw;
        assert_eq!(state.after(act), Err(ReturnRefused::NoArrow { state, act }));
    }
    let refused = ReturnState::SentBack.after(ReturnAct::Withdraw).unwrap_err();
    assert_eq!(refused.to_string(), "a return that is sent back cannot be withdrawn");
}

#[test]
fn the_window_is_open_to_its_last_moment() {
    let until: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
    let just_before: Timestamp = "2026-11-29T11:59:59.999Z".parse().unwrap();
    let ask = |state, now| check_window(state, Some(until), now);
    assert_eq!(ask(SellerOrderState::Delivered, just_before), Ok(()));
    let over = Err(WindowRefused::TooLate(ReturnRefused::WindowOver));
    assert_eq!(ask(SellerOrderState::Delivered, until), over);
    assert_eq!(ask(SellerOrderState::Completed, just_before), over);
    let early = ask(SellerOrderState::Shipped, just_before);
    assert!(matches!(early, Err(WindowRefused::NotDelivered(_))));
}

#[test]
fn pieces_are_in_one_open_return_at_a_time() {
    let of = |position, quantity| Pieces { position, quantity };
    let ask = |wanted: &[Pieces]| free(&[3, 1], &[of(0, 2)], wanted);
    assert_eq!(ask(&[of(0, 1), of(1, 1)]), Ok(vec![of(0, 1), of(1, 1)]));
    assert_eq!(ask(&[of(0, 2)]), Err(CreditRefused::NotLeft { position: 0, left: 1 }));
    assert_eq!(
        ask(&[of(1, 1), of(1, u32::MAX)]),
        Err(CreditRefused::NotLeft { position: 1, left: 1 })
    );
    assert_eq!(ask(&[of(7, 1)]), Err(CreditRefused::NoLine { position: 7 }));
}
