//! The parcels that a seller order goes out in, and where they leave it.

use jiff::Timestamp;
use kernel::ParcelId;

use super::credit::{CreditRefused, Pieces};
use super::seller_order::{Act, SellerOrderState, TransitionRefused};
use super::shipment::Shipment;

/// A parcel of a seller order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    pub id: ParcelId,
    /// The how many-th of its seller order, from 1.
    pub nth: i32,
    /// From [`SellerOrderState::Shipped`] on: it takes the same ways as a seller order that goes out in one.
    pub state: SellerOrderState,
    pub shipment: Shipment,
    pub pieces: Vec<Pieces>,
    /// Not known of what the release before shipped.
    pub shipped_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    /// Until when it has to arrive or to come back, or may be sent back.
    pub due_at: Option<Timestamp>,
}

impl Parcel {
    /// Its pieces are out: with a carrier, or with the buyer.
    pub const fn is_out(&self) -> bool {
        use SellerOrderState::{Delivered, Rto, Shipped};
        matches!(self.state, Shipped | Rto | Delivered)
    }

    /// A carrier has it.
    pub const fn is_on_its_way(&self) -> bool {
        matches!(self.state, SellerOrderState::Shipped | SellerOrderState::Rto)
    }
}

/// Why a parcel cannot be sent, or nothing be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParcelRefused {
    /// The seller order has no such parcel.
    #[error("the seller order has no such parcel")]
    Unknown,
    #[error(transparent)]
    Transition(#[from] TransitionRefused),
    /// Some of its parcels can, and it has to be said which.
    #[error(transparent)]
    NotAsAWhole(TransitionRefused),
    #[error(transparent)]
    Credit(#[from] CreditRefused),
}

/// A seller order on its way out: what is left of it, and what of that left the house.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// Where the seller order stands.
    pub state: SellerOrderState,
    /// How many pieces of each line were not taken back.
    pub left: &'a [u32],
    pub parcels: &'a [Parcel],
}

/// What is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Which pieces; all that is left if none are named.
    pub pieces: Option<Vec<Pieces>>,
    /// The parcels they are in.
    pub parcels: Vec<ParcelId>,
}

