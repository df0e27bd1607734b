//! What was sold is taken back: by the buyer, the seller, staff, or because time is over.

use chassis::Tx;
use chassis::auth::Caller;
use kernel::{CreditId, OrderId, ParcelId, ReturnId, SellerOrderId, Sku, UserId, VendorId};

use super::events_out;
use super::parcels::{self, Told};
use super::settled;
use super::step::Locked;
use crate::domain::credit::{
    Credit, CreditCause, CreditLine, CreditRefused, Pieces, Stock, is_too_late,
};
use crate::domain::order::Part;
use crate::domain::parcels::Reach;
use crate::domain::seller_order::Transition;
use crate::error::Error;
use crate::store;
use crate::store::credits::{CreditRow, Entry};
use crate::store::history::{Cause, What};
use crate::store::parts::SellerOrderRow;

/// Why something is taken back.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    pub cause: CreditCause,
    /// What becomes of the pieces.
    pub stock: Stock,
    /// In whose words.
    pub reason: Option<&'a str>,
    /// Whose decision it is; nobody's when time decides.
    pub who: Option<UserId>,
    /// What made it happen, for the timeline.
    pub step: &'static str,
    /// The return that it ends.
    pub return_id: Option<ReturnId>,
    /// Of what was sent, the one parcel it is about.
    pub parcel: Option<ParcelId>,
}

impl Decision<'_> {
    /// What `who` decides without a word.
    pub const fn by(who: Option<UserId>, cause: CreditCause) -> Self {
        let step = match (cause, who) {
            (CreditCause::Lost, None) => "timer.too_late",
            _ => cause.step(),
        };
        Self { cause, stock: cause.stock(), reason: None, who, return_id: None, parcel: None, step }
    }

    /// What `who` of staff decides.
    pub const fn by_staff(who: UserId, cause: CreditCause) -> Self {
        let step = if matches!(cause, CreditCause::Lost) { "staff.lost" } else { cause.step() };
        Self { step, ..Self::by(Some(who), cause) }
    }
}

/// The buyer takes a part of an order back, or some pieces of it.
#[tracing::instrument(name = "order.cancel_part", skip_all, fields(seller_order.id = %seller_order_id))]
pub async fn cancel_part(
    tx: &mut Tx,
    order_id: OrderId,
    seller_order_id: SellerOrderId,
    buyer: UserId,
    pieces: Option<&[Pieces]>,
) -> Result<(), Error> {
    let order = Locked::take(tx, order_id).await?;
    if order.row.buyer != buyer {
        return Err(Error::NotFound);
    }
    let decision = Decision::by(Some(buyer), CreditCause::BuyerCancelled);
    take_back_one(tx, &order, seller_order_id, &decision, pieces).await
}

/// The seller takes its part back: it cannot supply it, or it came back.
#[tracing::instrument(name = "order.take_back", skip_all, fields(seller_order.id = %seller_order_id))]
pub async fn take_back_as_seller(
    tx: &mut Tx,
    vendor_id: VendorId,
    seller_order_id: SellerOrderId,
    decision: &Decision<'_>,
) -> Result<(), Error> {
    let origin = store::parts::find_origin(tx.conn(), seller_order_id, vendor_id).await?;
    let order = Locked::take(tx, origin.ok_or(Error::NotFound)?.order_id).await?;
    take_back_one(tx, &order, seller_order_id, decision, None).await
}

/// Staff take a part back. Answers which order it belongs to.
#[tracing::instrument(name = "order.take_back_by_staff", skip_all, fields(seller_order.id = %seller_order_id))]
pub async fn take_back_as_staff(
    tx: &mut Tx,
    seller_order_id: SellerOrderId,
    decision: &Decision<'_>,
    staff: &Caller,
) -> Result<OrderId, Error> {
    let owner = store::parts::find_owner(tx.conn(), seller_order_id).await?;
    let owner = owner.ok_or(Error::NotFound)?;
    let order = Locked::take(tx, owner.order_id).await?;
    order.check_not_own(owner.vendor_id, staff)?;
    take_back_one(tx, &order, seller_order_id, decision, None).await?;
    Ok(order.row.order_id)
}

/// Takes back every part that was not shipped. Answers how many there were.
pub(super) async fn take_back_unshipped(
    tx: &mut Tx,
    order: &Locked,
    decision: &Decision<'_>,
) -> Result<usize, Error> {
    take_back_those(tx, order, decision, |_| true).await
}

