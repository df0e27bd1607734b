//! What may be rated.

use contracts::rating::Subject;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, UserId, VendorId};
use sqlx::PgConnection;

use super::columns;

/// Remembers that the buyer received something of `vendor`; twice is once.
pub async fn insert(
    conn: &mut PgConnection,
    buyer: UserId,
    order: OrderId,
    vendor: VendorId,
    target: Subject,
    at: Timestamp,
) -> sqlx::Result<()> {
    let (kind, id) = columns(target);
    let query = sqlx::query!(
        "insert into purchases (buyer_id, order_id, target_kind, target_id, vendor_id, delivered_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing",
        buyer.as_uuid(),
        order.as_uuid(),
        kind,
        id,
        vendor.as_uuid(),
        at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// The seller of what `buyer` received in `order`; nothing if it was not received, or by somebody else.
pub async fn find_vendor(
    conn: &mut PgConnection,
    buyer: UserId,
    order: OrderId,
    target: Subject,
) -> sqlx::Result<Option<VendorId>> {
    let (kind, id) = columns(target);
    let query = sqlx::query_scalar!(
        "select vendor_id
           from purchases
          where order_id = $1 and target_kind = $2 and target_id = $3 and buyer_id = $4",
        order.as_uuid(),
        kind,
        id,
        buyer.as_uuid(),
    );
    query.fetch_optional(conn).await
}
