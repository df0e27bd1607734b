//! What came of an order since it was placed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{Money, OrderId, SellerOrderId};
use sqlx::PgConnection;

use crate::domain::parcels::Parcel;
use crate::domain::seller_order::{SellerOrderState, Wait};
use crate::store;
use crate::store::credits::CreditRow;
use crate::store::parts::SellerOrderRow;
use crate::store::return_lists::Held;

/// What came of one seller order.
#[derive(Debug, Default)]
pub struct Since {
    pub credits: Vec<CreditRow>,
    pub parcels: Vec<Parcel>,
    /// What is being sent back, and what its buyer has to keep.
    pub held: Held,
    pub delivered_at: Option<Timestamp>,
}

impl Since {
    /// What the carrier takes in cash when it arrives; nothing once it did, or when there is nothing to take.
    pub fn due_at_door(&self, part: &SellerOrderRow) -> Option<Money> {
        let arrives = part.state.waits_for().is_some_and(|wait| wait != Wait::Keep);
        if !part.in_cash || part.cash_taken || !arrives {
            return None;
        }
        let total = part.part.total;
        let back = Money::sum(self.credits.iter().map(|credit| credit.gross), total.currency());
        total.sub(back.ok()?).ok().filter(|due| !due.is_zero())
    }
}

/// What came of these seller orders of an order. What cannot be there yet is not looked for.
pub async fn find(
    conn: &mut PgConnection,
    order_id: OrderId,
    parts: &[SellerOrderRow],
) -> sqlx::Result<BTreeMap<SellerOrderId, Since>> {
    let any = |is: fn(SellerOrderState) -> bool| parts.iter().any(|part| is(part.state));
    let (mut credits, mut parcels) = (BTreeMap::new(), BTreeMap::new());
    let (mut held, mut delivered) = (BTreeMap::new(), BTreeMap::new());
    if any(SellerOrderState::was_confirmed) {
        credits = store::credits::list(conn, order_id).await?;
    }
    if any(SellerOrderState::may_be_sent) {
        parcels = store::parcels::list(conn, order_id, parts).await?;
    }
    if any(SellerOrderState::was_delivered) {
        held = store::return_lists::list_held(conn, order_id).await?;
        delivered = store::history::list_delivered(conn, order_id).await?;
    }
    let ids = parts.iter().map(|part| part.part.seller_order_id);
    let since = ids.map(|id| {
        let since = Since {
            credits: credits.remove(&id).unwrap_or_default(),
            parcels: parcels.remove(&id).unwrap_or_default(),
            held: held.remove(&id).unwrap_or_default(),
            delivered_at: delivered.remove(&id),
        };
        (id, since)
    });
    Ok(since.collect())
}

/// What came of one seller order alone.
pub async fn find_one(
    conn: &mut PgConnection,
    order_id: OrderId,
    part: &SellerOrderRow,
) -> sqlx::Result<Since> {
    let mut found = find(conn, order_id, std::slice::from_ref(part)).await?;
    Ok(found.remove(&part.part.seller_order_id).unwrap_or_default())
}
