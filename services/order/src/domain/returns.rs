//! What a buyer sends back: from the wish to the credit. Every state but an end has a time, and time alone leads to an end.

use std::collections::BTreeMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::credit::{CreditRefused, Pieces, Stock};
use super::seller_order::{Act, SellerOrderState, TransitionRefused};
use super::shipment::{Carrier, TrackingNumber};

/// Where a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ReturnState {
    /// The buyer asked; the seller answers.
    Requested,
    /// The buyer may send it.
    Approved,
    /// The buyer says that it is on its way.
    SentBack,
    /// The seller will not have it back; the buyer may contest that.
    Refused,
    /// The buyer contests the refusal; staff decide.
    RefusalContested,
    /// The seller contests what came; staff decide.
    GoodsContested,
    /// It is back, and credited.
    Credited,
    /// It will not be taken back, and that stays.
    RefusedForGood,
    /// The buyer keeps it after all.
    Withdrawn,
    /// The buyer did not send it in time.
    Expired,
    /// What is in it was credited otherwise: the buyer's bank took the money back.
    Settled,
}

/// What can happen to a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ReturnAct {
    /// The buyer asks for it: it begins.
    Request,
    /// The seller will have it back.
    Approve,
    /// The seller will not.
    Refuse,
    /// The buyer keeps it after all.
    Withdraw,
    /// The buyer gives it to a carrier.
    SendBack,
    /// It reaches the seller as it should be.
    Receive,
    /// The buyer does not accept the refusal.
    ContestRefusal,
    /// The seller does not accept what came, or nothing came.
    ContestGoods,
    /// Staff say that it is to be taken back.
    DecideApprove,
    /// Staff say that it is to be credited.
    DecideCredit,
    /// Staff say that it is not.
    DecideRefuse,
    /// Whoever it waited for did nothing.
    TimeOver,
    /// The buyer's bank takes the money back, and its seller bears it: there is nothing left to credit.
    Settle,
}

/// Every arrow there is.
const ARROWS: [(ReturnState, ReturnAct, ReturnState); 24] = [
    (ReturnState::Requested, ReturnAct::Approve, ReturnState::Approved),
    (ReturnState::Requested, ReturnAct::Refuse, ReturnState::Refused),
    (ReturnState::Requested, ReturnAct::Withdraw, ReturnState::Withdrawn),
    (ReturnState::Requested, ReturnAct::TimeOver, ReturnState::Approved),
    (ReturnState::Approved, ReturnAct::SendBack, ReturnState::SentBack),
    (ReturnState::Approved, ReturnAct::Withdraw, ReturnState::Withdrawn),
    (ReturnState::Approved, ReturnAct::TimeOver, ReturnState::Expired),
    (ReturnState::SentBack, ReturnAct::Receive, ReturnState::Credited),
    (ReturnState::SentBack, ReturnAct::ContestGoods, ReturnState::GoodsContested),
    (ReturnState::SentBack, ReturnAct::TimeOver, ReturnState::Credited),
    (ReturnState::Refused, ReturnAct::ContestRefusal, ReturnState::RefusalContested),
    (ReturnState::Refused, ReturnAct::TimeOver, ReturnState::RefusedForGood),
    (ReturnState::RefusalContested, ReturnAct::DecideApprove, ReturnState::Approved),
    (ReturnState::RefusalContested, ReturnAct::DecideRefuse, ReturnState::RefusedForGood),
    (ReturnState::GoodsContested, ReturnAct::DecideCredit, ReturnState::Credited),
    (ReturnState::GoodsContested, ReturnAct::DecideRefuse, ReturnState::RefusedForGood),
    // The silence of staff is not the buyer's fault.
    (ReturnState::RefusalContested, ReturnAct::TimeOver, ReturnState::Approved),
    (ReturnState::GoodsContested, ReturnAct::TimeOver, ReturnState::Credited),
    (ReturnState::Requested, ReturnAct::Settle, ReturnState::Settled),
    (ReturnState::Approved, ReturnAct::Settle, ReturnState::Settled),
    (ReturnState::SentBack, ReturnAct::Settle, ReturnState::Settled),
    (ReturnState::Refused, ReturnAct::Settle, ReturnState::Settled),
    (ReturnState::RefusalContested, ReturnAct::Settle, ReturnState::Settled),
    (ReturnState::GoodsContested, ReturnAct::Settle, ReturnState::Settled),
];

/// Who takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReturnParty)]
pub enum Party {
    /// Who bought it.
    Buyer,
    /// Who sold it.
    Seller,
    /// The marketplace.
    Staff,
    /// Nobody did anything in time.
    Time,
    /// The buyer's bank.
    Bank,
}

/// Why a buyer sends something back.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ReturnReason {
    /// It came broken.
    Damaged,
    /// It does not work.
    Defective,
    /// It is not what was ordered.
    WrongItem,
    /// It is not as described.
    NotAsDescribed,
    /// It does not fit.
    DoesNotFit,
    /// The buyer changed their mind.
    ChangedMind,
}

/// How something came back.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Condition {
    /// It can be sold again.
    Resellable,
    /// It cannot.
    Damaged,
}

impl Condition {
    /// What becomes of the pieces.
    pub const fn stock(self) -> Stock {
        match self {
            Self::Resellable => Stock::Restock,
            Self::Damaged => Stock::WriteOff,
        }
    }
}

/// The parcel on its way back, as far as the buyer knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parcel {
    pub carrier: Option<Carrier>,
    /// Under which number the carrier knows it.
    pub tracking_number: Option<TrackingNumber>,
}

