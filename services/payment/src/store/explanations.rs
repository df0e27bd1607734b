//! What staff say about differences that stay.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, ExplanationId, Money, UserId};
use sqlx::PgConnection;

use super::proposals::{self, Columns};
use crate::domain::settlement::{Explanation, Gap, Kind};

struct Row {
    explanation_id: ExplanationId,
    difference_id: i64,
    amount: i64,
    currency: Currency,
    reason: String,
    status: String,
    proposed_by: UserId,
    proposed_at: Timestamp,
    decided_by: Option<UserId>,
    decided_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Explanation {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let columns = Columns {
            status: &row.status,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        };
        Ok(Self {
            said: proposals::read("explanations.status", &columns)?,
            id: row.explanation_id,
            difference_id: row.difference_id,
            amount: Money::new(row.amount, row.currency),
            reason: row.reason,
        })
    }
}

/// What lies between the provider and our books, locked; none where it is none any more.
pub async fn lock_gap(conn: &mut PgConnection, difference: i64) -> sqlx::Result<Option<Gap>> {
    let row = sqlx::query!(
        "select kind, ours, theirs, currency, resolved_at is null as \"is_open!\" from differences
          where difference_id = $1
            for update",
        difference
    );
    let row = row.fetch_optional(conn).await?;
    row.map(|row| {
        let kind = row::parse::<Kind>("differences.kind", &row.kind)?;
        let money = |minor: Option<i64>| Money::new(minor.unwrap_or(0), row.currency);
        let (ours, theirs) = (money(row.ours), money(row.theirs));
        Ok(Gap { kind, ours, theirs, is_open: row.is_open })
    })
    .transpose()
}

/// The explanation that waits for a second member of staff, if one does.
pub async fn find_proposed(
    conn: &mut PgConnection,
    difference: i64,
) -> sqlx::Result<Option<Explanation>> {
    let row = sqlx::query_as!(
        Row,
        "select explanation_id, difference_id, amount, currency, reason, status, proposed_by, proposed_at, decided_by,
                decided_at
           from explanations
          where difference_id = $1 and status = 'proposed'",
        difference
    );
    row.fetch_optional(conn).await?.map(Explanation::try_from).transpose()
}

/// Keeps what was proposed.
pub async fn insert(conn: &mut PgConnection, new: &Explanation) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into explanations (explanation_id, difference_id, amount, currency, reason, status, proposed_by, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id.as_uuid(),
        new.difference_id,
        new.amount.minor(),
        new.amount.currency().as_str(),
        new.reason,
        new.said.status.into_str(),
        new.said.proposed_by.as_uuid(),
        new.said.proposed_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// An explanation, which is locked.
pub async fn lock(conn: &mut PgConnection, id: ExplanationId) -> sqlx::Result<Option<Explanation>> {
    let row = sqlx::query_as!(
        Row,
        "select explanation_id, difference_id, amount, currency, reason, status, proposed_by, proposed_at, decided_by,
                decided_at
           from explanations
          where explanation_id = $1
            for update",
        id.as_uuid(),
    );
    row.fetch_optional(conn).await?.map(Explanation::try_from).transpose()
}

/// Writes down what was decided.
pub async fn decide(conn: &mut PgConnection, explanation: &Explanation) -> sqlx::Result<()> {
    let (by, at) = explanation.said.decided.unzip();
    let query = sqlx::query!(
        "update explanations
            set status = $2, decided_by = $3, decided_at = $4
          where explanation_id = $1 and status = 'proposed'",
        explanation.id.as_uuid(),
        explanation.said.status.into_str(),
        by.map(|by| by.as_uuid()),
        at.map(ToSqlx::to_sqlx) as _,
    );
    query.execute(conn).await.and_then(row::one)
}

/// The difference is explained, and none any more.
pub async fn close(conn: &mut PgConnection, difference: i64, now: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update differences set resolved_at = $2 where difference_id = $1 and resolved_at is null",
        difference,
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// What is said about these differences: what waits or is in the books.
pub async fn list(conn: &mut PgConnection, differences: &[i64]) -> sqlx::Result<Vec<Explanation>> {
    let rows = sqlx::query_as!(
        Row,
        "select explanation_id, difference_id, amount, currency, reason, status, proposed_by, proposed_at, decided_by,
                decided_at
           from explanations
          where difference_id = any($1) and status <> 'declined'",
        differences
    );
    rows.fetch_all(conn).await?.into_iter().map(Explanation::try_from).collect()
}
