//! Parcels that were on their way when the buyer's bank took the money of all of their seller order back. They end, too, and
//! no money moves any more.

use chassis::Tx;
use contracts::order::ParcelEnded;
use kernel::{ParcelId, SellerOrderId};

use super::events_out;
use super::parcels;
use super::step::Locked;
use crate::App;
use crate::domain::credit::Stock;
use crate::domain::parcels::Parcel;
use crate::domain::seller_order::{Act, Wait};
use crate::error::Error;
use crate::store;
use crate::store::history::{Cause, What};
use crate::store::parts::SellerOrderRow;

/// How parcels end.
pub(super) struct End<'a> {
    pub act: Act,
    /// What becomes of the pieces.
    pub stock: Stock,
    /// In whose words.
    pub reason: Option<&'a str>,
    /// What made it happen, for the timeline.
    pub step: &'static str,
}

/// These parcels of `part` are back with their seller, or lost. The order's row is locked.
pub(super) async fn end(
    tx: &mut Tx,
    order: &Locked,
    part: &SellerOrderRow,
    mut sent: Vec<Parcel>,
    gone: &[ParcelId],
    how: &End<'_>,
) -> Result<(), Error> {
    let (order_id, id, now) = (order.row.order_id, part.part.seller_order_id, tx.now());
    parcels::take_back(tx, part, &mut sent, gone, how.act).await?;
    for parcel in sent.iter().filter(|parcel| gone.contains(&parcel.id)) {
        let why = Cause { name: how.step, at: now };
        let words = parcels::in_words(&part.part, parcel);
        let words = how.reason.map_or(words.clone(), |reason| format!("{words}: {reason}"));
        let what = What::of(id, None).saying(&words);
        store::history::insert(tx.conn(), order_id, what, why).await?;
        tx.emit(&ParcelEnded {
            seller_order: events_out::seller_order_ref(&order.row, &part.part, now),
            parcel_id: parcel.id,
            lines: events_out::moved_lines(&part.part, &parcel.pieces),
            stock: events_out::disposition(how.stock),
        });
    }
    store::parts::touch(tx.conn(), id, now).await?;
    store::orders::touch(tx.conn(), order_id, now).await?;
    let (number, cause) = (part.part.number.clone(), how.step);
    tx.after_commit(move || {
        tracing::info!(
            seller_order.id = %id, cause, "a settled parcel of seller order {number} ended"
        );
    });
    Ok(())
}

/// Of a seller order that is settled, the parcels of which nothing was heard in time are lost.
pub(super) async fn lose_late(tx: &mut Tx, order: &Locked, id: SellerOrderId) -> Result<(), Error> {
    let part = store::parts::find(tx.conn(), order.row.order_id, id).await?;
    let part = part.ok_or(Error::NotFound)?;
    let (sent, now) = (parcels::list_of(tx, order, &part).await?, tx.now());
    let late = |parcel: &&Parcel| parcel.is_on_its_way() && parcel.due_at <= Some(now);
    let late: Vec<_> = sent.iter().filter(late).map(|parcel| parcel.id).collect();
    let how = End { act: Act::Lose, stock: Stock::WriteOff, reason: None, step: "timer.lost" };
    end(tx, order, &part, sent, &late, &how).await
}

/// Keeps the parcel that the release before sent: from here on it does not stand where its seller order stands.
pub(super) async fn keep_old(
    app: &App,
    tx: &mut Tx,
    id: SellerOrderId,
    sent: &[Parcel],
) -> Result<(), Error> {
    let now = tx.now();
    let old = |parcel: &&Parcel| parcel.is_on_its_way() && parcel.shipped_at.is_none();
    for parcel in sent.iter().filter(old) {
        let due_at = parcel.due_at.unwrap_or(now + app.config.patience(Wait::Arrive));
        let kept = Parcel { due_at: Some(due_at), ..parcel.clone() };
        store::parcels::put(tx.conn(), id, &kept, now).await?;
    }
    Ok(())
}
