//! What sellers handed in.

use jiff_sqlx::{Timestamp, ToSqlx};
use kernel::{DocumentId, VendorId};
use sqlx::PgConnection;

use super::{Unknown, read};
use crate::domain::document::{Document, Kind, State};
use crate::domain::file::{File, Hash, Media, Size};

struct Row {
    id: DocumentId,
    vendor_id: VendorId,
    kind: String,
    content_type: String,
    size_bytes: i32,
    sha256: String,
    state: String,
    reason: Option<String>,
    created_at: Timestamp,
}

impl TryFrom<Row> for Document {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == row.kind);
        let media = Media::ALL.into_iter().find(|media| media.word() == row.content_type);
        let size = read("kyc_documents.size_bytes", u32::try_from(row.size_bytes))?;
        Ok(Self {
            id: row.id,
            vendor_id: row.vendor_id,
            kind: read("kyc_documents.kind", kind.ok_or(Unknown(row.kind)))?,
            file: File {
                media: read("kyc_documents.content_type", media.ok_or(Unknown(row.content_type)))?,
                size: read("kyc_documents.size_bytes", Size::try_from(size))?,
                sha256: read("kyc_documents.sha256", Hash::try_from(row.sha256))?,
            },
            state: state(&row.state, row.reason)?,
            announced_at: row.created_at.to_jiff(),
        })
    }
}

fn state(text: &str, reason: Option<String>) -> sqlx::Result<State> {
    match (text, reason) {
        ("announced", None) => Ok(State::Announced),
        ("verified", None) => Ok(State::Verified),
        ("refused", Some(reason)) => Ok(State::Refused { reason }),
        _ => read("kyc_documents.state", Err(Unknown(text.to_owned()))),
    }
}

/// The documents of a seller that count, at most one of each kind, the oldest first.
pub async fn list(conn: &mut PgConnection, vendor_id: VendorId) -> sqlx::Result<Vec<Document>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: DocumentId", vendor_id as "vendor_id: VendorId", kind, content_type,
                  size_bytes, sha256, state, reason, created_at
             from kyc_documents
            where vendor_id = $1
              and replaced_at is null
            order by id"#,
        vendor_id.as_uuid()
    );
    rows.fetch_all(conn).await?.into_iter().map(Document::try_from).collect()
}

/// Takes the document that `new` replaces out of the account, if there is one.
pub async fn replace(conn: &mut PgConnection, new: &Document) -> sqlx::Result<()> {
    sqlx::query!(
        "update kyc_documents
            set replaced_at = $3, updated_at = $3
          where vendor_id = $1
            and kind = $2
            and replaced_at is null",
        new.vendor_id.as_uuid(),
        new.kind.word(),
        new.announced_at.to_sqlx()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps a document that was announced.
pub async fn insert(conn: &mut PgConnection, document: &Document) -> sqlx::Result<()> {
    let File { media, size, sha256 } = &document.file;
    let size = read("kyc_documents.size_bytes", i32::try_from(size.bytes()))?;
    sqlx::query!(
        "insert into kyc_documents
             (id, vendor_id, kind, content_type, size_bytes, sha256, state, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, 'announced', $7, $7)",
        document.id.as_uuid(),
        document.vendor_id.as_uuid(),
        document.kind.word(),
        media.word(),
        size,
        sha256.as_str(),
        document.announced_at.to_sqlx()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down what was found out about a document, unless something is known already.
pub async fn set_state(
    conn: &mut PgConnection,
    id: DocumentId,
    state: &State,
    now: jiff::Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update kyc_documents
            set state = $2, reason = $3, updated_at = $4
          where id = $1
            and state = 'announced'
            and replaced_at is null",
        id.as_uuid(),
        state.word(),
        state.reason(),
        now.to_sqlx()
    )
    .execute(conn)
    .await?;
    Ok(())
}
