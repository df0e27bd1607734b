//! What one seller supplies, on its way from the confirmed order to the buyer's door and, at times, back.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

/// Where a seller order stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[schema(as = SellerOrderStatus)]
pub enum SellerOrderState {
    /// The order is not confirmed yet; its seller does not see it.
    Pending,
    /// The seller is asked to supply it.
    Confirmed,
    /// The seller took it on.
    Accepted,
    /// The parcel is packed.
    Packed,
    /// A carrier has it.
    Shipped,
    /// The buyer has it.
    Delivered,
    /// The time to return it is over.
    Completed,
    /// The seller cannot supply it.
    VendorRejected,
    /// The seller did nothing in time.
    SlaExpired,
    /// The buyer changed their mind before it was shipped.
    BuyerCancelled,
    /// Staff cancelled it before it was shipped.
    StaffCancelled,
    /// It was paid for and is gone.
    Unavailable,
    /// The buyer did not take it; it goes back (return to origin).
    Rto,
    /// The buyer did not take it, and it is back.
    RtoReceived,
    /// The carrier lost it.
    Lost,
    /// The buyer sent it back.
    Returned,
    /// The order ended without being confirmed.
    Cancelled,
}

/// What can happen to a seller order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// The order was confirmed.
    Confirm,
    /// The order ended without being confirmed.
    Void,
    /// The seller takes it on.
    Accept,
    /// The seller cannot supply it.
    Reject,
    /// The seller's time is over.
    Expire,
    /// The buyer changes their mind.
    CancelByBuyer,
    /// Staff cancel it.
    CancelByStaff,
    /// Its pieces are gone.
    RunOut,
    /// The seller packs it.
    Pack,
    /// The seller hands it to a carrier.
    Ship,
    /// It reaches the buyer.
    Deliver,
    /// The buyer does not take it.
    TurnAway,
    /// What the buyer did not take reaches the seller.
    ComeBack,
    /// The carrier loses it.
    Lose,
    /// The buyer sends it back.
    Return,
    /// The time to return it is over.
    Complete,
    /// The buyer's bank takes the money back. What the buyer has stays there.
    Charge,
}

/// Every arrow there is; anything else is refused.
pub const ARROWS: [(SellerOrderState, Act, SellerOrderState); 33] = [
    (SellerOrderState::Pending, Act::Confirm, SellerOrderState::Confirmed),
    (SellerOrderState::Pending, Act::Void, SellerOrderState::Cancelled),
    (SellerOrderState::Confirmed, Act::Accept, SellerOrderState::Accepted),
    (SellerOrderState::Confirmed, Act::Reject, SellerOrderState::VendorRejected),
    (SellerOrderState::Confirmed, Act::Expire, SellerOrderState::SlaExpired),
    (SellerOrderState::Confirmed, Act::CancelByBuyer, SellerOrderState::BuyerCancelled),
    (SellerOrderState::Confirmed, Act::CancelByStaff, SellerOrderState::StaffCancelled),
    (SellerOrderState::Confirmed, Act::RunOut, SellerOrderState::Unavailable),
    (SellerOrderState::Accepted, Act::Pack, SellerOrderState::Packed),
    (SellerOrderState::Accepted, Act::Reject, SellerOrderState::VendorRejected),
    (SellerOrderState::Accepted, Act::Expire, SellerOrderState::SlaExpired),
    (SellerOrderState::Accepted, Act::CancelByBuyer, SellerOrderState::BuyerCancelled),
    (SellerOrderState::Accepted, Act::CancelByStaff, SellerOrderState::StaffCancelled),
    (SellerOrderState::Accepted, Act::RunOut, SellerOrderState::Unavailable),
    (SellerOrderState::Packed, Act::Ship, SellerOrderState::Shipped),
    (SellerOrderState::Packed, Act::Reject, SellerOrderState::VendorRejected),
    (SellerOrderState::Packed, Act::Expire, SellerOrderState::SlaExpired),
    (SellerOrderState::Packed, Act::CancelByBuyer, SellerOrderState::BuyerCancelled),
    (SellerOrderState::Packed, Act::CancelByStaff, SellerOrderState::StaffCancelled),
    (SellerOrderState::Packed, Act::RunOut, SellerOrderState::Unavailable),
    (SellerOrderState::Shipped, Act::Deliver, SellerOrderState::Delivered),
    (SellerOrderState::Shipped, Act::TurnAway, SellerOrderState::Rto),
    (SellerOrderState::Shipped, Act::Lose, SellerOrderState::Lost),
    (SellerOrderState::Rto, Act::Deliver, SellerOrderState::Delivered),
    (SellerOrderState::Rto, Act::ComeBack, SellerOrderState::RtoReceived),
    (SellerOrderState::Rto, Act::Lose, SellerOrderState::Lost),
    (SellerOrderState::Delivered, Act::Complete, SellerOrderState::Completed),
    (SellerOrderState::Delivered, Act::Return, SellerOrderState::Returned),
    (SellerOrderState::Confirmed, Act::Charge, SellerOrderState::StaffCancelled),
    (SellerOrderState::Accepted, Act::Charge, SellerOrderState::StaffCancelled),
    (SellerOrderState::Packed, Act::Charge, SellerOrderState::StaffCancelled),
    (SellerOrderState::Shipped, Act::Charge, SellerOrderState::Lost),
    (SellerOrderState::Rto, Act::Charge, SellerOrderState::Lost),
];

