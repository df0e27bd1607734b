//! The ledger: a row for every move of pieces, only ever added to.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CheckoutId, CreditId, MovementId, ParcelId, SellerOrderId, UserId};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::stock::{Cause, Move};

#[derive(Serialize)]
struct Row<'a> {
    id: MovementId,
    sku: &'a str,
    kind: &'static str,
    quantity: i64,
    reason: Option<&'a str>,
    made_by: Option<UserId>,
    checkout_id: Option<CheckoutId>,
    seller_order_id: Option<SellerOrderId>,
    credit_id: Option<CreditId>,
    parcel_id: Option<ParcelId>,
}

impl<'a> Row<'a> {
    fn of(entry: &'a Move) -> Self {
        let (reason, made_by) = match &entry.cause {
            Cause::ByHand { reason, by } => (Some(reason.as_str()), Some(*by)),
            Cause::Checkout(_) | Cause::Parcel(..) | Cause::Credit(..) => (None, None),
        };
        let (checkout_id, seller_order_id, credit_id) = sale(&entry.cause);
        let parcel_id = parcel(&entry.cause);
        Self {
            id: MovementId::new(),
            sku: entry.sku.as_str(),
            kind: entry.kind.into_str(),
            quantity: entry.quantity,
            reason,
            made_by,
            checkout_id,
            seller_order_id,
            credit_id,
            parcel_id,
        }
    }
}

fn sale(cause: &Cause) -> (Option<CheckoutId>, Option<SellerOrderId>, Option<CreditId>) {
    match *cause {
        Cause::ByHand { .. } => (None, None, None),
        Cause::Checkout(checkout) => (Some(checkout), None, None),
        Cause::Parcel(checkout, parcel) => (Some(checkout), Some(parcel.seller_order_id), None),
        Cause::Credit(checkout, part, credit) => (Some(checkout), Some(part), Some(credit)),
    }
}

fn parcel(cause: &Cause) -> Option<ParcelId> {
    match cause {
        Cause::Parcel(_, parcel) => Some(parcel.id),
        Cause::ByHand { .. } | Cause::Checkout(_) | Cause::Credit(..) => None,
    }
}

/// Writes moves down, and returns their ids.
pub async fn insert(
    conn: &mut PgConnection,
    moves: &[Move],
    at: Timestamp,
) -> sqlx::Result<Vec<MovementId>> {
    let rows: Vec<Row> = moves.iter().map(Row::of).collect();
    let query = sqlx::query!(
        "insert into movements (id, sku, kind, quantity, reason, made_by, checkout_id,
                                seller_order_id, credit_id, parcel_id, made_at)
         select id, sku, kind, quantity, reason, made_by, checkout_id, seller_order_id, credit_id,
                parcel_id, $2
           from jsonb_to_recordset($1)
                as m (id uuid, sku text, kind text, quantity bigint, reason text, made_by uuid,
                      checkout_id uuid, seller_order_id uuid, credit_id uuid, parcel_id uuid)",
        Json(&rows) as _,
        at.to_sqlx(),
    );
    query.execute(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
