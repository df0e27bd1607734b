//! Links, and how often they were used.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{InvoiceId, InvoiceNumber, UserId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::link::{Audience, Link, LinkId, Pace};

/// A link together with what it opens.
#[derive(Debug, Clone)]
pub struct Opening {
    pub link: Link,
    /// Whether somebody took it back.
    pub revoked: bool,
    /// How often it was used of late, if it was.
    pub pace: Option<Pace>,
    pub number: InvoiceNumber,
    pub object_key: String,
    pub sha256: String,
}

fn audience(kind: &str, id: Uuid) -> sqlx::Result<Audience> {
    match kind {
        "user" => Ok(Audience::User(UserId::from_uuid(id))),
        "vendor" => Ok(Audience::Vendor(VendorId::from_uuid(id))),
        other => Err(row::unknown("invoice_links.audience", other)),
    }
}

/// Keeps new links.
pub async fn insert(conn: &mut PgConnection, links: &[Link], now: Timestamp) -> sqlx::Result<()> {
    let uuids = |of: fn(&Link) -> Uuid| -> Vec<Uuid> { links.iter().map(of).collect() };
    let kinds: Vec<&str> = links.iter().map(|link| link.audience.into()).collect();
    let ends: Vec<_> = links.iter().map(|link| link.expires_at.to_sqlx()).collect();
    let query = sqlx::query!(
        "insert into invoice_links
             (id, invoice_id, commission_id, audience, audience_id, expires_at, created_at)
         select l.id, i.id, c.id, l.audience, l.audience_id, l.expires_at, $6
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[])
                as l (id, document_id, audience, audience_id, expires_at)
           left join invoices i on i.id = l.document_id
           left join commission_papers c on c.id = l.document_id",
        &uuids(|link| link.id.as_uuid()),
        &uuids(|link| link.invoice_id.as_uuid()),
        &kinds as _,
        &uuids(|link| link.audience.id()),
        &ends as _,
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// The link of this id, to an issued document; uses of it take turns.
pub async fn lock(conn: &mut PgConnection, id: LinkId) -> sqlx::Result<Option<Opening>> {
    let query = sqlx::query!(
        r#"select coalesce(i.id, c.id) as "document_id!: InvoiceId", l.audience, l.audience_id, l.expires_at,
                  l.revoked_at is not null as "revoked!", l.pace_since, l.pace_uses,
                  coalesce(i.number, c.number) as "number!: InvoiceNumber",
                  coalesce(i.object_key, c.object_key) as "object_key!", coalesce(i.sha256, c.sha256) as "sha256!"
             from invoice_links l
             left join invoices i on i.id = l.invoice_id
             left join commission_papers c on c.id = l.commission_id
            where l.id = $1 and 'issued' in (i.state, c.state)
              for update of l"#,
        id.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Opening {
        link: Link {
            id,
            invoice_id: row.document_id,
            audience: audience(&row.audience, row.audience_id)?,
            expires_at: row.expires_at.to_jiff(),
        },
        revoked: row.revoked,
        pace: row.pace_since.map(|since| Pace { since: since.to_jiff(), uses: row.pace_uses }),
        number: row.number,
        object_key: row.object_key,
        sha256: row.sha256,
    }))
}

/// Counts a use of a link that is locked.
pub async fn record_use(
    conn: &mut PgConnection,
    id: LinkId,
    pace: Pace,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update invoice_links
         set uses = uses + 1, last_used_at = $2, pace_since = $3, pace_uses = $4
         where id = $1",
        id.as_uuid(),
        now.to_sqlx(),
        pace.since.to_sqlx(),
        pace.uses,
    );
    query.execute(conn).await.map(drop)
}

/// How many links to a document were made after `since`.
pub async fn count_made(
    conn: &mut PgConnection,
    invoice_id: InvoiceId,
    since: Timestamp,
) -> sqlx::Result<i64> {
    let query = sqlx::query_scalar!(
        r#"select count(*) as "count!" from invoice_links
            where (invoice_id = $1 or commission_id = $1) and created_at > $2"#,
        invoice_id.as_uuid(),
        since.to_sqlx(),
    );
    query.fetch_one(conn).await
}

/// Takes back every link to a document. Returns how many still opened it.
pub async fn revoke_all(
    conn: &mut PgConnection,
    invoice_id: InvoiceId,
    now: Timestamp,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "update invoice_links set revoked_at = $2
          where (invoice_id = $1 or commission_id = $1) and revoked_at is null",
        invoice_id.as_uuid(),
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected())
}
