//! Every way the admin service says no, and as which problem.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chassis::{DbError, Explain, FieldError, Problem, explain_db};
use kernel::Invalid;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody has heard of it.
    #[error("there is nothing here for you")]
    NotFound,
    /// The decision makes no sense for the thing as it stands.
    #[error("this cannot be decided about something that is {0}")]
    NotDecidable(String),
    /// A member of the request that cannot be.
    #[error("{0}")]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error("the books could not be reached")]
    Db(#[from] DbError),
    /// Refused by the chassis.
    #[error("{}", .0.title)]
    Problem(Box<Problem>),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl Explain for Error {
    fn explain(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::NotDecidable(_) => {
                (StatusCode::CONFLICT, "admin/not-decidable", "Nothing to decide")
            }
            Self::Invalid(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "validation-error", "A value is not valid")
            }
            Self::Db(error) => explain_db(error),
            Self::Problem(problem) => (
                StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                problem.slug,
                "Refused",
            ),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let Self::Invalid(invalid) = self else { return Vec::new() };
        vec![FieldError::at(&format!("/{}", invalid.what), invalid.why)]
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Problem(problem) = self {
            return problem.into_response();
        }
        Problem::of(&self).into_response()
    }
}
