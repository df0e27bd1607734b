//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod purchases;
pub mod reviews;
pub mod summaries;

use chassis::row;
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
        other => Err(row::unknown("target_kind", other)),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::review::ReviewStatus;

    #[test]
    fn words_are_written_and_read_as_the_tables_have_them() {
        testkit::keeps_words::<ReviewStatus>("submitted published rejected removed");
    }
}
