//! What one member of staff says and another one decides, of every kind.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Id, UserId};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::domain::proposal::{Matter, MatterKind, Proposal, Said};

struct Row {
    seq: i64,
    proposal_id: Uuid,
    about: Value,
    status: String,
    proposed_by: UserId,
    proposed_at: jiff_sqlx::Timestamp,
    decided_by: Option<UserId>,
    decided_at: Option<jiff_sqlx::Timestamp>,
}

impl<T: Matter> TryFrom<Row> for Proposal<T> {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let said = Said {
            status: row::parse("proposals.status", &row.status)?,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at.to_jiff(),
            decided_by: row.decided_by,
            decided_at: row.decided_at.map(jiff_sqlx::Timestamp::to_jiff),
        };
        let matter = row::fit("proposals.about", serde_json::from_value(row.about))?;
        Ok(Self { id: Id::from_uuid(row.proposal_id), matter, said })
    }
}

/// Keeps what was proposed. False when something about the same waits, or is booked that can be so only once.
pub async fn insert<T: Matter>(conn: &mut PgConnection, new: &Proposal<T>) -> sqlx::Result<bool> {
    let about = row::fit("proposals.about", serde_json::to_value(&new.matter))?;
    let done = sqlx::query!(
        "insert into proposals (proposal_id, kind, subject, about, status, proposed_by, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (kind, subject)
            where status = 'proposed' or (status = 'booked' and kind in ('tax_deposit', 'remittance')) do nothing",
        new.id.as_uuid(),
        T::KIND.into_str(),
        new.matter.subject(),
        about,
        new.said.status.into_str(),
        new.said.proposed_by.as_uuid(),
        new.said.proposed_at.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// A proposal, which is locked.
pub async fn lock<T: Matter>(
    conn: &mut PgConnection,
    id: Id<T::Mark>,
) -> sqlx::Result<Option<Proposal<T>>> {
    let row = sqlx::query_as!(
        Row,
        "select seq, proposal_id, about, status, proposed_by, proposed_at, decided_by, decided_at
           from proposals
          where kind = $1 and proposal_id = $2
            for update",
        T::KIND.into_str(),
        id.as_uuid(),
    );
    row.fetch_optional(conn).await?.map(Proposal::try_from).transpose()
}

/// What was said last of something, if anything was.
pub async fn find_last<T: Matter>(
    conn: &mut PgConnection,
    subject: &str,
) -> sqlx::Result<Option<Proposal<T>>> {
    let row = sqlx::query_as!(
        Row,
        "select seq, proposal_id, about, status, proposed_by, proposed_at, decided_by, decided_at
           from proposals
          where kind = $1 and subject = $2
          order by seq desc
          limit 1",
        T::KIND.into_str(),
        subject,
    );
    row.fetch_optional(conn).await?.map(Proposal::try_from).transpose()
}

/// Writes down what was decided.
pub async fn decide<T: Matter>(conn: &mut PgConnection, decided: &Proposal<T>) -> sqlx::Result<()> {
    let said = &decided.said;
    let query = sqlx::query!(
        "update proposals set status = $2, decided_by = $3, decided_at = $4 where proposal_id = $1 and status = 'proposed'",
        decided.id.as_uuid(),
        said.status.into_str(),
        said.decided_by.map(|by| by.as_uuid()),
        said.decided_at.map(ToSqlx::to_sqlx) as _,
    );
    query.execute(conn).await.and_then(row::one)
}

/// Those of a kind whose matter has these members, newest first, with the place in which each stands.
pub async fn list<T: Matter>(
    conn: &mut PgConnection,
    about: &Value,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<(i64, Proposal<T>)>> {
    let rows = sqlx::query_as!(
        Row,
        "select seq, proposal_id, about, status, proposed_by, proposed_at, decided_by, decided_at
           from proposals
          where kind = $1 and about @> $2 and ($3::bigint is null or seq < $3)
          order by seq desc
          limit $4",
        T::KIND.into_str(),
        about,
        before,
        limit,
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    rows.map(|row| Ok((row.seq, row.try_into()?))).collect()
}

/// What waits or is booked of these.
pub async fn list_of<T: Matter>(
    conn: &mut PgConnection,
    subjects: &[String],
) -> sqlx::Result<Vec<Proposal<T>>> {
    let rows = sqlx::query_as!(
        Row,
        "select seq, proposal_id, about, status, proposed_by, proposed_at, decided_by, decided_at
           from proposals
          where kind = $1 and subject = any($2) and status <> 'declined'",
        T::KIND.into_str(),
        subjects,
    );
    rows.fetch_all(conn).await?.into_iter().map(Proposal::try_from).collect()
}

/// What waits for a second member of staff, the longest first.
pub async fn list_waiting<T: Matter>(
    conn: &mut PgConnection,
    limit: i64,
) -> sqlx::Result<Vec<Proposal<T>>> {
    let rows = sqlx::query_as!(
        Row,
        "select seq, proposal_id, about, status, proposed_by, proposed_at, decided_by, decided_at
           from proposals
          where kind = $1 and status = 'proposed'
          order by seq
          limit $2",
        T::KIND.into_str(),
        limit,
    );
    rows.fetch_all(conn).await?.into_iter().map(Proposal::try_from).collect()
}

/// What waits of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    pub kind: MatterKind,
    pub count: i64,
    pub oldest: Timestamp,
}

/// How much waits of each kind of which any does, and since when the longest.
pub async fn count_waiting(conn: &mut PgConnection) -> sqlx::Result<Vec<Waiting>> {
    let rows = sqlx::query!(
        r#"select kind, count(*) as "count!", min(proposed_at) as "oldest!" from proposals
            where status = 'proposed'
            group by kind"#
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    rows.map(|row| {
        let kind = row::parse("proposals.kind", &row.kind)?;
        Ok(Waiting { kind, count: row.count, oldest: row.oldest.to_jiff() })
    })
    .collect()
}

/// What waits about a difference that is none any more, or about a dispute that was won, comes to nothing by itself. Returns
/// what it was about.
pub async fn lapse(
    conn: &mut PgConnection,
    now: Timestamp,
) -> sqlx::Result<Vec<(MatterKind, String)>> {
    let rows = sqlx::query!(
        "update proposals p set status = 'declined', decided_at = $1
          where status = 'proposed'
            and (exists (select from differences d where d.difference_id = p.difference_id and d.resolved_at is not null)
                 or exists (select from disputes d where d.dispute_id = p.dispute_id and d.state = 'won'))
         returning kind, subject",
        now.to_sqlx(),
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    rows.map(|row| Ok((row::parse("proposals.kind", &row.kind)?, row.subject))).collect()
}
