//! The parcels of seller orders.

use std::collections::BTreeMap;

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, ParcelId, SellerOrderId};
use sqlx::PgConnection;

use super::lines;
use super::parts::SellerOrderRow;
use crate::domain::credit::Pieces;
use crate::domain::parcels::Parcel;
use crate::domain::seller_order::SellerOrderState;
use crate::domain::shipment::{Carrier, Shipment};

/// The parcels of an order, by seller order, as they were sent.
pub type Parcels = BTreeMap<SellerOrderId, Vec<Parcel>>;

/// Everything that was sent of an order whose seller orders are `parts`.
pub async fn list(
    conn: &mut PgConnection,
    order_id: OrderId,
    parts: &[SellerOrderRow],
) -> sqlx::Result<Parcels> {
    let query = sqlx::query!(
        "select p.parcel_id, p.seller_order_id, p.nth, p.state, p.carrier, p.tracking_number,
                p.shipped_at, p.delivered_at, p.due_at, l.position, l.quantity
         from seller_orders s
         join parcels p using (seller_order_id)
         join parcel_lines l using (parcel_id)
         where s.order_id = $1
         order by p.seller_order_id, p.nth, l.position",
        order_id.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    let mut parcels = Parcels::new();
    for row in rows {
        let pieces = lines::pieces(row.position, row.quantity)?;
        let of_part = parcels.entry(row.seller_order_id).or_default();
        if let Some(same) = of_part.last_mut().filter(|parcel| parcel.id == row.parcel_id) {
            same.pieces.push(pieces);
            continue;
        }
        of_part.push(Parcel {
            id: row.parcel_id,
            nth: row.nth,
            state: row::parse("parcels.state", &row.state)?,
            shipment: Shipment {
                carrier: Carrier::kept(&row.carrier),
                tracking_number: row.tracking_number,
            },
            pieces: vec![pieces],
            shipped_at: row.shipped_at.map(jiff_sqlx::Timestamp::to_jiff),
            delivered_at: row.delivered_at.map(jiff_sqlx::Timestamp::to_jiff),
            due_at: row.due_at.map(jiff_sqlx::Timestamp::to_jiff),
        });
    }
    for (id, only) in parts.iter().filter_map(only) {
        parcels.entry(id).or_insert(only);
    }
    Ok(parcels)
}

/// The one parcel of what the release before shipped, unless a row says more.
fn only(part: &SellerOrderRow) -> Option<(SellerOrderId, Vec<Parcel>)> {
    let state = match part.state {
        SellerOrderState::Completed | SellerOrderState::Returned => SellerOrderState::Delivered,
        SellerOrderState::Shipped
        | SellerOrderState::Delivered
        | SellerOrderState::Rto
        | SellerOrderState::RtoReceived
        | SellerOrderState::Lost => part.state,
        SellerOrderState::Pending
        | SellerOrderState::Confirmed
        | SellerOrderState::Accepted
        | SellerOrderState::Packed
        | SellerOrderState::VendorRejected
        | SellerOrderState::SlaExpired
        | SellerOrderState::BuyerCancelled
        | SellerOrderState::StaffCancelled
        | SellerOrderState::Unavailable
        | SellerOrderState::Cancelled => return None,
    };
    let id = part.part.seller_order_id;
    let all = part.left.iter().zip(0..).filter(|(left, _)| **left > 0);
    let parcel = Parcel {
        id: ParcelId::from_uuid(id.as_uuid()),
        nth: 1,
        state,
        shipment: part.shipment.clone()?,
        pieces: all.map(|(left, position)| Pieces { position, quantity: *left }).collect(),
        shipped_at: None,
        delivered_at: None,
        due_at: part.due_at,
    };
    Some((id, vec![parcel]))
}

/// Keeps a parcel as it is now. What it holds never changes.
pub async fn put(
    conn: &mut PgConnection,
    seller_order_id: SellerOrderId,
    parcel: &Parcel,
    now: Timestamp,
) -> sqlx::Result<()> {
    let pieces = || parcel.pieces.iter();
    let positions: Result<Vec<i32>, _> =
        pieces().map(|pieces| i32::try_from(pieces.position + 1)).collect();
    let quantities: Result<Vec<i32>, _> =
        pieces().map(|pieces| i32::try_from(pieces.quantity)).collect();
    let query = sqlx::query!(
        "insert into parcels (parcel_id, seller_order_id, nth, state, carrier, tracking_number,
                              shipped_at, delivered_at, due_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (parcel_id) do update
         set state = excluded.state, carrier = excluded.carrier,
             tracking_number = excluded.tracking_number, delivered_at = excluded.delivered_at,
             due_at = excluded.due_at, updated_at = excluded.updated_at",
        parcel.id.as_uuid(),
        seller_order_id.as_uuid(),
        parcel.nth,
        parcel.state.into_str(),
        parcel.shipment.carrier.as_str(),
        parcel.shipment.tracking_number.as_str(),
        parcel.shipped_at.map(ToSqlx::to_sqlx),
        parcel.delivered_at.map(ToSqlx::to_sqlx),
        parcel.due_at.map(ToSqlx::to_sqlx),
        now.to_sqlx(),
    );
    query.execute(&mut *conn).await?;
    let query = sqlx::query!(
        "insert into parcel_lines (parcel_id, position, quantity)
         select $1, l.position, l.quantity
         from unnest($2::integer[], $3::integer[]) as l (position, quantity)
         on conflict do nothing",
        parcel.id.as_uuid(),
        &row::fit("parcel_lines.position", positions)?,
        &row::fit("parcel_lines.quantity", quantities)?,
    );
    query.execute(conn).await.map(drop)
}
