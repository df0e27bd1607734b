//! What the reasons are called in mail.

use crate::domain::back::{HeldUp, Hurdle, TakenBack, Unclaimed};
use crate::domain::letter::Ended;
use crate::domain::sent_back::Wish;

pub fn ended(why: Ended) -> &'static str {
    match why {
        Ended::Unpaid => "it was not paid in time",
        Ended::ByBuyer => "you cancelled it",
        Ended::NoCash => "cash on delivery is not possible for it",
        Ended::Otherwise => "it could not be completed",
    }
}

pub fn taken_back(why: TakenBack) -> &'static str {
    match why {
        TakenBack::ByBuyer => "You cancelled these items",
        TakenBack::ByStaff => "We are sorry: we had to cancel these items",
        TakenBack::BySeller => "We are sorry: the seller cannot supply these items",
        TakenBack::TooLate => "We are sorry: the seller did not send these items in time",
        TakenBack::Gone => "We are sorry: these items are sold out",
        TakenBack::Undelivered => {
            "These items could not be handed over and went back to the seller"
        }
        TakenBack::Lost => "We are sorry: these items were lost on their way to you",
        TakenBack::Returned => "You sent these items back",
        TakenBack::Reduced => "You keep these items, and we reduced their price",
        TakenBack::Otherwise => "These items will not be supplied",
    }
}

pub fn taken_from_seller(why: TakenBack) -> &'static str {
    match why {
        TakenBack::ByBuyer => "The buyer cancelled these items",
        TakenBack::ByStaff => "Mall cancelled these items",
        TakenBack::Reduced => {
            "The buyer keeps these items, and Mall reduced their price at your cost"
        }
        TakenBack::TooLate => "Your time for these items is over, and they are cancelled",
        TakenBack::Lost => "These items were lost on the way, and their buyer gets the money back",
        TakenBack::Returned => "These items were returned, and their buyer gets the money back",
        TakenBack::BySeller | TakenBack::Gone | TakenBack::Undelivered | TakenBack::Otherwise => {
            "These items were taken back"
        }
    }
}

pub fn unclaimed(why: Unclaimed) -> &'static str {
    match why {
        Unclaimed::Late => "It came after the order had ended",
        Unclaimed::Second => "The order was paid already",
        Unclaimed::Mismatch => {
            "It is not the amount that was asked for, so it does not pay the order"
        }
        Unclaimed::Excess => "It is more than was asked for",
        Unclaimed::Otherwise => "It belongs to no open order",
    }
}

pub fn sent_back(why: Wish) -> &'static str {
    match why {
        Wish::Damaged => "It came broken",
        Wish::Defective => "It does not work",
        Wish::WrongItem => "It is not what was ordered",
        Wish::NotAsDescribed => "It is not as it was described",
        Wish::DoesNotFit => "It does not fit",
        Wish::ChangedMind => "The buyer has changed their mind",
        Wish::Otherwise => "It was not what the buyer wanted",
    }
}

fn too_few(left: Option<u32>) -> String {
    match left {
        None => "not enough are left".into(),
        Some(0) => "none is left".into(),
        Some(1) => "only one is left".into(),
        Some(left) => format!("only {left} are left"),
    }
}

pub fn held_up(line: &HeldUp) -> String {
    match (line.hurdle, line.price) {
        (Hurdle::SoldOut, _) => too_few(line.left),
        (Hurdle::Price, Some(price)) => format!("the price has changed, it is {price} now"),
        (Hurdle::Price, None) => "the price has changed".into(),
        (Hurdle::NotForSale, _) => "it is not for sale any more".into(),
        (Hurdle::Stale, _) => "your order reached us too late".into(),
        (Hurdle::NotDeliverable, _) => {
            "its seller may not deliver to the state of your address".into()
        }
        (Hurdle::Otherwise, _) => "it cannot be ordered now".into(),
    }
}
