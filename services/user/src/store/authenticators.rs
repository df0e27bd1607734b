//! Second factors: the app of an account, and what is left of its recovery codes.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::UserId;
use sqlx::PgConnection;

use crate::domain::{Authenticator, RecoveryCode, Secret};

/// An app as it is kept: its secret is sealed.
#[derive(Debug)]
pub struct Kept {
    pub secret: String,
    pub confirmed_at: Option<jiff_sqlx::Timestamp>,
    last_step: Option<i64>,
    failures: i32,
    locked_until: Option<jiff_sqlx::Timestamp>,
}

impl Kept {
    /// The app, with its secret opened.
    pub fn opened(self, secret: Secret) -> Authenticator {
        Authenticator {
            secret,
            confirmed_at: self.confirmed_at.map(jiff_sqlx::Timestamp::to_jiff),
            last_step: self.last_step,
            failures: self.failures,
            locked_until: self.locked_until.map(jiff_sqlx::Timestamp::to_jiff),
        }
    }
}

/// The app of an account. Whoever changes it has locked the account.
pub async fn find(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<Option<Kept>> {
    let query = sqlx::query_as!(
        Kept,
        "select secret, confirmed_at, last_step, failures, locked_until
             from authenticators
            where user_id = $1",
        user_id.as_uuid()
    );
    query.fetch_optional(conn).await
}

/// Since when an account has a second factor, and how many recovery codes are left.
pub async fn find_confirmed(
    conn: &mut PgConnection,
    user_id: UserId,
) -> sqlx::Result<Option<(Timestamp, i64)>> {
    let row = sqlx::query!(
        r#"select confirmed_at as "confirmed_at!",
                  (select count(*) from recovery_codes r where r.user_id = a.user_id) as "left!"
             from authenticators a
            where user_id = $1 and confirmed_at is not null"#,
        user_id.as_uuid()
    );
    Ok(row.fetch_optional(conn).await?.map(|row| (row.confirmed_at.to_jiff(), row.left)))
}

/// Keeps a new app, in place of one that was never confirmed.
pub async fn put(
    conn: &mut PgConnection,
    user_id: UserId,
    sealed: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into authenticators (user_id, secret, created_at, failures)
         values ($1, $2, $3, 0)
         on conflict (user_id) do update
            set secret = excluded.secret, created_at = excluded.created_at, failures = 0, locked_until = null
          where authenticators.confirmed_at is null",
        user_id.as_uuid(),
        sealed,
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Writes an app that was locked.
pub async fn update(
    conn: &mut PgConnection,
    user_id: UserId,
    app: &Authenticator,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update authenticators
            set confirmed_at = $2, last_step = $3, failures = $4, locked_until = $5
          where user_id = $1",
        user_id.as_uuid(),
        app.confirmed_at.map(ToSqlx::to_sqlx) as _,
        app.last_step,
        app.failures,
        app.locked_until.map(ToSqlx::to_sqlx) as _,
    );
    query.execute(conn).await.and_then(row::one)
}

/// Takes the app away, and its recovery codes. Returns whether there was one that was confirmed.
pub async fn delete(conn: &mut PgConnection, user_id: UserId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"delete from authenticators where user_id = $1 returning confirmed_at is not null as "was_on!""#,
        user_id.as_uuid()
    );
    Ok(query.fetch_optional(conn).await? == Some(true))
}

/// Keeps new recovery codes; the ones before are worthless.
pub async fn put_recovery(
    conn: &mut PgConnection,
    user_id: UserId,
    codes: &[RecoveryCode],
) -> sqlx::Result<()> {
    let hashes: Vec<_> = codes.iter().map(RecoveryCode::hash).collect();
    let forget = sqlx::query!("delete from recovery_codes where user_id = $1", user_id.as_uuid());
    forget.execute(&mut *conn).await?;
    let query = sqlx::query!(
        "insert into recovery_codes (user_id, code_hash) select $1, unnest($2::bytea[])",
        user_id.as_uuid(),
        &hashes
    );
    query.execute(conn).await.map(drop)
}

/// Uses a recovery code up. Returns whether it was there.
pub async fn use_recovery(
    conn: &mut PgConnection,
    user_id: UserId,
    code: &RecoveryCode,
) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "delete from recovery_codes where user_id = $1 and code_hash = $2",
        user_id.as_uuid(),
        code.hash()
    );
    Ok(query.execute(conn).await?.rows_affected() == 1)
}
