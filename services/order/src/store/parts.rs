//! Seller orders as they stand: finding, locking and moving them.

use chassis::{row, telemetry};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{AddressId, Money, OrderId, SellerOrderId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::history::Cause;
use super::lines::{self, Taken};
use super::orders::OrderRow;
use super::terms;
use crate::domain::order::{Method, Order, Part};
use crate::domain::seller_order::{SellerOrderState, Transition};
use crate::domain::shipment::{Carrier, Shipment, TrackingNumber};
use crate::domain::split::Share;

/// A seller order as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellerOrderRow {
    /// What was frozen at placement.
    pub part: Part,
    /// How many pieces of each line are left: sold and not taken back.
    pub left: Vec<u32>,
    /// What became of the other pieces of each line.
    pub taken: Vec<Taken>,
    pub state: SellerOrderState,
    /// Until when the next step has to be taken.
    pub due_at: Option<Timestamp>,
    /// The parcel, once it was shipped.
    pub shipment: Option<Shipment>,
    /// It is paid in cash at the door.
    pub in_cash: bool,
    /// Its cash was taken there.
    pub cash_taken: bool,
    /// Rises with every change of it.
    pub version: i64,
}

impl SellerOrderRow {
    /// Something of it was not taken back.
    pub fn is_left(&self) -> bool {
        self.left.iter().any(|left| *left > 0)
    }
}

/// The seller orders of an order, in its order.
pub async fn list(conn: &mut PgConnection, order_id: OrderId) -> sqlx::Result<Vec<SellerOrderRow>> {
    let query = sqlx::query!(
        r#"select seller_order_id, number, vendor_id, vendor_name, state, shipping, tax, total, taxable,
                commission, commission_tax, tcs, tds, payable, currency, commission_bp, supply,
                has_gstin, has_pan, scheme, commission_supply, commission_tax_bp, tcs_bp, tds_bp,
                case when due_in = state then due_at
                     when state = 'delivered' then updated_at + interval '7 days'
                end as due_at,
                carrier, tracking_number, version,
                exists (select from cash_copies c where c.seller_order_id = seller_orders.seller_order_id)
                    as "cash_taken!",
                exists (select from orders o where o.order_id = $1 and o.payment_method = 'cod') as "in_cash!"
         from seller_orders
         where order_id = $1
         order by position"#,
        order_id.as_uuid(),
    );
    let rows = query.fetch_all(&mut *conn).await?;
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let currency = first.currency;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.seller_order_id.as_uuid()).collect();
    let mut lines = lines::list(conn, &ids, currency).await?;
    let money = |minor| Money::new(minor, currency);

    rows.into_iter()
        .map(|row| {
            let share = Share {
                taxable: money(row.taxable),
                commission: money(row.commission),
                commission_tax: money(row.commission_tax),
                tcs: money(row.tcs),
                tds: money(row.tds),
                payable: money(row.payable),
            };
            let kept = terms::Kept {
                commission_bp: row.commission_bp,
                supply: row.supply,
                has_gstin: row.has_gstin,
                has_pan: row.has_pan,
                scheme: row.scheme,
                commission_supply: row.commission_supply,
                rates: (row.commission_tax_bp, row.tcs_bp, row.tds_bp),
            };
            let lines = lines.remove(&row.seller_order_id).unwrap_or_default();
            let part = Part {
                seller_order_id: row.seller_order_id,
                number: row.number,
                vendor_id: row.vendor_id,
                vendor_name: row.vendor_name,
                lines: lines.sold,
                taxed: lines.taxed,
                shipping: money(row.shipping),
                tax: money(row.tax),
                total: money(row.total),
                share,
                terms: kept.terms()?,
            };
            Ok(SellerOrderRow {
                part,
                left: lines.left,
                taken: lines.taken,
                state: row::parse("seller_orders.state", &row.state)?,
                due_at: row.due_at.map(jiff_sqlx::Timestamp::to_jiff),
                shipment: shipment(row.carrier, row.tracking_number),
                in_cash: row.in_cash,
                cash_taken: row.cash_taken,
                version: row.version,
            })
        })
        .collect()
}

fn shipment(carrier: Option<String>, number: Option<TrackingNumber>) -> Option<Shipment> {
    Some(Shipment { carrier: Carrier::kept(&carrier?), tracking_number: number? })
}

/// The whole order as it was frozen.
pub async fn load_order(conn: &mut PgConnection, row: &OrderRow) -> sqlx::Result<Order> {
    let parts = list(conn, row.order_id).await?;
    Ok(Order {
        id: row.order_id,
        checkout_id: row.checkout_id,
        number: row.number.clone(),
        buyer: row.buyer,
        destination: row.destination,
        method: row.method,
        payment_id: row.payment.id,
        total: row.total,
        parts: parts.into_iter().map(|seller_order| seller_order.part).collect(),
        placed_at: row.placed_at,
    })
}

