//! What was taken back, and whether it was told.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::CreditId;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::credit::Credit;

/// What is known of a credit, whose row is made if there is none, and locked: a credit and its note, heard at the same
/// time, would each miss the other.
pub async fn lock(conn: &mut PgConnection, id: CreditId, now: Timestamp) -> sqlx::Result<Credit> {
    let query = sqlx::query!(
        "insert into credits (credit_id, created_at)
         values ($1, $2)
         on conflict (credit_id) do update set credit_id = excluded.credit_id
         returning heard, note, is_told",
        id.as_uuid(),
        now.to_sqlx(),
    );
    let row = query.fetch_one(conn).await?;
    let (heard, note) = (row.heard.map(|Json(heard)| heard), row.note.map(|Json(note)| note));
    Ok(Credit { id, heard, note, is_told: row.is_told })
}

/// Keeps what is known of a credit that is locked.
pub async fn update(conn: &mut PgConnection, credit: &Credit) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update credits set heard = $2, note = $3, is_told = $4 where credit_id = $1",
        credit.id.as_uuid(),
        credit.heard.as_ref().map(Json) as _,
        credit.note.as_ref().map(Json) as _,
        credit.is_told,
    );
    query.execute(conn).await.map(drop)
}
