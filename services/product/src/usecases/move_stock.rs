//! A seller counts pieces in or out.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chassis::auth::VendorOf;
use chassis::idempotency::Key;
use chassis::{Claim, Problem, Tx};
use kernel::{MovementId, Sku};
use serde::Serialize;

use super::settle;
use crate::App;
use crate::domain::stock::{Cause, Count, Counters, Move};
use crate::domain::text::Reason;
use crate::error::Error;
use crate::store;

/// What was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Which row of the ledger.
    pub id: MovementId,
    /// What moved.
    pub entry: Move,
    /// The counters afterwards.
    pub counters: Counters,
}

/// Writes a movement into the ledger, once per `key`, and answers with its `view`.
#[tracing::instrument(name = "product.move_stock", skip_all, fields(product.sku = %sku))]
pub async fn move_stock<V: Serialize>(
    app: &App,
    (seller, sku): (&VendorOf, Sku),
    (count, reason): (Count, Reason),
    key: Option<&Key>,
    view: fn(&Moved) -> V,
) -> Result<Response, Problem> {
    let scope = seller.caller.user_id.to_string();
    let mut tx = app.db.begin().await.map_err(Error::from)?;
    if let Claim::Answered(replay) = tx.claim(&scope, key).await? {
        return Ok(replay.into_response());
    }

    let cause = Cause::ByHand { reason, by: seller.caller.user_id };
    let entry = Move { sku, kind: count.kind(), quantity: count.get(), cause };
    let moved = write(&mut tx, seller, entry).await?;

    let answer = (StatusCode::CREATED, &view(&moved));
    let answer = tx.answer(&scope, key, answer).await.map_err(Error::from)?;
    tx.commit().await.map_err(Error::from)?;
    Ok(answer)
}

async fn write(tx: &mut Tx, seller: &VendorOf, entry: Move) -> Result<Moved, Error> {
    let owner = store::variants::find(tx.conn(), &entry.sku).await?;
    owner.filter(|(vendor_id, _)| *vendor_id == seller.vendor_id).ok_or(Error::NotFound)?;
    let mut shelf = store::stock::lock(tx.conn(), [&entry.sku]).await?;
    let ids = settle::carry_out(tx, &mut shelf, std::slice::from_ref(&entry)).await?;
    let slot = shelf.slot(&entry.sku).ok_or(Error::NotFound)?;
    let id = ids.first().copied().ok_or(Error::NotFound)?;
    Ok(Moved { id, entry, counters: slot.counters })
}
