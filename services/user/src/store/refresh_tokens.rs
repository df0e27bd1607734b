//! Refresh tokens, by their hash.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::SessionId;
use sqlx::PgConnection;

use crate::domain::{Presented, Spent};

/// Locks the session of a token, so that all uses of its tokens take turns.
pub async fn lock_session(conn: &mut PgConnection, hash: &[u8]) -> sqlx::Result<Option<SessionId>> {
    let query = sqlx::query_scalar!(
        "select session_id
           from sessions
          where session_id = (select session_id from refresh_tokens where token_hash = $1)
            for update",
        hash
    );
    query.fetch_optional(conn).await
}

/// A token with its session. Read it after [`lock_session`]: a statement that waits for a lock still sees the other
/// tables as they were before it waited.
pub async fn find(conn: &mut PgConnection, hash: &[u8]) -> sqlx::Result<Option<Presented>> {
    let row = sqlx::query!(
        "select s.session_id, s.user_id, s.started_at, s.ended_at, t.expires_at, t.spent_at, t.successor
           from refresh_tokens t join sessions s on s.session_id = t.session_id
          where t.token_hash = $1",
        hash
    );
    let row = row.fetch_optional(conn).await?;
    Ok(row.map(|row| Presented {
        session_id: row.session_id,
        user_id: row.user_id,
        started_at: row.started_at.to_jiff(),
        ended_at: row.ended_at.map(jiff_sqlx::Timestamp::to_jiff),
        expires_at: row.expires_at.to_jiff(),
        spent: row
            .spent_at
            .zip(row.successor)
            .map(|(at, successor)| Spent { at: at.to_jiff(), successor }),
    }))
}

pub async fn insert(
    conn: &mut PgConnection,
    hash: &[u8],
    session_id: SessionId,
    now: Timestamp,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into refresh_tokens (token_hash, session_id, issued_at, expires_at) values ($1, $2, $3, $4)",
        hash,
        session_id.as_uuid(),
        now.to_sqlx(),
        expires_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Notes that a token was exchanged.
pub async fn spend(
    conn: &mut PgConnection,
    hash: &[u8],
    successor: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update refresh_tokens set spent_at = $2, successor = $3 where token_hash = $1 and spent_at is null",
        hash,
        now.to_sqlx(),
        successor,
    );
    query.execute(conn).await.and_then(row::one)
}
