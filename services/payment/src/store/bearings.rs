//! Who shall bear disputes, where two have to say so. Whoever changes one has locked its payment.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{DisputeId, UserId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use super::proposals::{self, Columns};
use crate::domain::dispute::Bearing;

struct Row {
    dispute_id: DisputeId,
    bearer: String,
    reason: String,
    status: String,
    proposed_by: UserId,
    proposed_at: Timestamp,
    decided_by: Option<UserId>,
    decided_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Bearing {
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
            dispute_id: row.dispute_id,
            bearer: row::parse("bearings.bearer", &row.bearer)?,
            reason: row.reason,
            said: proposals::read("bearings.status", &columns)?,
        })
    }
}

/// Keeps what was proposed.
pub async fn insert(conn: &mut PgConnection, new: &Bearing) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into bearings (dispute_id, bearer, reason, status, proposed_by, proposed_at)
         values ($1, $2, $3, $4, $5, $6)",
        new.dispute_id.as_uuid(),
        new.bearer.into_str(),
        new.reason,
        new.said.status.into_str(),
        new.said.proposed_by.as_uuid(),
        new.said.proposed_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// What was said last of a dispute, if anything was.
pub async fn find_last(
    conn: &mut PgConnection,
    dispute: DisputeId,
) -> sqlx::Result<Option<Bearing>> {
    let row = sqlx::query_as!(
        Row,
        "select dispute_id, bearer, reason, status, proposed_by, proposed_at, decided_by, decided_at
           from bearings
          where dispute_id = $1
          order by bearing_id desc
          limit 1",
        dispute.as_uuid(),
    );
    row.fetch_optional(conn).await?.map(Bearing::try_from).transpose()
}

/// Writes down what was decided.
pub async fn decide(conn: &mut PgConnection, bearing: &Bearing) -> sqlx::Result<()> {
    let (by, at) = bearing.said.decided.unzip();
    let query = sqlx::query!(
        "update bearings set status = $2, decided_by = $3, decided_at = $4 where dispute_id = $1 and status = 'proposed'",
        bearing.dispute_id.as_uuid(),
        bearing.said.status.into_str(),
        by.map(|by| by.as_uuid()),
        at.map(ToSqlx::to_sqlx) as _,
    );
    query.execute(conn).await.and_then(row::one)
}

/// What waits for a second member of staff or is booked of these disputes.
pub async fn list(conn: &mut PgConnection, disputes: &[DisputeId]) -> sqlx::Result<Vec<Bearing>> {
    let ids: Vec<Uuid> = disputes.iter().map(DisputeId::as_uuid).collect();
    let rows = sqlx::query_as!(
        Row,
        "select dispute_id, bearer, reason, status, proposed_by, proposed_at, decided_by, decided_at
           from bearings
          where dispute_id = any($1) and status <> 'declined'",
        &ids,
    );
    rows.fetch_all(conn).await?.into_iter().map(Bearing::try_from).collect()
}
