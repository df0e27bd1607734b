//! What the seller sends: in one parcel or in several, each with a way of its own. The seller order follows them.

use chassis::Tx;
use contracts::order::{SellerOrderArrived, SellerOrderDelivered, SellerOrderShipped};
use kernel::{ParcelId, SellerOrderId, VendorId};

use super::events_out;
use super::step::Locked;
use crate::App;
use crate::domain::credit::Pieces;
use crate::domain::order::{Method, Part};
use crate::domain::parcels::{Parcel, Sending};
use crate::domain::seller_order::{Act, SellerOrderState, Transition, Wait};
use crate::domain::shipment::Shipment;
use crate::error::Error;
use crate::store;
use crate::store::history::{Cause, What};
use crate::store::parts::SellerOrderRow;

/// A seller order whose order is locked, and what was sent of it.
struct Sent {
    order: Locked,
    row: SellerOrderRow,
    parcels: Vec<Parcel>,
}

impl Sent {
    async fn lock(tx: &mut Tx, vendor_id: VendorId, id: SellerOrderId) -> Result<Self, Error> {
        let origin = store::parts::find_origin(tx.conn(), id, vendor_id).await?;
        let order = Locked::take(tx, origin.ok_or(Error::NotFound)?.order_id).await?;
        let row = store::parts::find(tx.conn(), order.row.order_id, id).await?;
        let row = row.ok_or(Error::NotFound)?;
        let parcels = list_of(tx, &order, &row).await?;
        Ok(Self { order, row, parcels })
    }

    const fn id(&self) -> SellerOrderId {
        self.row.part.seller_order_id
    }
}

/// What was sent of a seller order.
pub(super) async fn list_of(
    tx: &mut Tx,
    order: &Locked,
    part: &SellerOrderRow,
) -> Result<Vec<Parcel>, Error> {
    let only = std::slice::from_ref(part);
    let mut all = store::parcels::list(tx.conn(), order.row.order_id, only).await?;
    Ok(all.remove(&part.part.seller_order_id).unwrap_or_default())
}

/// A seller order as its rules see it.
pub(super) fn sending<'a>(part: &'a SellerOrderRow, parcels: &'a [Parcel]) -> Sending<'a> {
    Sending { state: part.state, left: &part.left, parcels }
}

/// A carrier has a parcel with these pieces, or with all that was not sent yet.
#[tracing::instrument(name = "order.ship", skip_all, fields(seller_order.id = %id))]
pub async fn ship(
    app: &App,
    tx: &mut Tx,
    vendor_id: VendorId,
    id: SellerOrderId,
    shipment: Shipment,
    wanted: Option<&[Pieces]>,
) -> Result<(), Error> {
    let mut sent = Sent::lock(tx, vendor_id, id).await?;
    let pieces = sending(&sent.row, &sent.parcels).send(wanted)?;
    let all = sending(&sent.row, &sent.parcels).send(None)?;
    // The carrier takes the whole sum at the door.
    if sent.order.row.method == Method::Cod && pieces != all {
        return Err(Error::OneParcel);
    }
    let now = tx.now();
    let nth = sent.parcels.last().map_or(1, |last| last.nth + 1);
    let parcel = Parcel {
        id: parcel_id(&sent, nth, &pieces, &shipment),
        nth,
        state: SellerOrderState::Shipped,
        shipment,
        pieces,
        shipped_at: Some(now),
        delivered_at: None,
        due_at: Some(now + app.config.patience(Wait::Arrive)),
    };
    store::parcels::put(tx.conn(), id, &parcel, now).await?;
    tx.emit(&SellerOrderShipped {
        seller_order: events_out::seller_order_ref(&sent.order.row, &sent.row.part, now),
        parcel_id: Some(parcel.id),
        lines: events_out::moved_lines(&sent.row.part, &parcel.pieces),
        to_follow: events_out::moved_lines(&sent.row.part, &rest(&all, &parcel.pieces)),
        carrier: parcel.shipment.carrier.to_string(),
        tracking_number: parcel.shipment.tracking_number.to_string(),
    });
    sent.parcels.push(parcel);
    go_on(tx, &sent, &[nth], "vendor.ship").await
}

/// What of `all` is not in `sent`.
fn rest(all: &[Pieces], sent: &[Pieces]) -> Vec<Pieces> {
    let of_line = |position: u32| sent.iter().filter(move |sent| sent.position == position);
    let left = all.iter().map(|pieces| {
        let gone: u32 = of_line(pieces.position).map(|sent| sent.quantity).sum();
        Pieces { quantity: pieces.quantity.saturating_sub(gone), ..*pieces }
    });
    left.filter(|pieces| pieces.quantity > 0).collect()
}

