//! How people are reached: a copy.

use contracts::user::ContactUpdated;
use kernel::UserId;
use sqlx::PgConnection;

/// Keeps a person, unless something later is known.
pub async fn upsert(
    conn: &mut PgConnection,
    contact: &ContactUpdated,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into contacts as c (user_id, email, name, locale, version)
         values ($1, $2, $3, $4, $5)
         on conflict (user_id) do update
            set email = excluded.email, name = excluded.name, locale = excluded.locale, version = excluded.version
          where c.version < excluded.version",
        contact.user_id.as_uuid(),
        contact.email.as_str(),
        contact.name,
        contact.locale,
        version,
    );
    query.execute(conn).await.map(drop)
}

/// Forgets a person, unless something later is known.
pub async fn forget(conn: &mut PgConnection, user: UserId, version: i64) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into contacts as c (user_id, version)
         values ($1, $2)
         on conflict (user_id) do update
            set email = null, name = null, locale = null, version = excluded.version
          where c.version < excluded.version",
        user.as_uuid(),
        version,
    );
    query.execute(conn).await.map(drop)
}
