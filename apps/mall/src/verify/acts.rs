//! What staff did: each act follows the one before, and the last is the end that is written down.

use admin::audit::{self, AuditEntry};
use jiff_sqlx::Timestamp;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::check::Finding;
use super::stack::StackHandles;

const CHAIN: &str = "
    select seq, at, staff_id, session_id, act, subject_kind, subject_id, before, after, reason, previous_hash, hash
      from audit order by seq";

/// 35: the audit trail is one chain, from the first act to the last.
pub async fn chained(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("admin")?;
    // The end first: acts that come meanwhile are behind it.
    let end = "select last_seq, last_hash from audit_head";
    let (seq, hash): (i64, String) = sqlx::query_as(end).fetch_one(db).await?;
    let rows = sqlx::query(CHAIN).fetch_all(db).await?;
    let chain: Vec<_> = rows.iter().map(entry).collect::<sqlx::Result<_>>()?;
    let mut found = Finding { checked: chain.len(), ..Finding::default() };
    if let Err(broken) = audit::verify(&chain) {
        found.violations.push(format!("admin: of the acts of staff, {broken}"));
    }
    let is_there = chain.iter().any(|(act, own)| act.seq == seq && *own == hash);
    if seq > 0 && !is_there {
        found.violations.push(format!("admin: act {seq} of staff was written down and is gone"));
    }
    Ok(found)
}

fn entry(row: &PgRow) -> sqlx::Result<(AuditEntry, String)> {
    let entry = AuditEntry {
        seq: row.try_get("seq")?,
        at: row.try_get::<Timestamp, _>("at")?.to_jiff(),
        staff_id: row.try_get("staff_id")?,
        session_id: row.try_get("session_id")?,
        act: row.try_get("act")?,
        subject_kind: row.try_get("subject_kind")?,
        subject_id: row.try_get("subject_id")?,
        before: row.try_get("before")?,
        after: row.try_get("after")?,
        reason: row.try_get("reason")?,
        previous_hash: row.try_get("previous_hash")?,
    };
    Ok((entry, row.try_get("hash")?))
}