/// What became of parcels at the buyer's door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtTheDoor {
    act: Act,
    cause: &'static str,
}

impl AtTheDoor {
    /// The buyer has them.
    pub const TAKEN: Self = Self { act: Act::Deliver, cause: "vendor.deliver" };
    /// The buyer did not take them. Nobody has to act until they are back.
    pub const TURNED_AWAY: Self = Self { act: Act::TurnAway, cause: "vendor.turned_away" };
}

/// Parcels reached the buyer's door: the one that is named, or all that are on their way.
#[tracing::instrument(name = "order.reach_door", skip_all, fields(seller_order.id = %id))]
pub async fn reach_door(
    app: &App,
    tx: &mut Tx,
    vendor_id: VendorId,
    id: SellerOrderId,
    named: Option<ParcelId>,
    end: AtTheDoor,
) -> Result<(), Error> {
    let mut sent = Sent::lock(tx, vendor_id, id).await?;
    let moved = advance(app, tx, &mut sent, end.act, named).await?;
    let arrived = |parcel: &&Parcel| end == AtTheDoor::TAKEN && moved.contains(&parcel.nth);
    for parcel in sent.parcels.iter().filter(arrived) {
        tx.emit(&SellerOrderDelivered {
            seller_order: events_out::seller_order_ref(&sent.order.row, &sent.row.part, tx.now()),
            parcel_id: Some(parcel.id),
            lines: events_out::moved_lines(&sent.row.part, &parcel.pieces),
        });
    }
    go_on(tx, &sent, &moved, end.cause).await
}

/// The seller wrote down a wrong number, or another carrier.
#[tracing::instrument(name = "order.correct_tracking", skip_all, fields(seller_order.id = %id))]
pub async fn correct_tracking(
    tx: &mut Tx,
    vendor_id: VendorId,
    id: SellerOrderId,
    parcel_id: ParcelId,
    shipment: Shipment,
) -> Result<(), Error> {
    let mut sent = Sent::lock(tx, vendor_id, id).await?;
    let (now, last) = (tx.now(), sent.parcels.len());
    let parcel = sent.parcels.iter_mut().find(|parcel| parcel.id == parcel_id);
    let parcel = parcel.ok_or(Error::NotFound)?;
    if !parcel.is_on_its_way() {
        return Err(Error::NotOnItsWay);
    }
    parcel.shipment = shipment;
    let nth = parcel.nth;
    store::parcels::put(tx.conn(), id, parcel, now).await?;
    if usize::try_from(nth) == Ok(last) && sent.row.shipment.is_some() {
        store::parts::set_shipment(tx.conn(), id, &parcel.shipment).await?;
    }
    go_on(tx, &sent, &[nth], "vendor.tracking").await
}

/// Moves parcels along. Answers which.
async fn advance(
    app: &App,
    tx: &mut Tx,
    sent: &mut Sent,
    act: Act,
    named: Option<ParcelId>,
) -> Result<Vec<i32>, Error> {
    let (now, id) = (tx.now(), sent.id());
    let addressed = sending(&sent.row, &sent.parcels).addressed(act, named)?;
    let settled = sending(&sent.row, &sent.parcels).is_settled();
    let mut moved = Vec::new();
    for parcel in sent.parcels.iter_mut().filter(|parcel| addressed.contains(&parcel.id)) {
        parcel.state = parcel.state.after(act)?;
        // What a bank paid back is not sent back anew.
        let wait = parcel.state.waits_for().filter(|wait| !settled || *wait != Wait::Keep);
        parcel.due_at = wait.map(|wait| now + app.config.patience(wait));
        if parcel.state == SellerOrderState::Delivered {
            parcel.delivered_at = Some(now);
        }
        store::parcels::put(tx.conn(), id, parcel, now).await?;
        moved.push(parcel.nth);
    }
    Ok(moved)
}

/// Parcels come back or are lost, and what is in them is taken back.
pub(super) async fn take_back(
    tx: &mut Tx,
    part: &SellerOrderRow,
    parcels: &mut [Parcel],
    gone: &[ParcelId],
    act: Act,
) -> Result<(), Error> {
    let now = tx.now();
    for parcel in parcels.iter_mut().filter(|parcel| gone.contains(&parcel.id)) {
        parcel.state = parcel.state.after(act)?;
        parcel.due_at = None;
        store::parcels::put(tx.conn(), part.part.seller_order_id, parcel, now).await?;
    }
    Ok(())
}