/// A step along an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    pub from: SellerOrderState,
    /// Where it stands now.
    pub to: SellerOrderState,
}

impl Transition {
    /// Its order is paid for.
    pub const CONFIRM: Self =
        Self { from: SellerOrderState::Pending, to: SellerOrderState::Confirmed };
    /// Its order ended before.
    pub const VOID: Self =
        Self { from: SellerOrderState::Pending, to: SellerOrderState::Cancelled };
}

/// The seller order has no such arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a seller order that is {state} cannot be {act}")]
pub struct TransitionRefused {
    pub state: SellerOrderState,
    /// What was asked of it.
    pub act: Act,
}

/// What a seller order waits for, and not for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// That the seller accepts it.
    Accept,
    /// That the seller ships it, packed or not.
    Ship,
    /// That it reaches the buyer.
    Arrive,
    /// That it comes back, or reaches the buyer after all.
    ComeBack,
    /// That the buyer keeps it: the time to send it back runs.
    Keep,
}

/// What its seller has to do in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Take it on.
    Accept,
    /// Give it to a carrier.
    Ship,
}

impl Wait {
    /// What its seller has to do, where it waits for its seller.
    pub const fn step(self) -> Option<Step> {
        match self {
            Self::Accept => Some(Step::Accept),
            Self::Ship => Some(Step::Ship),
            Self::Arrive | Self::ComeBack | Self::Keep => None,
        }
    }
}

impl SellerOrderState {
    /// What it waits for here. What waits for nothing is at its end, or not begun.
    pub const fn waits_for(self) -> Option<Wait> {
        match self {
            Self::Confirmed => Some(Wait::Accept),
            Self::Accepted | Self::Packed => Some(Wait::Ship),
            Self::Shipped => Some(Wait::Arrive),
            Self::Rto => Some(Wait::ComeBack),
            Self::Delivered => Some(Wait::Keep),
            Self::Pending
            | Self::Completed
            | Self::VendorRejected
            | Self::SlaExpired
            | Self::BuyerCancelled
            | Self::StaffCancelled
            | Self::Unavailable
            | Self::RtoReceived
            | Self::Lost
            | Self::Returned
            | Self::Cancelled => None,
        }
    }

    /// Where it stands after `act`.
    pub fn after(self, act: Act) -> Result<Self, TransitionRefused> {
        ARROWS
            .into_iter()
            .find(|(from, taken, _)| *from == self && *taken == act)
            .map(|(_, _, to)| to)
            .ok_or(TransitionRefused { state: self, act })
    }
}

