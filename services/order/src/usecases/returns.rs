//! What a buyer sends back: asked for, answered, sent, received, and credited, or not.

use chassis::Tx;
use chassis::auth::Caller;
use kernel::{OrderId, ReturnId, SellerOrderId, UserId, VendorId};

use super::return_events;
use super::step::Locked;
use super::take_back::{Decision, take_back_one};
use crate::domain::credit::{CreditCause, CreditRefused, Pieces};
use crate::domain::returns::{self, Condition, Parcel, ReturnAct, ReturnReason, ReturnState};
use crate::error::Error;
use crate::store;
use crate::store::history::{Cause, What};
use crate::store::return_lists;
use crate::store::returns::{Move, NewReturn, ReturnRow, ReturnStep};

/// What a buyer wants to send back.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    pub pieces: &'a [Pieces],
    pub reason: ReturnReason,
    /// In the buyer's words.
    pub words: Option<&'a str>,
}

/// A step of a return, and what is known with it.
#[derive(Debug, Clone)]
pub struct Deed {
    pub act: ReturnAct,
    /// Whose step it is; nobody's when time takes it.
    pub who: Option<UserId>,
    pub words: Option<String>,
    /// The parcel, where it is sent back.
    pub parcel: Parcel,
    /// How it came back.
    pub condition: Option<Condition>,
}

const NO_PARCEL: Parcel = Parcel { carrier: None, tracking_number: None };

impl Deed {
    pub const fn by(who: UserId, act: ReturnAct) -> Self {
        Self { act, who: Some(who), words: None, parcel: NO_PARCEL, condition: None }
    }

    /// That whoever it waited for did nothing.
    pub const TIME_OVER: Self = Self {
        act: ReturnAct::TimeOver,
        who: None,
        words: None,
        parcel: NO_PARCEL,
        condition: None,
    };

    /// That the buyer's bank took the money back.
    pub const SETTLED: Self = Self { act: ReturnAct::Settle, ..Self::TIME_OVER };

    pub fn saying(self, words: String) -> Self {
        Self { words: Some(words), ..self }
    }
}

/// The buyer asks to send pieces of a seller order back.
#[tracing::instrument(name = "order.request_return", skip_all, fields(seller_order.id = %seller_order_id))]
pub async fn request_return(
    tx: &mut Tx,
    order_id: OrderId,
    seller_order_id: SellerOrderId,
    buyer: UserId,
    wish: &Wish<'_>,
) -> Result<ReturnId, Error> {
    let order = Locked::take(tx, order_id).await?;
    if order.row.buyer != buyer {
        return Err(Error::NotFound);
    }
    let sold = store::parts::find(tx.conn(), order_id, seller_order_id).await?;
    let (sold, now) = (sold.ok_or(Error::NotFound)?, tx.now());
    returns::check_window(sold.state, sold.due_at, now)?;
    let mut held = return_lists::list_held(tx.conn(), order_id).await?;
    let held = held.remove(&seller_order_id).unwrap_or_default();
    let pieces = returns::free(&sold.left, &held.pieces, wish.pieces)?;
    // What could not be credited at the end is not begun.
    let mut credits = store::credits::list(tx.conn(), order_id).await?;
    let given = credits.remove(&seller_order_id).unwrap_or_default();
    let remainder = store::credits::remainder(&sold, &given).map_err(CreditRefused::from)?;
    remainder.take(Some(&pieces))?;

    let (id, state) = (ReturnId::new(), ReturnState::Requested);
    let new = NewReturn {
        id,
        order_id,
        seller_order_id,
        vendor_id: sold.part.vendor_id,
        reason: wish.reason,
        pieces: &pieces,
        due_at: now + state.patience().unwrap_or_default(),
        at: now,
    };
    store::returns::insert(tx.conn(), &new).await?;
    let row = store::returns::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let words = wish.words.map(str::to_owned);
    let deed = Deed { words, ..Deed::by(buyer, ReturnAct::Request) };
    touch(tx, &row).await?;
    record(tx, &order, row, deed).await?;
    Ok(id)
}

/// The buyer takes a step.
#[tracing::instrument(name = "order.return_step_of_buyer", skip_all, fields(return.id = %id))]
pub async fn step_as_buyer(
    tx: &mut Tx,
    order_id: OrderId,
    id: ReturnId,
    buyer: UserId,
    deed: Deed,
) -> Result<(), Error> {
    let order = Locked::take(tx, order_id).await?;
    let found = store::returns::find(tx.conn(), id).await?;
    let row = found.filter(|row| row.order_id == order_id && order.row.buyer == buyer);
    step(tx, &order, row.ok_or(Error::NotFound)?, deed).await
}