/// The seller order goes where its parcels are, and the timeline tells of the parcels, whether it moves or not.
async fn go_on(tx: &mut Tx, sent: &Sent, moved: &[i32], cause: &str) -> Result<(), Error> {
    let (order_id, id, now) = (sent.order.row.order_id, sent.id(), tx.now());
    let moved = sent.parcels.iter().filter(|parcel| moved.contains(&parcel.nth));
    let told: Vec<_> = moved.map(|parcel| in_words(&sent.row.part, parcel)).collect();
    let why = Told { cause, parcels: Some(&told.join("; ")) };
    if !follow(tx, &sent.order, &sent.row, &sent.parcels, why).await? {
        let why = Cause { name: cause, at: now };
        for told in &told {
            let what = What::of(id, None).saying(told);
            store::history::insert(tx.conn(), order_id, what, why).await?;
        }
        store::parts::touch(tx.conn(), id, now).await?;
    }
    store::orders::touch(tx.conn(), order_id, now).await?;
    let (number, cause) = (sent.row.part.number.clone(), cause.to_owned());
    tx.after_commit(move || {
        tracing::info!(
            order.id = %order_id, seller_order.id = %id, cause, "a parcel of seller order {number} moved"
        );
    });
    Ok(())
}

/// Why a seller order follows its parcels, for the timeline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    pub cause: &'a str,
    /// The parcels that moved, in words; nothing when something else happened.
    pub parcels: Option<&'a str>,
}

impl<'a> Told<'a> {
    /// Something else happened.
    pub(super) const fn by(cause: &'a str) -> Self {
        Self { cause, parcels: None }
    }
}

/// Leads a seller order to where its parcels are. Answers whether it moved.
pub(super) async fn follow(
    tx: &mut Tx,
    order: &Locked,
    part: &SellerOrderRow,
    parcels: &[Parcel],
    told: Told<'_>,
) -> Result<bool, Error> {
    let (order_id, id) = (order.row.order_id, part.part.seller_order_id);
    let sending = sending(part, parcels);
    let (why, mut state) = (Cause { name: told.cause, at: tx.now() }, part.state);
    let shipment = parcels.last().map(|parcel| &parcel.shipment);
    for act in sending.way() {
        let step = Transition { from: state, to: state.after(act)? };
        let shipment = shipment.filter(|_| act == Act::Ship);
        let due_at = sending.due_at(step.to, why.at);
        store::parts::set_state(tx.conn(), id, step, shipment, due_at, why.at).await?;
        let moved = What::of(id, Some(step));
        let moved = told.parcels.map_or(moved, |words| moved.saying(words));
        store::history::insert(tx.conn(), order_id, moved, why).await?;
        state = step.to;
    }
    if state == SellerOrderState::Delivered && state != part.state {
        tx.emit(&SellerOrderArrived {
            seller_order: events_out::seller_order_ref(&order.row, &part.part, why.at),
            lines: events_out::moved_lines(&part.part, &sending.pieces_left()),
            returnable_until: sending.due_at(state, why.at),
        });
    }
    Ok(state != part.state)
}

/// Names a parcel by what it holds: sent again after a restore, the same has the name it had.
fn parcel_id(sent: &Sent, nth: i32, pieces: &[Pieces], shipment: &Shipment) -> ParcelId {
    let holds = pieces.iter().map(|pieces| format!("{}:{}", pieces.position, pieces.quantity));
    let holds: Vec<String> = holds.collect();
    let (id, nth) = (sent.id().to_string(), nth.to_string());
    let parts = [&id, &nth, &holds.join(" "), shipment.tracking_number.as_str()];
    ParcelId::derived_from(sent.order.row.checkout_id, "parcel", &parts)
}

/// What the timeline says: `2 x LAMP-18, India Post EE123456789IN`.
pub(super) fn in_words(part: &Part, parcel: &Parcel) -> String {
    let lines = events_out::moved_lines(part, &parcel.pieces);
    let lines = lines.iter().map(|line| format!("{} x {}", line.quantity, line.sku));
    let lines: Vec<String> = lines.collect();
    let Shipment { carrier, tracking_number } = &parcel.shipment;
    format!("{}, {carrier} {tracking_number}", lines.join(", "))
}
