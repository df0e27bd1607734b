//! What a member of staff looks at: a page of a list.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Loan, Page, PageQuery, Problem, Query};
use serde::de::DeserializeOwned;

use crate::App;

/// A page of what the `query` names, the newest first.
pub struct Look<Q> {
    pub query: Q,
    pub conn: Loan,
    /// The place before which it begins, unless with the newest.
    pub before: Option<i64>,
    /// So many are read: one more than is shown.
    pub rows: i64,
    limit: i64,
}

impl<Q: DeserializeOwned + Send> FromRequestParts<App> for Look<Q> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Staff::<may::ManagePayments>::from_request_parts(parts, app).await?;
        let Query(query) = Query::from_request_parts(parts, app).await?;
        let Query(page) = Query::<PageQuery>::from_request_parts(parts, app).await?;
        let (rows, before) = (page.rows()?, page.cursor()?);
        Ok(Self { query, conn: app.db.read().await?, before, rows, limit: page.limit })
    }
}

impl<Q> Look<Q> {
    /// What was read, as a page. The `place` of each is where it stands in the list.
    pub fn page<T>(&self, read: Vec<T>, place: impl Fn(&T) -> i64) -> Page<T> {
        Page::of(read, self.limit, place)
    }
}
