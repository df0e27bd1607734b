//! Lists: a page, and a cursor to the next one.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Query, invalid};
use crate::problem::{FieldError, Problem};

/// Which part of a list is wanted. A list with filters takes them in a `Query` of their own beside this one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items, 1 to 100.
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: i64,
    /// The `next` of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$")]
    pub after: Option<String>,
}

fn default_limit() -> i64 {
    20
}

impl Default for PageQuery {
    fn default() -> Self {
        Self { limit: default_limit(), after: None }
    }
}

impl PageQuery {
    /// The number of rows to read: one more than asked for, to know whether there is a next page.
    pub fn rows(&self) -> Result<i64, Problem> {
        if (1..=100).contains(&self.limit) {
            return Ok(self.limit + 1);
        }
        Err(invalid(vec![FieldError::at("limit", "must be from 1 to 100")]))
    }

    /// Where to go on; `None` on the first page.
    pub fn cursor<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(text) = &self.after else { return Ok(None) };
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .map(Some)
            .ok_or_else(|| invalid(vec![FieldError::at("after", "is not a cursor of this list")]))
    }
}

/// The part of a list that is wanted, as it is read: the extractor of a [`PageQuery`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging<K> {
    /// How many items.
    pub limit: i64,
    /// How many rows to read: one more, to know whether there is a next page.
    pub rows: i64,
    /// Where to go on; `None` on the first page.
    pub after: Option<K>,
}

impl<K: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Paging<K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(page) = Query::<PageQuery>::from_request_parts(parts, state).await?;
        Ok(Self { limit: page.limit, rows: page.rows()?, after: page.cursor()? })
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Pass it as `after` to get the next page; `null` on the last one.
    #[schema(required)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of `limit` items out of up to `limit + 1` rows; `key` is what the list is sorted by.
    pub fn of<K: Serialize>(mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let next = (items.len() > limit)
            .then(|| {
                items.truncate(limit);
                items.last().map(|last| {
                    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&key(last)).unwrap_or_default())
                })
            })
            .flatten();
        Self { items, next }
    }

    /// The same page with other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}
