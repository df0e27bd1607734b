//! What is kept of people who asked to be forgotten, as long as their parcels need it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::SellerOrderId;
use sqlx::PgConnection;
use uuid::Uuid;

/// The seller orders that ended after `since`, of those who asked to be forgotten and have no parcel to wait for any more.
pub async fn list_ended(conn: &mut PgConnection, since: Timestamp) -> sqlx::Result<Vec<Uuid>> {
    let ended = sqlx::query_scalar!(
        "select s.seller_order_id
         from erased_buyers e
         join orders o on o.buyer = e.user_id
         join seller_orders s using (order_id)
         where not e.settled and s.updated_at > $1
           and not exists (
             select from orders o
             join seller_orders s using (order_id)
             where o.buyer = e.user_id
               and s.state in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto'))",
        since.to_sqlx(),
    )
    .fetch_all(conn)
    .await?;
    Ok(ended.iter().map(SellerOrderId::as_uuid).collect())
}

/// Deletes the addresses of those who asked to be forgotten, but for those that a parcel still has to find.
pub async fn delete_leftovers(conn: &mut PgConnection) -> sqlx::Result<u64> {
    sqlx::query!(
        "delete from address_copies a
         using erased_buyers e
         where not e.settled and a.user_id = e.user_id
           and not exists (
             select from orders o
             join seller_orders s using (order_id)
             where o.buyer = e.user_id and o.address_id = a.address_id and o.address_version = a.version
               and s.state in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto'))",
    )
    .execute(conn)
    .await
    .map(|done| done.rows_affected())
}

/// Writes down of whom nothing is kept any more. Answers how many they are.
pub async fn settle(conn: &mut PgConnection) -> sqlx::Result<usize> {
    let settled = sqlx::query!(
        "update erased_buyers e
         set settled = true
         where not settled and not exists (select from address_copies a where a.user_id = e.user_id)
           and not exists (
             select from orders o
             join seller_orders s using (order_id)
             where o.buyer = e.user_id
               and s.state in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto'))",
    )
    .execute(conn)
    .await?;
    Ok(usize::try_from(settled.rows_affected()).unwrap_or(usize::MAX))
}

/// Whether a seller has no business with the buyer's address any more: the buyer asked to be forgotten, and its parcel
/// arrived, came back or was never sent.
pub async fn is_done_for(
    conn: &mut PgConnection,
    seller_order_id: SellerOrderId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
             select from seller_orders s
             join orders o using (order_id)
             join erased_buyers e on e.user_id = o.buyer
             where s.seller_order_id = $1
               and s.state not in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto')) as "is_done!""#,
        seller_order_id.as_uuid(),
    )
    .fetch_one(conn)
    .await
}