impl Sending<'_> {
    /// A bank took the money of all of it back while parcels were on their way. They go on to their ends without it.
    pub fn is_settled(&self) -> bool {
        self.state == SellerOrderState::Lost && self.parcels.iter().any(Parcel::is_on_its_way)
    }

    /// How many pieces of each line are in no parcel yet.
    pub fn unsent(&self) -> Vec<u32> {
        let out: Vec<Pieces> = pieces_in(self.parcels.iter().filter(|parcel| parcel.is_out()));
        let unsent = |(left, position): (&u32, u32)| left.saturating_sub(count(&out, position));
        self.left.iter().zip(0..).map(unsent).collect()
    }

    /// What a parcel that is sent now holds: `wanted`, or all that is in none yet.
    pub fn send(&self, wanted: Option<&[Pieces]>) -> Result<Vec<Pieces>, ParcelRefused> {
        self.state.after(Act::Ship)?;
        self.of_unsent(wanted).map_err(ParcelRefused::from)
    }

    /// The parcels that `act` is about: the one that is named, or all that it can happen to.
    pub fn addressed(
        &self,
        act: Act,
        named: Option<ParcelId>,
    ) -> Result<Vec<ParcelId>, ParcelRefused> {
        let Some(id) = named else {
            let able = self.parcels.iter().filter(|parcel| parcel.state.after(act).is_ok());
            let able: Vec<_> = able.map(|parcel| parcel.id).collect();
            return match self.state.after(act) {
                Ok(_) => Ok(able),
                Err(refused) if able.is_empty() => Err(refused.into()),
                Err(_) if self.is_settled() => Ok(able),
                Err(refused) => Err(ParcelRefused::NotAsAWhole(refused)),
            };
        };
        let parcel = self.parcels.iter().find(|parcel| parcel.id == id);
        let parcel = parcel.ok_or(ParcelRefused::Unknown)?;
        parcel.state.after(act)?;
        Ok(vec![id])
    }

    /// What is taken back by `act`. Before it is sent, pieces that are in no parcel; afterwards, those of parcels.
    pub fn take_back(
        &self,
        act: Act,
        named: Option<ParcelId>,
        wanted: Option<&[Pieces]>,
    ) -> Result<Reach, ParcelRefused> {
        if matches!(act, Act::ComeBack | Act::Lose) {
            let parcels = self.addressed(act, named)?;
            let gone = self.parcels.iter().filter(|parcel| parcels.contains(&parcel.id));
            let pieces = (!self.parcels.is_empty()).then(|| pieces_in(gone));
            return Ok(Reach { pieces, parcels });
        }
        self.state.after(act)?;
        let is_in_parts = self.parcels.iter().any(Parcel::is_out);
        let pieces = if is_in_parts && act != Act::Return {
            Some(self.of_unsent(wanted)?)
        } else {
            wanted.map(<[Pieces]>::to_vec)
        };
        Ok(Reach { pieces, parcels: Vec::new() })
    }

    /// The acts that lead the seller order to where its parcels are, once nothing is left to send.
    pub fn way(&self) -> Vec<Act> {
        use SellerOrderState::{Delivered, Packed, Rto, Shipped};
        if !matches!(self.state, Packed | Shipped | Rto) || self.unsent().iter().any(|n| *n > 0) {
            return Vec::new();
        }
        let any = |state| self.parcels.iter().any(|parcel| parcel.state == state);
        let leads: &[Act] = if any(Shipped) {
            &[Act::Ship]
        } else if any(Rto) {
            &[Act::Ship, Act::TurnAway]
        } else if any(Delivered) {
            &[Act::Ship, Act::Deliver]
        } else {
            &[]
        };
        // Of the way from packed, the rest from here.
        let here = usize::from(self.state != Packed);
        let rest = leads.iter().skip(here).copied();
        rest.filter(|act| self.state == Packed || self.state.after(*act).is_ok()).collect()
    }

    /// Until when a seller order that comes to stand at `state` has time: its last parcel's time. What arrived can be sent
    /// back only from now on, when no other parcel is on its way any more: its time begins now.
    pub fn due_at(&self, state: SellerOrderState, now: Timestamp) -> Option<Timestamp> {
        let there = self.parcels.iter().filter(|parcel| parcel.state == state);
        let time = |parcel: &Parcel| match (parcel.delivered_at, parcel.due_at?) {
            (Some(delivered_at), due_at) => Some(now + due_at.duration_since(delivered_at)),
            (None, due_at) => Some(due_at),
        };
        there.filter_map(time).max()
    }

    /// The pieces of each line that were not taken back.
    pub fn pieces_left(&self) -> Vec<Pieces> {
        let left = self.left.iter().zip(0..).filter(|(left, _)| **left > 0);
        left.map(|(left, position)| Pieces { position, quantity: *left }).collect()
    }

    /// `wanted`, or all of it, out of what is in no parcel yet.
    pub fn of_unsent(&self, wanted: Option<&[Pieces]>) -> Result<Vec<Pieces>, CreditRefused> {
        let unsent = self.unsent();
        let all = || unsent.iter().zip(0..).filter(|(left, _)| **left > 0);
        let Some(wanted) = wanted else {
            let pieces = |(left, position): (&u32, u32)| Pieces { position, quantity: *left };
            return Ok(all().map(pieces).collect());
        };
        let positions = wanted.iter().map(|pieces| pieces.position);
        let mut positions: Vec<u32> = positions.collect();
        positions.sort_unstable();
        positions.dedup();
        let sum = |position| {
            let left = usize::try_from(position).ok().and_then(|nth| unsent.get(nth));
            let left = left.copied().ok_or(CreditRefused::NoLine { position })?;
            let quantity = count(wanted, position);
            let fits = quantity <= left;
            fits.then_some(Pieces { position, quantity })
                .ok_or(CreditRefused::NotLeft { position, left })
        };
        positions.into_iter().map(sum).collect()
    }
}

impl SellerOrderState {
    /// Whether its order was confirmed.
    pub const fn was_confirmed(self) -> bool {
        !matches!(self, Self::Pending | Self::Cancelled)
    }

