//! Signing keys.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use crate::domain::SigningKey;

struct Row {
    kid: String,
    x: String,
    sealed: String,
    not_before: Timestamp,
    retires_at: Option<jiff_sqlx::Timestamp>,
}

impl From<Row> for SigningKey {
    fn from(row: Row) -> Self {
        Self {
            kid: row.kid,
            x: row.x,
            sealed: row.sealed,
            not_before: row.not_before,
            retires_at: row.retires_at.map(jiff_sqlx::Timestamp::to_jiff),
        }
    }
}

/// Lets replicas that make keys take turns until the transaction ends.
pub async fn take_turn(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtext('user.signing_keys'))")
        .execute(conn)
        .await
        .map(drop)
}

/// All keys that somebody may still need, newest first.
pub async fn list(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<Vec<SigningKey>> {
    let rows = sqlx::query_as!(
        Row,
        "select kid, x, sealed, not_before, retires_at
           from signing_keys
          where retires_at is null or retires_at > $1
          order by not_before desc, kid",
        now.to_sqlx(),
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(SigningKey::from).collect())
}

pub async fn insert(conn: &mut PgConnection, key: &SigningKey, now: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into signing_keys (kid, x, sealed, not_before, retires_at, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        key.kid,
        key.x,
        key.sealed,
        key.not_before.to_sqlx(),
        key.retires_at.map(ToSqlx::to_sqlx),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Sets when a key is worthless.
pub async fn retire(conn: &mut PgConnection, kid: &str, retires_at: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update signing_keys set retires_at = $2 where kid = $1",
        kid,
        retires_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Deletes the keys that are worthless, and names them.
pub async fn delete_retired(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<Vec<String>> {
    let query = sqlx::query_scalar!(
        "delete from signing_keys where retires_at <= $1 returning kid",
        now.to_sqlx(),
    );
    query.fetch_all(conn).await
}