/// A return of this seller, with the lock of its order.
pub(super) async fn lock_as_seller(
    tx: &mut Tx,
    vendor_id: VendorId,
    id: ReturnId,
) -> Result<(Locked, ReturnRow), Error> {
    let owner = store::returns::find_owner(tx.conn(), id).await?;
    let owner = owner.filter(|owner| owner.vendor_id == vendor_id).ok_or(Error::NotFound)?;
    lock(tx, owner.order_id, id).await
}

/// Staff decide between buyer and seller.
#[tracing::instrument(name = "order.decide_return", skip_all, fields(return.id = %id))]
pub async fn decide_return(
    tx: &mut Tx,
    id: ReturnId,
    deed: Deed,
    staff: &Caller,
) -> Result<(), Error> {
    let owner = store::returns::find_owner(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let (order, row) = lock(tx, owner.order_id, id).await?;
    order.check_not_own(owner.vendor_id, staff)?;
    step(tx, &order, row, deed).await
}

async fn lock(tx: &mut Tx, order_id: OrderId, id: ReturnId) -> Result<(Locked, ReturnRow), Error> {
    // Looked at only now: whoever was quicker has moved it on.
    let order = Locked::take(tx, order_id).await?;
    let row = store::returns::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    Ok((order, row))
}

/// Ends what is being sent back of a seller order, because it was credited otherwise. The order's row is locked.
pub(super) async fn settle(tx: &mut Tx, order: &Locked, part: SellerOrderId) -> Result<(), Error> {
    let open = return_lists::list_open(tx.conn(), order.row.order_id).await?;
    for row in open.into_iter().filter(|row| row.seller_order_id == part) {
        step(tx, order, row, Deed::SETTLED).await?;
    }
    Ok(())
}

/// Takes a step. The order's row is locked.
pub(super) async fn step(
    tx: &mut Tx,
    order: &Locked,
    mut row: ReturnRow,
    deed: Deed,
) -> Result<(), Error> {
    let (from, to, now) = (row.state, row.state.after(deed.act)?, tx.now());
    let due_at = to.patience().map(|patience| now + patience);
    // What nobody has looked at is not put up for sale again.
    let condition =
        (to == ReturnState::Credited).then_some(deed.condition.unwrap_or(Condition::Damaged));
    let parcel = &deed.parcel;
    let step = Move { from, to, due_at, condition, parcel, at: now };
    store::returns::set_state(tx.conn(), row.id, &step).await?;
    (row.state, row.due_at) = (to, due_at);
    match condition {
        Some(condition) => credit(tx, order, &row, condition, deed.who).await?,
        None => touch(tx, &row).await?,
    }
    record(tx, order, row, deed).await
}

async fn credit(
    tx: &mut Tx,
    order: &Locked,
    row: &ReturnRow,
    condition: Condition,
    who: Option<UserId>,
) -> Result<(), Error> {
    let pieces: Vec<Pieces> = row.lines.iter().map(|line| line.pieces).collect();
    let sent_back = Decision::by(who, CreditCause::Returned);
    let decision = Decision { stock: condition.stock(), return_id: Some(row.id), ..sent_back };
    take_back_one(tx, order, row.seller_order_id, &decision, Some(&pieces)).await
}

/// Orders and seller orders show their open returns.
pub(super) async fn touch(tx: &mut Tx, row: &ReturnRow) -> Result<(), Error> {
    let now = tx.now();
    store::parts::touch(tx.conn(), row.seller_order_id, now).await?;
    Ok(store::orders::touch(tx.conn(), row.order_id, now).await?)
}

/// Writes the step down that led where `row` stands, and says it.
async fn record(tx: &mut Tx, order: &Locked, row: ReturnRow, deed: Deed) -> Result<(), Error> {
    let step = write_down(tx, &row, deed).await?;
    let (order_id, part, cause) = (row.order_id, row.seller_order_id, step.act.step());
    tx.emit(&return_events::changed(&order.row, &row, step.words.as_deref(), step.at));
    tx.after_commit(move || {
        tracing::info!(
            order.id = %order_id, seller_order.id = %part, return.id = %row.id, cause,
            "a return of seller order {} is {}", row.number, row.state
        );
    });
    Ok(())
}

/// Writes down the step that led where `row` stands.
pub(super) async fn write_down(
    tx: &mut Tx,
    row: &ReturnRow,
    deed: Deed,
) -> Result<ReturnStep, Error> {
    let now = tx.now();
    let step = ReturnStep { act: deed.act, to: row.state, words: deed.words, at: now };
    store::returns::insert_step(tx.conn(), row.id, &step, deed.who).await?;
    let (order_id, part) = (row.order_id, row.seller_order_id);
    let cause = Cause { name: deed.act.step(), at: now };
    let detail = return_events::in_words(row, &step);
    let what = What::of(part, None).saying(&detail);
    store::history::insert(tx.conn(), order_id, what, cause).await?;
    Ok(step)
}
