//! What is kept of people who asked to be forgotten, as long as their parcels need it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::SellerOrderId;
use sqlx::PgConnection;
use uuid::Uuid;

/// The seller orders of those who asked to be forgotten that ended after `since` and have not been looked after yet: their
/// parcels arrived, came back or were never sent.
pub async fn list_ended(conn: &mut PgConnection, since: Timestamp) -> sqlx::Result<Vec<Uuid>> {
    // A minute twice: what ended while the last look was taken may have been committed after it.
    let query = sqlx::query_scalar!(
        "select s.seller_order_id
         from erased_buyers e
         join orders o on o.buyer = e.user_id
         join seller_orders s using (order_id)
         where not e.settled
           and s.state not in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto')
           and s.updated_at > greatest($1, e.answers_gone_at - interval '1 minute')",
        since.to_sqlx(),
    );
    let ended = query.fetch_all(conn).await?;
    Ok(ended.iter().map(SellerOrderId::as_uuid).collect())
}

/// Writes down that the answers about all that [`list_ended`] names are gone: once a minute, and for how many people.
pub async fn answers_are_gone(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let query = sqlx::query!(
        "update erased_buyers set answers_gone_at = $1
         where not settled and coalesce(answers_gone_at < $1::timestamptz - interval '1 minute', true)",
        now.to_sqlx(),
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected())
}

/// Deletes the addresses of those who asked to be forgotten, but for those that a parcel still has to find.
pub async fn delete_leftovers(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let query = sqlx::query!(
        "delete from address_copies a
         using erased_buyers e
         where not e.settled and a.user_id = e.user_id
           and not exists (
             select from orders o
             join seller_orders s using (order_id)
             where o.buyer = e.user_id and o.address_id = a.address_id and o.address_version = a.version
               and s.state in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto'))",
    );
    query.execute(conn).await.map(|done| done.rows_affected())
}

/// Writes down of whom nothing is kept any more. Answers how many they are.
pub async fn settle(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let query = sqlx::query!(
        "update erased_buyers e
         set settled = true
         where not settled and not exists (select from address_copies a where a.user_id = e.user_id)
           and not exists (
             select from orders o
             join seller_orders s using (order_id)
             where o.buyer = e.user_id
               and s.state in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto'))",
    );
    let settled = query.execute(conn).await?;
    Ok(settled.rows_affected())
}

/// Whether a seller has no business with the buyer's address any more: the buyer asked to be forgotten, and its parcel
/// arrived, came back or was never sent.
pub async fn is_done_for(
    conn: &mut PgConnection,
    seller_order_id: SellerOrderId,
) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (
             select from seller_orders s
             join orders o using (order_id)
             join erased_buyers e on e.user_id = o.buyer
             where s.seller_order_id = $1
               and s.state not in ('pending', 'confirmed', 'accepted', 'packed', 'shipped', 'rto')) as "is_done!""#,
        seller_order_id.as_uuid(),
    );
    query.fetch_one(conn).await
}
