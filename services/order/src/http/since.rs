//! What came of an order since it was placed, for whoever bought it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::SellerOrderId;
use sqlx::PgConnection;

use super::delivery::DeliveryView;
use crate::domain::order::{Destination, PaymentStatus};
use crate::domain::refund::Refund;
use crate::domain::saga::OrderState;
use crate::domain::seller_order::SellerOrderState;
use crate::store;
use crate::store::credits::Credits;
use crate::store::orders::OrderRow;
use crate::store::parcels::Parcels;
use crate::store::parts::SellerOrderRow;
use crate::store::return_lists::OpenReturns;

#[derive(Debug, Default)]
pub struct Since {
    pub credits: Credits,
    pub parcels: Parcels,
    /// When each seller order was delivered.
    pub delivered: BTreeMap<SellerOrderId, Timestamp>,
    pub returns: OpenReturns,
    pub refunds: Vec<Refund>,
    /// Where it goes, as long as that is kept.
    pub delivery: Option<DeliveryView>,
}

impl Since {
    /// What cannot be there yet is not looked for.
    pub async fn find(
        conn: &mut PgConnection,
        row: &OrderRow,
        parts: &[SellerOrderRow],
    ) -> sqlx::Result<Self> {
        let (id, mut found) = (row.order_id, Self::default());
        let any = |is: fn(SellerOrderState) -> bool| parts.iter().any(|part| is(part.state));
        if row.state == OrderState::Confirmed {
            found.credits = store::credits::list(conn, id).await?;
        }
        if any(SellerOrderState::may_be_sent) {
            found.parcels = store::parcels::list(conn, id, parts).await?;
        }
        if any(SellerOrderState::was_delivered) {
            found.returns = store::return_lists::list_open(conn, id).await?;
            found.delivered = store::history::list_delivered(conn, id).await?;
        }
        if row.payment.status != PaymentStatus::NotRequested {
            found.refunds = store::refunds::list(conn, id, row.buyer).await?;
        }
        let Destination { address_id, version, .. } = row.destination;
        let address = store::projections::find_address(conn, address_id, version).await?;
        found.delivery = address.map(DeliveryView::of);
        Ok(found)
    }
}