impl fmt::Display for SellerOrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Accepted => "accepted",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Completed => "completed",
            Self::VendorRejected => "rejected by its seller",
            Self::SlaExpired => "expired",
            Self::BuyerCancelled => "cancelled by its buyer",
            Self::StaffCancelled => "cancelled by staff",
            Self::Unavailable => "sold out",
            Self::Rto => "on its way back",
            Self::RtoReceived => "back",
            Self::Lost => "lost",
            Self::Returned => "returned",
            Self::Cancelled => "cancelled",
        })
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Confirm => "confirmed",
            Self::Void => "voided",
            Self::Accept => "accepted",
            Self::Reject => "rejected",
            Self::Expire => "expired",
            Self::CancelByBuyer => "cancelled by its buyer",
            Self::CancelByStaff => "cancelled by staff",
            Self::RunOut => "sold out",
            Self::Pack => "packed",
            Self::Ship => "shipped",
            Self::Deliver => "delivered",
            Self::TurnAway => "turned away",
            Self::ComeBack => "received back",
            Self::Lose => "lost",
            Self::Return => "returned",
            Self::Complete => "completed",
            Self::Charge => "charged back",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ARROWS, Act, SellerOrderState};

    const ACTS: [Act; 17] = [
        Act::Confirm,
        Act::Void,
        Act::Accept,
        Act::Reject,
        Act::Expire,
        Act::CancelByBuyer,
        Act::CancelByStaff,
        Act::RunOut,
        Act::Pack,
        Act::Ship,
        Act::Deliver,
        Act::TurnAway,
        Act::ComeBack,
        Act::Lose,
        Act::Return,
        Act::Complete,
        Act::Charge,
    ];

    fn history(acts: &[Act]) -> Vec<SellerOrderState> {
        let mut history = vec![SellerOrderState::Pending];
        for act in acts {
            history.extend(history[history.len() - 1].after(*act));
        }
        history
    }

    #[test]
    fn the_way_to_the_door_has_no_short_cuts() {
        let way = [Act::Confirm, Act::Accept, Act::Pack, Act::Ship, Act::Deliver, Act::Complete];
        assert_eq!(history(&way).last(), Some(&SellerOrderState::Completed));
        for missing in 0..way.len() - 1 {
            let mut shorter = way.to_vec();
            let left_out = shorter.remove(missing);
            assert_ne!(
                history(&shorter).last(),
                Some(&SellerOrderState::Completed),
                "without {left_out:?}"
            );
        }
    }

    #[test]
    fn nothing_is_cancelled_or_rejected_once_a_carrier_has_it() {
        for state in
            [SellerOrderState::Shipped, SellerOrderState::Delivered, SellerOrderState::Completed]
        {
            for act in [Act::Reject, Act::Expire, Act::CancelByBuyer, Act::CancelByStaff, Act::Void]
            {
                assert!(state.after(act).is_err(), "{state:?} {act:?}");
            }
        }
    }

    #[test]
    fn ends_stay() {
        let ends = [
            SellerOrderState::Completed,
            SellerOrderState::VendorRejected,
            SellerOrderState::SlaExpired,
            SellerOrderState::BuyerCancelled,
            SellerOrderState::StaffCancelled,
            SellerOrderState::Unavailable,
            SellerOrderState::RtoReceived,
            SellerOrderState::Lost,
            SellerOrderState::Returned,
            SellerOrderState::Cancelled,
        ];
        for end in ends {
            assert!(ACTS.into_iter().all(|act| end.after(act).is_err()), "{end:?}");
        }
    }

    /// Pending waits with its order, which has a timer of its own.
    #[test]
    fn every_state_but_an_end_waits_for_something_and_time_can_end_it() {
        for (state, ..) in ARROWS {
            if state != SellerOrderState::Pending {
                let wait = state.waits_for().unwrap();
                let ends = [Act::Expire, Act::Lose, Act::Complete];
                let late = ends.map(|act| state.after(act).is_ok());
                assert_eq!(late.into_iter().filter(|can| *can).count(), 1, "{state:?} {wait:?}");
            }
        }
        for (.., state) in ARROWS {
            let is_end = ACTS.into_iter().all(|act| state.after(act).is_err());
            assert!(!is_end || state.waits_for().is_none(), "{state:?}");
        }
    }

    #[test]
    fn no_act_leads_two_ways_and_none_can_be_repeated() {
        for (from, act, to) in ARROWS {
            assert_eq!(from.after(act), Ok(to));
            assert!(to.after(act).is_err(), "{act:?} twice");
        }
    }

    #[test]
    fn a_refusal_says_what_was_asked_of_what() {
        let refused = SellerOrderState::Packed.after(Act::Accept).unwrap_err();
        assert_eq!(refused.to_string(), "a seller order that is packed cannot be accepted");
    }

    proptest! {
        #[test]
        fn any_order_and_any_number_of_duplicates_is_a_path_that_never_comes_back(
            picks in prop::collection::vec(0..ACTS.len(), 0..60),
        ) {
            let acts: Vec<Act> = picks.into_iter().map(|pick| ACTS[pick]).collect();
            let history = history(&acts);
            for pair in history.windows(2) {
                prop_assert!(ARROWS.iter().any(|(from, _, to)| (*from, *to) == (pair[0], pair[1])));
            }
            let mut seen = history.clone();
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), history.len());
        }
    }
}
