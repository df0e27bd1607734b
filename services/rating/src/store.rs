//! The SQL.

pub mod purchases;
pub mod reviews;
pub mod summaries;

use contracts::rating::Subject;
use kernel::Id;
use sqlx::types::Uuid;

/// A subject as two columns.
pub fn columns(subject: Subject) -> (&'static str, Uuid) {
    match subject {
        Subject::Product(id) => ("product", id.as_uuid()),
        Subject::Vendor(id) => ("vendor", id.as_uuid()),
    }
}

/// Two columns as a subject.
pub fn subject(kind: &str, id: Uuid) -> sqlx::Result<Subject> {
    match kind {
        "product" => Ok(Subject::Product(Id::from_uuid(id))),
        "vendor" => Ok(Subject::Vendor(Id::from_uuid(id))),
        other => Err(unknown("target_kind", other)),
    }
}

fn unknown(column: &str, value: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: format!("{value:?} is none of ours").into(),
    }
}
