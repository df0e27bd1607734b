//! The copy of who acts for which seller.

use kernel::{UserId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Notes a version of a seller. Returns whether it is newer than what was known.
pub async fn upsert(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    version: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into vendors (vendor_id, version) values ($1, $2)
         on conflict (vendor_id) do update set version = excluded.version where vendors.version < excluded.version",
        vendor_id.as_uuid(),
        version,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Forgets the members of a seller.
pub async fn delete_members(conn: &mut PgConnection, vendor_id: VendorId) -> sqlx::Result<()> {
    sqlx::query!("delete from vendor_members where vendor_id = $1", vendor_id.as_uuid())
        .execute(conn)
        .await
        .map(drop)
}

/// Notes the members of a seller.
pub async fn insert_members(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    members: &[UserId],
) -> sqlx::Result<()> {
    let members: Vec<Uuid> = members.iter().map(UserId::as_uuid).collect();
    let query = sqlx::query!(
        "insert into vendor_members (vendor_id, user_id)
         select $1, member from unnest($2::uuid[]) as member
         on conflict do nothing",
        vendor_id.as_uuid(),
        &members,
    );
    query.execute(conn).await.map(drop)
}

/// The sellers a user acts for.
pub async fn list_of(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<Vec<VendorId>> {
    let query = sqlx::query_scalar!(
        "select vendor_id
           from vendor_members
          where user_id = $1
          order by vendor_id",
        user_id.as_uuid()
    );
    query.fetch_all(conn).await
}
