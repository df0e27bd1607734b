//! Pieces and the parcels they are in, as clients name and read them.

use std::num::NonZeroU32;

use jiff::Timestamp;
use kernel::ParcelId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::credit::Pieces;
use crate::domain::parcels::{Parcel, Sending};
use crate::domain::returns::returnable;
use crate::domain::seller_order::{Act, SellerOrderState};
use crate::store::parts::SellerOrderRow;

/// Pieces of one line.
#[derive(Debug, Serialize, ToSchema)]
pub struct PiecesView {
    /// Which line of the seller order, counted from 0.
    pub position: u32,
    pub quantity: u32,
}

impl PiecesView {
    pub fn of(Pieces { position, quantity }: Pieces) -> Self {
        Self { position, quantity }
    }
}

/// Pieces of one line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PiecesRequest {
    /// Which line of the seller order, counted from 0: its `position`.
    position: u32,
    /// How many of it.
    #[schema(value_type = u32, minimum = 1)]
    quantity: NonZeroU32,
}

/// From 1 to 100 of them.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<PiecesRequest>")]
pub struct Wanted(pub Vec<Pieces>);

impl TryFrom<Vec<PiecesRequest>> for Wanted {
    type Error = &'static str;

    fn try_from(lines: Vec<PiecesRequest>) -> Result<Self, Self::Error> {
        let pieces =
            |line: PiecesRequest| Pieces { position: line.position, quantity: line.quantity.get() };
        match lines.len() {
            1..=100 => Ok(Self(lines.into_iter().map(pieces).collect())),
            _ => Err("must hold 1 to 100 lines"),
        }
    }
}

/// What can still be cancelled of a seller order.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancellationView {
    /// Which pieces, at most.
    pub lines: Vec<PiecesView>,
    /// Until when at the latest: the seller's next deadline, at which it is taken back by itself; it moves on when the seller
    /// accepts. It ends as soon as the seller ships.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl CancellationView {
    pub fn of(seller_order: &SellerOrderRow, parcels: &[Parcel]) -> Option<Self> {
        let (state, left) = (seller_order.state, &seller_order.left);
        let sending = Sending { state, left, parcels };
        let reach = sending.take_back(Act::CancelByBuyer, None, None).ok()?;
        let pieces = reach.pieces.unwrap_or_else(|| sending.pieces_left());
        Some(Self {
            lines: pieces.into_iter().map(PiecesView::of).collect(),
            until: seller_order.due_at,
        })
    }
}

/// What can still be sent back of a seller order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnableView {
    /// Which pieces, at most: those that are left, are in no open return, and of which none was refused for good.
    pub lines: Vec<PiecesView>,
    /// Until when the buyer can ask for it.
    pub until: Timestamp,
}

impl ReturnableView {
    pub fn of(seller_order: &SellerOrderRow, held: &[Pieces]) -> Option<Self> {
        seller_order.state.after(Act::Return).ok()?;
        let pieces = returnable(&seller_order.left, held);
        let until = seller_order.due_at.filter(|_| !pieces.is_empty())?;
        Some(Self { lines: pieces.into_iter().map(PiecesView::of).collect(), until })
    }
}

/// Which parcel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParcelRequest {
    /// Without it, every one of the seller order that it can happen to.
    #[serde(default)]
    pub parcel_id: Option<ParcelId>,
}

/// A parcel of a seller order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParcelView {
    pub parcel_id: ParcelId,
    /// `shipped`, `delivered`, `rto` (it goes back), `rto_received` (it is back) or `lost`.
    pub status: SellerOrderState,
    /// The carrier's name, as the seller gave it.
    pub carrier: String,
    pub tracking_number: String,
    pub lines: Vec<PiecesView>,
    /// Absent of what an earlier release shipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipped_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
}

impl ParcelView {
    pub fn all(parcels: &[Parcel]) -> Vec<Self> {
        parcels.iter().map(Self::of).collect()
    }

    fn of(parcel: &Parcel) -> Self {
        Self {
            parcel_id: parcel.id,
            status: parcel.state,
            carrier: parcel.shipment.carrier.to_string(),
            tracking_number: parcel.shipment.tracking_number.to_string(),
            lines: parcel.pieces.iter().copied().map(PiecesView::of).collect(),
            shipped_at: parcel.shipped_at,
            delivered_at: parcel.delivered_at,
        }
    }
}

/// Who carries the last parcel of a seller order, and under which number.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShipmentView {
    /// The carrier's name, as the seller gave it.
    pub carrier: String,
    pub tracking_number: String,
}

impl ShipmentView {
    pub fn of(seller_order: &SellerOrderRow) -> Option<Self> {
        seller_order.shipment.as_ref().map(|shipment| Self {
            carrier: shipment.carrier.to_string(),
            tracking_number: shipment.tracking_number.to_string(),
        })
    }
}
