//! Sellers who may not sell at present, and what they have not shipped.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, SellerOrderId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Keeps that a seller is suspended, since when it was first heard.
pub async fn begin(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    since: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into suspensions (vendor_id, since) values ($1, $2) on conflict do nothing",
        vendor_id.as_uuid(),
        since.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// A seller is not suspended, or not any more.
pub async fn end(conn: &mut PgConnection, vendor_id: VendorId) -> sqlx::Result<()> {
    sqlx::query!("delete from suspensions where vendor_id = $1", vendor_id.as_uuid())
        .execute(conn)
        .await
        .map(drop)
}

/// Up to a hundred seller orders that are not shipped, of sellers who are suspended since `since` or longer, without
/// `except`.
pub async fn list(
    conn: &mut PgConnection,
    since: Timestamp,
    except: &[Uuid],
) -> sqlx::Result<Vec<SellerOrderId>> {
    let query = sqlx::query_scalar!(
        "select s.seller_order_id
         from suspensions v
         join seller_orders s using (vendor_id)
         where v.since <= $1 and s.state in ('confirmed', 'accepted', 'packed')
           and s.seller_order_id <> all($2)
         order by s.seller_order_id
         limit 100",
        since.to_sqlx(),
        except,
    );
    query.fetch_all(conn).await
}

/// Those of `ids` that belong to an order and are still as they were listed. The order is locked.
pub async fn list_of_order(
    conn: &mut PgConnection,
    order_id: OrderId,
    since: Timestamp,
    ids: &[Uuid],
) -> sqlx::Result<Vec<SellerOrderId>> {
    let query = sqlx::query_scalar!(
        "select s.seller_order_id
         from suspensions v
         join seller_orders s using (vendor_id)
         where s.order_id = $1 and s.seller_order_id = any($3)
           and v.since <= $2 and s.state in ('confirmed', 'accepted', 'packed')
         order by s.position",
        order_id.as_uuid(),
        since.to_sqlx(),
        ids,
    );
    query.fetch_all(conn).await
}
