//! What has to be done before what was asked for, to be said with a refusal.

use super::returns::{ReturnAct, ReturnRefused, ReturnState};
use super::seller_order::{Act, SellerOrderState, TransitionRefused};

/// Of a seller order. Nothing where nothing leads there.
pub const fn of_part(TransitionRefused { state, act }: TransitionRefused) -> &'static str {
    match (state, act) {
        (SellerOrderState::Confirmed, Act::Pack | Act::Ship | Act::Deliver | Act::TurnAway) => {
            ": accept it first"
        }
        (SellerOrderState::Accepted, Act::Ship | Act::Deliver | Act::TurnAway) => ": pack it first",
        (SellerOrderState::Packed, Act::Deliver | Act::TurnAway | Act::Lose | Act::ComeBack) => {
            ": ship it first"
        }
        (SellerOrderState::Shipped | SellerOrderState::Rto, Act::Return) => {
            ": it can be sent back once the last of its parcels has arrived, is back or is lost"
        }
        (SellerOrderState::Shipped, Act::ComeBack) => ": report first that it was turned away",
        (SellerOrderState::Pending, Act::CancelByBuyer) => {
            " on its own: as long as the order is not confirmed, cancel all of it"
        }
        _ => "",
    }
}

/// Of a return that staff decide.
pub const fn of_return(refused: ReturnRefused) -> &'static str {
    match refused {
        ReturnRefused::NoArrow {
            state: ReturnState::RefusalContested,
            act: ReturnAct::DecideCredit,
        } => {
            ": its refusal is contested and nothing was sent back yet, so `approve` or `refuse` it"
        }
        ReturnRefused::NoArrow {
            state: ReturnState::GoodsContested,
            act: ReturnAct::DecideApprove,
        } => ": what came back is contested, so `credit` or `refuse` it",
        ReturnRefused::NoArrow { .. } | ReturnRefused::WindowOver => "",
    }
}
