//! Sign-ins that still want a second factor.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::UserId;
use sqlx::PgConnection;

/// Who proved their address, and on what.
#[derive(Debug)]
pub struct HalfSignIn {
    pub user_id: UserId,
    pub device: Option<String>,
}

pub async fn insert(
    conn: &mut PgConnection,
    hash: &[u8],
    half: &HalfSignIn,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into half_sign_ins (token_hash, user_id, device, expires_at) values ($1, $2, $3, $4)",
        hash,
        half.user_id.as_uuid(),
        half.device,
        expires_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Whose sign-in it is, unless it is over.
pub async fn find_owner(
    conn: &mut PgConnection,
    hash: &[u8],
    now: Timestamp,
) -> sqlx::Result<Option<UserId>> {
    let query = sqlx::query_scalar!(
        r#"select user_id as "user_id: UserId" from half_sign_ins where token_hash = $1 and expires_at > $2"#,
        hash,
        now.to_sqlx(),
    );
    query.fetch_optional(conn).await
}

/// Takes a sign-in, once.
pub async fn take(conn: &mut PgConnection, hash: &[u8]) -> sqlx::Result<Option<HalfSignIn>> {
    let query = sqlx::query_as!(
        HalfSignIn,
        r#"delete from half_sign_ins where token_hash = $1 returning user_id as "user_id: UserId", device"#,
        hash
    );
    query.fetch_optional(conn).await
}

/// Forgets the sign-ins of an account.
pub async fn delete_of(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from half_sign_ins where user_id = $1", user_id.as_uuid())
        .execute(conn)
        .await
        .map(drop)
}

/// Deletes up to a hundred that nobody finished in time.
pub async fn delete_over(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from half_sign_ins
          where token_hash in (select token_hash from half_sign_ins where expires_at < $1
                                order by expires_at limit 100 for update skip locked)",
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected())
}
