//! What sellers handed in.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{DocumentId, VendorId};
use sqlx::PgConnection;

use crate::domain::document::{Document, DocumentState};
use crate::domain::file::{File, Hash, Size};

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
        let size = row::fit("kyc_documents.size_bytes", u32::try_from(row.size_bytes))?;
        Ok(Self {
            id: row.id,
            vendor_id: row.vendor_id,
            kind: row::parse("kyc_documents.kind", &row.kind)?,
            file: File {
                media: row::parse("kyc_documents.content_type", &row.content_type)?,
                size: row::fit("kyc_documents.size_bytes", Size::try_from(size))?,
                sha256: row::fit("kyc_documents.sha256", Hash::try_from(row.sha256))?,
            },
            state: state(&row.state, row.reason)?,
            announced_at: row.created_at,
        })
    }
}

fn state(text: &str, reason: Option<String>) -> sqlx::Result<DocumentState> {
    match (text, reason) {
        ("announced", None) => Ok(DocumentState::Announced),
        ("verified", None) => Ok(DocumentState::Verified),
        ("refused", Some(reason)) => Ok(DocumentState::Refused { reason }),
        _ => Err(row::unknown("kyc_documents.state", text)),
    }
}

/// The documents of a seller that count, at most one of each kind, the oldest first.
pub async fn list(conn: &mut PgConnection, vendor_id: VendorId) -> sqlx::Result<Vec<Document>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, vendor_id, kind, content_type, size_bytes, sha256, state, reason, created_at
           from kyc_documents
          where vendor_id = $1
            and replaced_at is null
          order by id",
        vendor_id.as_uuid()
    );
    rows.fetch_all(conn).await?.into_iter().map(Document::try_from).collect()
}

/// A document of a seller, also one that another one took the place of.
pub async fn find(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    id: DocumentId,
) -> sqlx::Result<Option<Document>> {
    let row = sqlx::query_as!(
        Row,
        "select id, vendor_id, kind, content_type, size_bytes, sha256, state, reason, created_at
           from kyc_documents
          where vendor_id = $1
            and id = $2",
        vendor_id.as_uuid(),
        id.as_uuid()
    );
    row.fetch_optional(conn).await?.map(Document::try_from).transpose()
}

/// Takes the document that `new` replaces out of the account, if there is one.
pub async fn replace(conn: &mut PgConnection, new: &Document) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update kyc_documents
            set replaced_at = $3, updated_at = $3
          where vendor_id = $1
            and kind = $2
            and replaced_at is null",
        new.vendor_id.as_uuid(),
        new.kind.into_str(),
        new.announced_at.to_sqlx()
    );
    query.execute(conn).await.map(drop)
}

pub async fn insert(conn: &mut PgConnection, document: &Document) -> sqlx::Result<()> {
    let File { media, size, sha256 } = &document.file;
    let size = row::fit("kyc_documents.size_bytes", i32::try_from(size.bytes()))?;
    let query = sqlx::query!(
        "insert into kyc_documents
             (id, vendor_id, kind, content_type, size_bytes, sha256, state, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, 'announced', $7, $7)",
        document.id.as_uuid(),
        document.vendor_id.as_uuid(),
        document.kind.into_str(),
        media.into_str(),
        size,
        sha256.as_str(),
        document.announced_at.to_sqlx()
    );
    query.execute(conn).await.map(drop)
}

/// Writes down what was found out about a document, unless something is known already.
pub async fn set_state(
    conn: &mut PgConnection,
    id: DocumentId,
    state: &DocumentState,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update kyc_documents
            set state = $2, reason = $3, updated_at = $4
          where id = $1
            and state = 'announced'
            and replaced_at is null",
        id.as_uuid(),
        state.into_str(),
        state.reason(),
        now.to_sqlx()
    );
    query.execute(conn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use testkit::keeps_words;

    use super::{DocumentState, state};
    use crate::domain::document::Kind;
    use crate::domain::file::Media;

    #[test]
    fn words_are_written_and_read_as_the_tables_have_them() {
        keeps_words::<Kind>("pan gst_certificate bank_proof address_proof");
        keeps_words::<Media>("application/pdf image/jpeg image/png");
    }

    #[test]
    fn a_state_is_read_as_it_was_written() {
        let refused = DocumentState::Refused { reason: "it is another file".to_owned() };
        for written in [DocumentState::Announced, DocumentState::Verified, refused] {
            let read = state(written.into_str(), written.reason().map(str::to_owned));
            assert_eq!(read.unwrap(), written);
        }
    }
}