async fn take_back_those(
    tx: &mut Tx,
    order: &Locked,
    decision: &Decision<'_>,
    wanted: impl Fn(&Part) -> bool,
) -> Result<usize, Error> {
    let order_id = order.row.order_id;
    let parts = store::parts::list(tx.conn(), order_id).await?;
    let credits = store::credits::list(tx.conn(), order_id).await?;
    let act = decision.cause.act();
    let mut taken = 0;
    let free = |it: &&SellerOrderRow| wanted(&it.part) && it.state.after(act).is_ok();
    for seller_order in parts.iter().filter(free) {
        let given = credits.get(&seller_order.part.seller_order_id);
        let given = given.map(Vec::as_slice).unwrap_or_default();
        take_back(tx, order, seller_order, given, decision, None).await?;
        taken += 1;
    }
    Ok(taken)
}

/// Takes back, whole, every part of which one of `skus` is gone and that no carrier has.
pub(super) async fn take_back_gone(tx: &mut Tx, order: &Locked, skus: &[Sku]) -> Result<(), Error> {
    let decision = Decision::by(None, CreditCause::Unavailable);
    let lacks = |part: &Part| part.lines.iter().any(|line| skus.contains(&line.sku));
    take_back_those(tx, order, &decision, lacks).await.map(drop)
}

/// Takes back one part of an order, or some pieces of it.
pub(super) async fn take_back_one(
    tx: &mut Tx,
    order: &Locked,
    seller_order_id: SellerOrderId,
    decision: &Decision<'_>,
    pieces: Option<&[Pieces]>,
) -> Result<(), Error> {
    let order_id = order.row.order_id;
    let seller_order = store::parts::find(tx.conn(), order_id, seller_order_id).await?;
    let seller_order = seller_order.ok_or(Error::NotFound)?;
    let mut credits = store::credits::list(tx.conn(), order_id).await?;
    let given = credits.remove(&seller_order_id).unwrap_or_default();
    take_back(tx, order, &seller_order, &given, decision, pieces).await
}

/// The order's row is locked: of two who take the same pieces back, the second finds them gone, and nothing that a carrier
/// has is taken back.
async fn take_back(
    tx: &mut Tx,
    order: &Locked,
    sold: &SellerOrderRow,
    given: &[CreditRow],
    decision: &Decision<'_>,
    pieces: Option<&[Pieces]>,
) -> Result<(), Error> {
    let Decision { cause, parcel, step: name, .. } = *decision;
    let mut sent = parcels::list_of(tx, order, sold).await?;
    let reach = if cause == CreditCause::Disputed {
        // Wherever it is.
        Reach { pieces: pieces.map(<[Pieces]>::to_vec), parcels: Vec::new() }
    } else {
        // Whoever takes back some pieces only must be free to take back all of them, but for what is in another parcel.
        parcels::sending(sold, &sent).take_back(cause.act(), parcel, pieces)?
    };
    if parcels::sending(sold, &sent).is_settled() {
        let Decision { stock, reason, step, .. } = *decision;
        let how = settled::End { act: cause.act(), stock, reason, step };
        return settled::end(tx, order, sold, sent, &reach.parcels, &how).await;
    }
    let remainder = store::credits::remainder(sold, given);
    let credit = remainder.map_err(CreditRefused::from)?.take(reach.pieces.as_deref())?;
    let credit = in_time(tx, order, credit)?;
    parcels::take_back(tx, sold, &mut sent, &reach.parcels, cause.act()).await?;

    let step = match (cause, sold.state.after(cause.act())) {
        _ if !credit.ended => None,
        // What the buyer has stays where it is.
        (CreditCause::Disputed, Err(_)) => None,
        (_, to) => Some(Transition { from: sold.state, to: to? }),
    };
    write_down(tx, order, sold, given, decision, &credit, step).await?;
    if !credit.ended {
        // What is not taken back may all be out now.
        let left = without(&sold.left, &credit);
        let (sold, told) = (SellerOrderRow { left, ..sold.clone() }, Told::by(name));
        parcels::follow(tx, order, &sold, &sent, told).await?;
    }
    Ok(())
}

