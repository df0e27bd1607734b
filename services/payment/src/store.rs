//! The SQL: free functions over one connection, rows in and out as domain types.

pub mod attempts;
pub mod deliveries;
pub mod early_cancels;
pub mod ledger;
pub mod listing;
pub mod payments;
pub mod shares;
pub mod statements;
pub mod webhooks;

use crate::domain::{AttemptStatus, Method, Status};

/// A text of `column` that the domain does not know is an error with its place in it.
fn unreadable(column: &str, text: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: format!("{text:?} means nothing here").into(),
    }
}

fn status(text: &str) -> sqlx::Result<Status> {
    let found = Status::ALL.into_iter().find(|status| status.as_str() == text);
    found.ok_or_else(|| unreadable("payments.status", text))
}

fn method(text: &str) -> sqlx::Result<Method> {
    let found = Method::ALL.into_iter().find(|method| method.as_str() == text);
    found.ok_or_else(|| unreadable("payments.method", text))
}

fn attempt_status(text: &str) -> sqlx::Result<AttemptStatus> {
    let found = AttemptStatus::ALL.into_iter().find(|status| status.as_str() == text);
    found.ok_or_else(|| unreadable("attempts.status", text))
}
