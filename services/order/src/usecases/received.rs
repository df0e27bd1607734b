//! What sellers say to what buyers send back, and that it is with them.

use chassis::Tx;
use kernel::{ReturnId, VendorId};

use super::return_events;
use super::returns::{Deed, lock_as_seller, step, touch, write_down};
use super::step::Locked;
use crate::domain::returns::{Condition, ReturnAct, ReturnRefused, ReturnState};
use crate::error::Error;
use crate::store;
use crate::store::returns::ReturnRow;

/// The seller takes a step. Received, it is credited; where the buyer's bank settled it, only its pieces find their place.
#[tracing::instrument(name = "order.return_step_of_seller", skip_all, fields(return.id = %id))]
pub async fn step_as_seller(
    tx: &mut Tx,
    vendor_id: VendorId,
    id: ReturnId,
    deed: Deed,
) -> Result<(), Error> {
    let (order, row) = lock_as_seller(tx, vendor_id, id).await?;
    if (row.state, deed.act) == (ReturnState::Settled, ReturnAct::Receive) {
        return receive_settled(tx, &order, row, deed).await;
    }
    step(tx, &order, row, deed).await
}

/// The money went back otherwise, so the return stays where it stands.
async fn receive_settled(
    tx: &mut Tx,
    order: &Locked,
    row: ReturnRow,
    deed: Deed,
) -> Result<(), Error> {
    let (now, condition) = (tx.now(), deed.condition.unwrap_or(Condition::Damaged));
    if !store::returns::receive_settled(tx.conn(), row.id, condition, now).await? {
        return Err(ReturnRefused::NoArrow { state: row.state, act: deed.act }.into());
    }
    touch(tx, &row).await?;
    write_down(tx, &row, deed).await?;
    tx.emit(&return_events::received(&order.row, &row, condition.stock(), now));
    let (part, number) = (row.seller_order_id, row.number);
    tx.after_commit(move || {
        tracing::info!(
            seller_order.id = %part, return.id = %row.id,
            "what a bank settled of seller order {number} is back"
        );
    });
    Ok(())
}
