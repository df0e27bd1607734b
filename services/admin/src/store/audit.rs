//! The audit trail.

use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use crate::domain::audit::AuditEntry;

/// The end of the chain, locked: its number and its hash.
pub async fn lock_head(conn: &mut PgConnection) -> sqlx::Result<(i64, String)> {
    let head = sqlx::query!("select last_seq, last_hash from audit_head for update")
        .fetch_one(conn)
        .await?;
    Ok((head.last_seq, head.last_hash))
}

/// Appends an entry and moves the end of the chain.
pub async fn append(conn: &mut PgConnection, entry: &AuditEntry) -> sqlx::Result<()> {
    let hash = entry.hash();
    let query = sqlx::query!(
        "insert into audit
             (seq, at, staff_id, session_id, act, subject_kind, subject_id, before, after, reason, previous_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        entry.seq,
        entry.at.to_sqlx(),
        entry.staff_id.as_uuid(),
        entry.session_id.as_uuid(),
        entry.act,
        entry.subject_kind,
        entry.subject_id,
        entry.before,
        entry.after,
        entry.reason,
        entry.previous_hash,
        hash,
    );
    query.execute(&mut *conn).await?;
    sqlx::query!("update audit_head set last_seq = $1, last_hash = $2", entry.seq, hash)
        .execute(conn)
        .await
        .map(drop)
}

/// Entries with their hashes, newest first, before the one given.
pub async fn list(
    conn: &mut PgConnection,
    after: Option<i64>,
    rows: i64,
) -> sqlx::Result<Vec<(AuditEntry, String)>> {
    let query = sqlx::query!(
        "select seq, at, staff_id, session_id, act, subject_kind, subject_id, before, after, reason,
                previous_hash, hash
           from audit
          where $1::bigint is null or seq < $1
          order by seq desc
          limit $2",
        after,
        rows,
    );
    let rows = query.fetch_all(conn).await?;
    let entries = rows.into_iter().map(|row| {
        let entry = AuditEntry {
            seq: row.seq,
            at: row.at.to_jiff(),
            staff_id: row.staff_id,
            session_id: row.session_id,
            act: row.act,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            before: row.before,
            after: row.after,
            reason: row.reason,
            previous_hash: row.previous_hash,
        };
        (entry, row.hash)
    });
    Ok(entries.collect())
}