    /// Whether a carrier may have, or have had, some of it.
    pub const fn may_be_sent(self) -> bool {
        !matches!(self, Self::Pending | Self::Confirmed | Self::Accepted | Self::Cancelled)
    }

    /// Whether its buyer had it.
    pub const fn was_delivered(self) -> bool {
        matches!(self, Self::Delivered | Self::Completed | Self::Returned)
    }
}

fn count(pieces: &[Pieces], position: u32) -> u32 {
    let of_line = pieces.iter().filter(|pieces| pieces.position == position);
    of_line.fold(0, |sum, pieces| sum.saturating_add(pieces.quantity))
}

/// What is in some parcels together, each line once.
fn pieces_in<'a>(parcels: impl Iterator<Item = &'a Parcel>) -> Vec<Pieces> {
    let all: Vec<Pieces> = parcels.flat_map(|parcel| parcel.pieces.iter().copied()).collect();
    let mut positions: Vec<u32> = all.iter().map(|pieces| pieces.position).collect();
    positions.sort_unstable();
    positions.dedup();
    let sum = |position| Pieces { position, quantity: count(&all, position) };
    positions.into_iter().map(sum).collect()
}

#[cfg(test)]
mod tests {
    use kernel::ParcelId;
    use proptest::prelude::*;

    use super::{Act, Parcel, Pieces, SellerOrderState, Sending, Shipment};
    use crate::domain::shipment::{Carrier, TrackingNumber};

    fn parcel(nth: i32, quantity: u32, state: SellerOrderState) -> Parcel {
        Parcel {
            id: ParcelId::new(),
            nth,
            state,
            shipment: Shipment {
                carrier: Carrier::parse("India Post").unwrap(),
                tracking_number: TrackingNumber::parse("EE1").unwrap(),
            },
            pieces: vec![Pieces { position: 0, quantity }],
            shipped_at: None,
            delivered_at: None,
            due_at: None,
        }
    }

    #[test]
    fn what_is_in_no_parcel_can_be_sent_or_taken_back_and_nothing_else() {
        let parcels = [parcel(1, 2, SellerOrderState::Shipped)];
        let sending = Sending { state: SellerOrderState::Packed, left: &[3], parcels: &parcels };
        assert_eq!(sending.send(None).unwrap(), [Pieces { position: 0, quantity: 1 }]);
        let two = [Pieces { position: 0, quantity: 1 }; 2];
        assert!(sending.send(Some(&two)).is_err(), "a line may be named twice");
        let reach = sending.take_back(Act::CancelByBuyer, None, None).unwrap();
        assert_eq!(reach.pieces.unwrap(), [Pieces { position: 0, quantity: 1 }]);
    }

    proptest! {
        /// Whatever becomes of the parcels and of what is not sent: a seller order that has something left can always be
        /// led to where its parcels are, and it waits for something there until they are all with the buyer.
        #[test]
        fn a_seller_order_follows_its_parcels(
            picks in prop::collection::vec((1_u32..4, 0_usize..4), 1..5), from in 0_usize..3,
        ) {
            let states = [
                SellerOrderState::Shipped,
                SellerOrderState::Rto,
                SellerOrderState::Delivered,
                SellerOrderState::Lost,
            ];
            let parcels: Vec<_> =
                picks.iter().zip(1..).map(|((n, at), nth)| parcel(nth, *n, states[*at])).collect();
            let out: u32 = parcels
                .iter()
                .filter(|parcel| parcel.state != SellerOrderState::Lost)
                .map(|parcel| parcel.pieces[0].quantity)
                .sum();
            prop_assume!(out > 0);
            let any = |state| parcels.iter().any(|parcel| parcel.state == state);
            let from = [SellerOrderState::Packed, SellerOrderState::Shipped, SellerOrderState::Rto][from];
            // What goes back does not set out again.
            prop_assume!(from != SellerOrderState::Rto || !any(SellerOrderState::Shipped));
            let sending = Sending { state: from, left: &[out], parcels: &parcels };
            let mut state = from;
            for act in sending.way() {
                state = state.after(act).unwrap();
            }
            let first = states.into_iter().find(|state| any(*state)).unwrap();
            prop_assert_eq!(state, first);
            prop_assert!(state.waits_for().is_some());
        }
    }
}
