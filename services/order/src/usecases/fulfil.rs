//! The seller's part: accept and pack. What goes out is in `parcels`.

use chassis::Tx;
use contracts::order::{SellerOrderAccepted, SellerOrderCompleted, SellerOrderPacked};
use jiff::Timestamp;
use kernel::{SellerOrderId, VendorId};

use super::events_out;
use super::step::Locked;
use crate::App;
use crate::domain::seller_order::{Act, Transition};
use crate::error::Error;
use crate::store;
use crate::store::history::{Cause, What};
use crate::store::orders::OrderRow;
use crate::store::parts::SellerOrderRow;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FulfilmentCommand {
    Accept,
    Pack,
}

impl FulfilmentCommand {
    const fn act(self) -> (Act, &'static str) {
        match self {
            Self::Accept => (Act::Accept, "vendor.accept"),
            Self::Pack => (Act::Pack, "vendor.pack"),
        }
    }
}

/// Does what the seller wishes, if the seller order stands where that can be done.
#[tracing::instrument(name = "order.fulfil", skip_all, fields(seller_order.id = %seller_order_id))]
pub async fn fulfil(
    app: &App,
    tx: &mut Tx,
    vendor_id: VendorId,
    seller_order_id: SellerOrderId,
    command: FulfilmentCommand,
) -> Result<(), Error> {
    let origin = store::parts::find_origin(tx.conn(), seller_order_id, vendor_id).await?;
    let order_id = origin.ok_or(Error::NotFound)?.order_id;
    // The order's row is locked, not the part's: what happens to any part takes turns with what happens to the order.
    // Only then is it looked where the part stands.
    let order = Locked::take(tx, order_id).await?;
    let seller_order = store::parts::find(tx.conn(), order_id, seller_order_id).await?;
    let seller_order = seller_order.ok_or(Error::NotFound)?;
    let (act, cause) = command.act();
    let step = Transition { from: seller_order.state, to: seller_order.state.after(act)? };

    let now = tx.now();
    let cause = Cause { name: cause, at: now };
    let due_at = due_at(app, &seller_order, step, now);
    store::parts::set_state(tx.conn(), seller_order_id, step, None, due_at, now).await?;
    let moved = What::of(seller_order_id, Some(step));
    store::history::insert(tx.conn(), order_id, moved, cause).await?;
    store::orders::touch(tx.conn(), order_id, now).await?;
    emit(tx, &order.row, &seller_order, command);
    tx.after_commit(move || {
        tracing::info!(
            order.id = %order_id, seller_order.id = %seller_order_id, cause = cause.name,
            "seller order {} goes from {:?} to {:?}", seller_order.part.number, step.from, step.to
        );
    });
    Ok(())
}

/// The time to send it back is over: what is left of it stays with the buyer, and its seller's money is free.
pub(super) async fn complete(
    tx: &mut Tx,
    order: &Locked,
    seller_order_id: SellerOrderId,
) -> Result<(), Error> {
    let (order_id, now) = (order.row.order_id, tx.now());
    let found = store::parts::find(tx.conn(), order_id, seller_order_id).await?;
    let kept = found.ok_or(Error::NotFound)?;
    let step = Transition { from: kept.state, to: kept.state.after(Act::Complete)? };
    let cause = Cause { name: "timer.kept", at: now };
    store::parts::set_state(tx.conn(), seller_order_id, step, None, None, now).await?;
    let moved = What::of(seller_order_id, Some(step));
    store::history::insert(tx.conn(), order_id, moved, cause).await?;
    store::orders::touch(tx.conn(), order_id, now).await?;
    let seller_order = events_out::seller_order_ref(&order.row, &kept.part, now);
    tx.emit(&SellerOrderCompleted { seller_order });
    Ok(())
}

/// Until when the step after this one has to be taken. Time that runs already runs on: what was accepted is shipped in
/// time, packed or not.
fn due_at(
    app: &App,
    seller_order: &SellerOrderRow,
    step: Transition,
    now: Timestamp,
) -> Option<Timestamp> {
    let wait = step.to.waits_for()?;
    let runs_on = step.from.waits_for() == Some(wait);
    let running = seller_order.due_at.filter(|_| runs_on);
    Some(running.unwrap_or(now + app.config.patience(wait)))
}

fn emit(tx: &mut Tx, row: &OrderRow, moved: &SellerOrderRow, command: FulfilmentCommand) {
    let seller_order = events_out::seller_order_ref(row, &moved.part, tx.now());
    match command {
        FulfilmentCommand::Accept => tx.emit(&SellerOrderAccepted { seller_order }),
        FulfilmentCommand::Pack => tx.emit(&SellerOrderPacked { seller_order }),
    }
}