/// The credit, without its tax where it is too late for that.
pub(super) fn in_time(tx: &Tx, order: &Locked, credit: Credit) -> Result<Credit, CreditRefused> {
    let late = is_too_late(order.row.placed_at, tx.now());
    if late { Ok(credit.without_tax()?) } else { Ok(credit) }
}

/// Keeps a credit and what it leads to, and says it. Answers its name.
pub(super) async fn write_down(
    tx: &mut Tx,
    order: &Locked,
    sold: &SellerOrderRow,
    given: &[CreditRow],
    decision: &Decision<'_>,
    credit: &Credit,
    step: Option<Transition>,
) -> Result<CreditId, Error> {
    let Decision { cause, stock, reason, who, return_id, step: name, .. } = *decision;
    let (part, now) = (&sold.part, tx.now());
    let nth = given.last().map_or(1, |last| last.nth + 1);
    let id = credit_id(order, part, nth, cause, credit);
    let seller_order_id = part.seller_order_id;
    let entry = Entry { id, seller_order_id, nth, cause, stock, reason, who, return_id, at: now };
    store::credits::insert(tx.conn(), &entry, credit).await?;
    store::credits::insert_lines(tx.conn(), &entry, &credit.lines).await?;
    match step {
        Some(end) => {
            store::parts::set_state(tx.conn(), seller_order_id, end, None, None, now).await?;
        }
        None => store::parts::touch(tx.conn(), seller_order_id, now).await?,
    }
    let (order_id, why) = (order.row.order_id, Cause { name, at: now });
    let detail = in_words(sold, credit, reason);
    let what = What::of(seller_order_id, step).saying(&detail);
    store::history::insert(tx.conn(), order_id, what, why).await?;
    store::orders::touch(tx.conn(), order_id, now).await?;

    let said = events_out::seller_order_ref(&order.row, part, now);
    let place = order.row.destination.state;
    tx.emit(&events_out::credited(said, part, place, &entry, credit));
    let (number, gross) = (part.number.clone(), credit.gross);
    tx.after_commit(move || {
        tracing::info!(
            order.id = %order_id, seller_order.id = %seller_order_id, credit.id = %id,
            cause = why.name, "{} of seller order {number} is taken back", gross.minor()
        );
    });
    Ok(id)
}

/// How many pieces of each line are left after `credit`.
fn without(left: &[u32], credit: &Credit) -> Vec<u32> {
    let taken = |position| {
        let lines = credit.lines.iter().filter(|line| line.pieces.position == position);
        lines.map(|line| line.pieces.quantity).sum()
    };
    left.iter().zip(0_u32..).map(|(left, nth)| left.saturating_sub(taken(nth))).collect()
}

/// Names a credit by what it takes back: done again after a restore, the same has the name it had, and another has another.
fn credit_id(
    order: &Locked,
    part: &Part,
    nth: i32,
    cause: CreditCause,
    credit: &Credit,
) -> CreditId {
    let taken = credit.lines.iter().map(|CreditLine { pieces, total, .. }| match pieces.quantity {
        // Of a price that is reduced, by how much.
        0 => format!("{}-{}", pieces.position, total.minor()),
        quantity => format!("{}:{quantity}", pieces.position),
    });
    let taken: Vec<String> = taken.collect();
    let (seller_order_id, nth) = (part.seller_order_id.to_string(), nth.to_string());
    let parts = [&seller_order_id, &nth, cause.into_str(), &taken.join(" ")];
    CreditId::derived_from(order.row.checkout_id, "credit", &parts)
}

/// What the timeline says: `2 x LAMP-18, ₹998.00 back: chipped`. Of a price that is reduced, for how many.
fn in_words(sold: &SellerOrderRow, credit: &Credit, reason: Option<&str>) -> String {
    let lines = sold.part.lines.iter().zip(&sold.left).zip(0_u32..);
    let what: Vec<String> = lines
        .filter_map(|((line, left), position)| {
            let taken = credit.lines.iter().find(|taken| taken.pieces.position == position)?;
            let pieces = Some(taken.pieces.quantity).filter(|pieces| *pieces > 0).unwrap_or(*left);
            Some(format!("{pieces} x {}", line.sku))
        })
        .collect();
    let late = if credit.commercial { ", too late for its tax" } else { "" };
    let words = format!("{}, {} back{late}", what.join(", "), credit.gross);
    reason.map_or(words.clone(), |reason| format!("{words}: {reason}"))
}