/// One seller order of an order.
pub async fn find(
    conn: &mut PgConnection,
    order_id: OrderId,
    seller_order_id: SellerOrderId,
) -> sqlx::Result<Option<SellerOrderRow>> {
    let all = list(conn, order_id).await?;
    Ok(all.into_iter().find(|seller_order| seller_order.part.seller_order_id == seller_order_id))
}

/// The order that a seller order belongs to, as far as its seller needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    pub order_id: OrderId,
    /// How the buyer pays.
    pub method: Method,
    pub address_id: AddressId,
    /// Which edition of that address.
    pub address_version: i32,
    /// When it was placed.
    pub placed_at: Timestamp,
}

/// Where a seller's order comes from. Those that nobody paid for are nothing to the seller.
pub async fn find_origin(
    conn: &mut PgConnection,
    seller_order_id: SellerOrderId,
    vendor_id: VendorId,
) -> sqlx::Result<Option<Origin>> {
    let query = sqlx::query!(
        "select o.order_id, o.payment_method, o.address_id, o.address_version, o.placed_at
         from seller_orders s
         join orders o using (order_id)
         where s.seller_order_id = $1 and s.vendor_id = $2
           and s.state not in ('pending', 'cancelled')",
        seller_order_id.as_uuid(),
        vendor_id.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    row.map(|row| {
        Ok(Origin {
            order_id: row.order_id,
            method: row::parse("orders.payment_method", &row.payment_method)?,
            address_id: row.address_id,
            address_version: row.address_version,
            placed_at: row.placed_at.to_jiff(),
        })
    })
    .transpose()
}

/// The order that something belongs to, and the seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub order_id: OrderId,
    pub vendor_id: VendorId,
}

/// Whose a seller order is.
pub async fn find_owner(
    conn: &mut PgConnection,
    seller_order_id: SellerOrderId,
) -> sqlx::Result<Option<Owner>> {
    let query = sqlx::query_as!(
        Owner,
        "select o.order_id, s.vendor_id
         from seller_orders s
         join orders o using (order_id)
         where s.seller_order_id = $1",
        seller_order_id.as_uuid(),
    );
    query.fetch_optional(conn).await
}

/// Moves every seller order of an order that stands at `from`, into a state that no deadline runs in.
pub async fn set_all(
    conn: &mut PgConnection,
    order_id: OrderId,
    step: Transition,
    cause: Cause<'_>,
) -> sqlx::Result<()> {
    set_all_due(conn, order_id, step, None, cause).await
}

/// Moves every seller order of an order that stands at `from`; its seller has time until `due_at`.
pub async fn set_all_due(
    conn: &mut PgConnection,
    order_id: OrderId,
    step: Transition,
    due_at: Option<Timestamp>,
    cause: Cause<'_>,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "with moved as (
             update seller_orders
             set state = $3, due_at = $6,
                 due_in = case when $6::timestamptz is not null then $3 end,
                 version = version + 1, updated_at = $5
             where order_id = $1 and state = $2
             returning seller_order_id, position
         )
         insert into order_events
             (order_id, seller_order_id, from_state, to_state, cause, at, trace_id)
         select $1, seller_order_id, $2, $3, $4, $5, nullif($7, '')
         from moved
         order by position",
        order_id.as_uuid(),
        step.from.into_str(),
        step.to.into_str(),
        cause.name,
        cause.at.to_sqlx(),
        due_at.map(ToSqlx::to_sqlx),
        telemetry::trace_id(),
    );
    query.execute(conn).await.map(drop)
}

/// Something of a seller order has changed, but not its state.
pub async fn touch(
    conn: &mut PgConnection,
    seller_order_id: SellerOrderId,
    at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update seller_orders set version = version + 1, updated_at = $2 where seller_order_id = $1",
        seller_order_id.as_uuid(),
        at.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Moves one seller order from the state it was seen in; its seller has time for the next step until `due_at`.
pub async fn set_state(
    conn: &mut PgConnection,
    seller_order_id: SellerOrderId,
    step: Transition,
    shipment: Option<&Shipment>,
    due_at: Option<Timestamp>,
    at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update seller_orders
         set state = $3, carrier = coalesce($4, carrier),
             tracking_number = coalesce($5, tracking_number), due_at = $7,
             due_in = case when $7::timestamptz is not null then $3 end,
             version = version + 1, updated_at = $6
         where seller_order_id = $1 and state = $2",
        seller_order_id.as_uuid(),
        step.from.into_str(),
        step.to.into_str(),
        shipment.map(|s| s.carrier.as_str()),
        shipment.map(|s| s.tracking_number.as_str()),
        at.to_sqlx(),
        due_at.map(ToSqlx::to_sqlx),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Corrects who carries what was sent last.
pub async fn set_shipment(
    conn: &mut PgConnection,
    seller_order_id: SellerOrderId,
    shipment: &Shipment,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update seller_orders set carrier = $2, tracking_number = $3 where seller_order_id = $1",
        seller_order_id.as_uuid(),
        shipment.carrier.as_str(),
        shipment.tracking_number.as_str(),
    );
    query.execute(conn).await.and_then(row::one)
}
