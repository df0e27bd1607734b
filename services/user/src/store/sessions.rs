//! Sessions.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{SessionId, UserId};
use sqlx::PgConnection;
use strum::IntoStaticStr;

/// A session that is going on.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    /// What the client called itself.
    pub device: Option<String>,
    pub started_at: Timestamp,
    /// When a token was last asked for.
    pub last_used_at: Timestamp,
    /// When it is over if it is not used.
    pub expires_at: Timestamp,
}

/// Why a session was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum End {
    /// Its owner signed out.
    SignedOut,
    /// A refresh token came twice.
    Reuse,
    /// The account was suspended, lowered or erased.
    Account,
}

/// A user's sessions that are going on, newest first.
pub async fn list(
    conn: &mut PgConnection,
    user_id: UserId,
    after: Option<SessionId>,
    limit: i64,
    now: Timestamp,
) -> sqlx::Result<Vec<Session>> {
    let query = sqlx::query_as!(
        Session,
        "select session_id as id, device, started_at, last_used_at, expires_at
           from sessions
          where user_id = $1 and ended_at is null and expires_at > $4 and ($2::uuid is null or session_id < $2)
          order by session_id desc
          limit $3",
        user_id.as_uuid(),
        after.map(|id| id.as_uuid()),
        limit,
        now.to_sqlx(),
    );
    query.fetch_all(conn).await
}

pub async fn insert(
    conn: &mut PgConnection,
    session_id: SessionId,
    user_id: UserId,
    device: Option<&str>,
    now: Timestamp,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into sessions (session_id, user_id, device, started_at, last_used_at, expires_at)
         values ($1, $2, $3, $4, $4, $5)",
        session_id.as_uuid(),
        user_id.as_uuid(),
        device,
        now.to_sqlx(),
        expires_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Notes that a session was used.
pub async fn extend(
    conn: &mut PgConnection,
    session_id: SessionId,
    now: Timestamp,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update sessions set last_used_at = $2, expires_at = $3 where session_id = $1",
        session_id.as_uuid(),
        now.to_sqlx(),
        expires_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Notes that a session saw the second factor.
pub async fn show_second_factor(
    conn: &mut PgConnection,
    session_id: SessionId,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update sessions set second_factor_at = $2 where session_id = $1",
        session_id.as_uuid(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// When a session saw the second factor last.
pub async fn find_second_factor(
    conn: &mut PgConnection,
    session_id: SessionId,
) -> sqlx::Result<Option<Timestamp>> {
    let query = sqlx::query_scalar!(
        "select second_factor_at from sessions where session_id = $1",
        session_id.as_uuid()
    );
    Ok(query.fetch_optional(conn).await?.flatten().map(jiff_sqlx::Timestamp::to_jiff))
}

/// Ends one session of a user. Returns whether it was going on.
pub async fn end(
    conn: &mut PgConnection,
    session_id: SessionId,
    user_id: UserId,
    why: End,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update sessions set ended_at = $3, end_reason = $4
          where session_id = $1 and user_id = $2 and ended_at is null",
        session_id.as_uuid(),
        user_id.as_uuid(),
        now.to_sqlx(),
        why.into_str(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Ends all sessions of a user that were going on at `since` or later, but for the one that stays, and names them.
pub async fn end_all(
    conn: &mut PgConnection,
    user_id: UserId,
    stays: Option<SessionId>,
    since: Timestamp,
    now: Timestamp,
) -> sqlx::Result<Vec<SessionId>> {
    let query = sqlx::query_scalar!(
        "update sessions set ended_at = $2, end_reason = $3
          where user_id = $1 and ended_at is null and expires_at > $4 and ($5::uuid is null or session_id <> $5)
      returning session_id",
        user_id.as_uuid(),
        now.to_sqlx(),
        End::Account.into_str(),
        since.to_sqlx(),
        stays.map(|id| id.as_uuid()),
    );
    query.fetch_all(conn).await
}

/// Deletes up to a hundred sessions that were over before `before`, with their tokens.
pub async fn delete_over(conn: &mut PgConnection, before: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from sessions
          where session_id in (select session_id from sessions where expires_at < $1
                                order by expires_at limit 100 for update skip locked)",
        before.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected())
}