/// Why a return is refused, or a step of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReturnRefused {
    /// The buyer has had it for too long.
    #[error("the time to send it back is over")]
    WindowOver,
    /// The return has no such arrow.
    #[error("a return that is {state} cannot be {act}")]
    NoArrow {
        state: ReturnState,
        /// What was asked of it.
        act: ReturnAct,
    },
}

impl ReturnState {
    /// Where it stands after `act`.
    pub fn after(self, act: ReturnAct) -> Result<Self, ReturnRefused> {
        ARROWS
            .into_iter()
            .find(|(from, taken, _)| *from == self && *taken == act)
            .map(|(_, _, to)| to)
            .ok_or(ReturnRefused::NoArrow { state: self, act })
    }

    /// For how long it may stand here. An end stays.
    pub const fn patience(self) -> Option<SignedDuration> {
        let hours = match self {
            Self::Requested => 48,
            Self::Approved => 10 * 24,
            Self::Refused => 7 * 24,
            Self::SentBack | Self::RefusalContested | Self::GoodsContested => 14 * 24,
            Self::Credited
            | Self::RefusedForGood
            | Self::Withdrawn
            | Self::Expired
            | Self::Settled => return None,
        };
        Some(SignedDuration::from_hours(hours))
    }
}

impl ReturnAct {
    /// Whose step it is.
    pub const fn party(self) -> Party {
        match self {
            Self::Request | Self::Withdraw | Self::SendBack | Self::ContestRefusal => Party::Buyer,
            Self::Approve | Self::Refuse | Self::Receive | Self::ContestGoods => Party::Seller,
            Self::DecideApprove | Self::DecideCredit | Self::DecideRefuse => Party::Staff,
            Self::TimeOver => Party::Time,
            Self::Settle => Party::Bank,
        }
    }

    /// What made it happen, for the timeline of the order.
    pub const fn step(self) -> &'static str {
        match self {
            Self::Request => "buyer.return",
            Self::Withdraw => "buyer.return_withdrawn",
            Self::SendBack => "buyer.return_sent_back",
            Self::ContestRefusal => "buyer.return_contested",
            Self::Approve => "vendor.return_approved",
            Self::Refuse => "vendor.return_refused",
            Self::Receive => "vendor.return_received",
            Self::ContestGoods => "vendor.return_contested",
            Self::DecideApprove => "staff.return_approved",
            Self::DecideCredit => "staff.return_credited",
            Self::DecideRefuse => "staff.return_refused",
            Self::TimeOver => "timer.return_over",
            Self::Settle => "bank.return_settled",
        }
    }
}

/// Whether a seller order that stands at `state` may be sent back now; the buyer has until `until` to ask.
pub fn check_window(
    state: SellerOrderState,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), WindowRefused> {
    if state == SellerOrderState::Completed {
        return Err(ReturnRefused::WindowOver.into());
    }
    state.after(Act::Return)?;
    if until.is_some_and(|until| now < until) {
        return Ok(());
    }
    Err(ReturnRefused::WindowOver.into())
}

/// Why a seller order may not be sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WindowRefused {
    /// It is not delivered.
    #[error(transparent)]
    NotDelivered(#[from] TransitionRefused),
    /// The time is over.
    #[error(transparent)]
    TooLate(#[from] ReturnRefused),
}

/// So many pieces of each line that is left are in no open return, and in none that was refused for good.
fn not_held(left: &[u32], held: &[Pieces]) -> BTreeMap<u32, u32> {
    let mut free: BTreeMap<u32, u32> = (0_u32..).zip(left.iter().copied()).collect();
    for Pieces { position, quantity } in held {
        free.entry(*position).and_modify(|free| *free = free.saturating_sub(*quantity));
    }
    free
}

/// The pieces that may still be sent back.
pub fn returnable(left: &[u32], held: &[Pieces]) -> Vec<Pieces> {
    let free = not_held(left, held).into_iter().filter(|(_, quantity)| *quantity > 0);
    free.map(|(position, quantity)| Pieces { position, quantity }).collect()
}

/// The pieces that are asked for, one entry per line; they must be left, and not `held` by another return.
pub fn free(
    left: &[u32],
    held: &[Pieces],
    wanted: &[Pieces],
) -> Result<Vec<Pieces>, CreditRefused> {
    let free = not_held(left, held);
    let mut asked: BTreeMap<u32, u32> = BTreeMap::new();
    for Pieces { position, quantity } in wanted {
        let sum = asked.entry(*position).or_default();
        *sum = sum.saturating_add(*quantity);
    }
    asked
        .into_iter()
        .map(|(position, quantity)| {
            let left = free.get(&position).copied();
            let left = left.ok_or(CreditRefused::NoLine { position })?;
            if quantity > left {
                return Err(CreditRefused::NotLeft { position, left });
            }
            Ok(Pieces { position, quantity })
        })
        .collect()
}

impl fmt::Display for ReturnState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::SentBack => "sent back",
            Self::Refused => "refused",
            Self::RefusalContested | Self::GoodsContested => "contested",
            Self::Credited => "credited",
            Self::RefusedForGood => "refused for good",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Settled => "settled",
        })
    }
}

impl fmt::Display for ReturnAct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "requested",
            Self::Approve | Self::DecideApprove => "approved",
            Self::Refuse | Self::DecideRefuse => "refused",
            Self::Withdraw => "withdrawn",
            Self::SendBack => "sent back",
            Self::Receive => "received",
            Self::ContestRefusal | Self::ContestGoods => "contested",
            Self::DecideCredit => "credited",
            Self::TimeOver => "ended by time",
            Self::Settle => "settled",
        })
    }
}

#[cfg(test)]
mod tests;
