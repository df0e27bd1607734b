//! Who asked to be forgotten: a copy.

use kernel::UserId;
use sqlx::PgConnection;

/// Keeps that somebody asked to be forgotten.
pub async fn insert(conn: &mut PgConnection, user: UserId) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into erased_buyers (user_id) values ($1) on conflict do nothing",
        user.as_uuid()
    );
    query.execute(conn).await.map(drop)
}

/// Whether somebody asked to be forgotten.
pub async fn is_erased(conn: &mut PgConnection, user: UserId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from erased_buyers where user_id = $1) as "is_erased!""#,
        user.as_uuid()
    );
    query.fetch_one(conn).await
}
