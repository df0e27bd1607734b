//! What stands in a column, as the domain knows it. Ids and the like are read by their types, which `sqlx.toml` names.

use std::error::Error;
use std::str::FromStr;

use sqlx::postgres::PgQueryResult;

/// A word in `column` that stands for nothing.
pub fn unknown(column: &str, word: &str) -> sqlx::Error {
    let source = format!("{word:?} means nothing here").into();
    sqlx::Error::ColumnDecode { index: column.to_owned(), source }
}

/// What the word in `column` stands for.
pub fn parse<T: FromStr>(column: &str, word: &str) -> sqlx::Result<T> {
    word.parse().map_err(|_| unknown(column, word))
}

/// The value of `column`, unless one side cannot hold what the other one does.
pub fn fit<T, E: Error + Send + Sync + 'static>(
    column: &str,
    value: Result<T, E>,
) -> sqlx::Result<T> {
    value.map_err(|error| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: Box::new(error),
    })
}

/// A statement that has to change one row is an error when it did not.
#[expect(clippy::needless_pass_by_value, reason = "it is what a statement answers")]
pub fn one(done: PgQueryResult) -> sqlx::Result<()> {
    if done.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_word_that_means_nothing_is_named_with_its_column() {
        assert!(parse::<bool>("orders.paid", "true").unwrap());
        let error = parse::<bool>("orders.paid", "soon").unwrap_err().to_string();
        assert!(error.contains("orders.paid") && error.contains("\"soon\""), "{error}");
    }
}
