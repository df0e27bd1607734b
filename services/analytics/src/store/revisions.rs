//! Who changed what last: turns of writers, and the numbers of changes.

use kernel::VendorId;
use sqlx::PgConnection;
use sqlx::types::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of the mall's.
    Mall,
    /// One seller's.
    Seller(VendorId),
}

impl Scope {
    fn column(self) -> Uuid {
        match self {
            Self::Mall => Uuid::nil(),
            Self::Seller(id) => id.as_uuid(),
        }
    }
}

/// Waits for the turn of this transaction: every change of numbers raises the same rows of a day, and two batches
/// that raise them in different orders would wait for each other.
pub async fn take_turn(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(1)").execute(conn).await.map(drop)
}

/// Says that the numbers of these scopes changed.
pub async fn raise(conn: &mut PgConnection, scopes: &[Scope]) -> sqlx::Result<()> {
    let scopes: Vec<Uuid> = scopes.iter().map(|scope| scope.column()).collect();
    let query = sqlx::query!(
        "insert into revisions as r (scope, revision)
         select distinct scope, 1 from unnest($1::uuid[]) scope
         on conflict (scope) do update set revision = r.revision + 1",
        &scopes,
    );
    query.execute(conn).await.map(drop)
}

/// How often the numbers of `scope` changed.
pub async fn find(conn: &mut PgConnection, scope: Scope) -> sqlx::Result<i64> {
    let found =
        sqlx::query_scalar!("select revision from revisions where scope = $1", scope.column())
            .fetch_optional(conn)
            .await?;
    Ok(found.unwrap_or(0))
}
