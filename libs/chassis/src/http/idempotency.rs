//! `Idempotency-Key`: the same request again gets the same answer again, and has no second effect.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff_sqlx::ToSqlx;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::etag::{Tagged, with_tag};
use super::extract::{is_json, parse, read_body, wrong_media_type};
use super::needs::Needed;
use crate::db::Db;
use crate::events::tx::Tx;
use crate::problem::{Explain, Explained, Problem};

/// The header.
pub const HEADER: &str = "idempotency-key";

/// A JSON body together with the key that makes the request happen once.
#[derive(Debug, Clone)]
pub struct Idempotent<T> {
    /// The body.
    pub body: T,
    /// The key, if the client sent one.
    pub key: Option<Key>,
    said: Vec<u8>,
}

/// The body of a request that needs none: nothing, `null` or `{}`.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(from = "Option<Nothing>", deny_unknown_fields)]
#[schema(as = Nothing)]
pub struct NoBody {}

/// Nothing to say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl From<Option<Nothing>> for NoBody {
    fn from(_: Option<Nothing>) -> Self {
        Self {}
    }
}

/// The client's key and what it was sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 over method, path and body.
    pub request: Vec<u8>,
}

impl<T> Idempotent<T> {
    /// A request of our own making.
    #[must_use]
    pub fn new(body: T, key: Option<Key>) -> Self {
        Self { body, key, said: Vec::new() }
    }

    /// The body as it was sent; `null` when there was none.
    pub fn said(&self) -> Value {
        serde_json::from_slice(&self.said).unwrap_or_default()
    }

    /// The key, where the route cannot do without.
    pub fn required(&self) -> Result<&Key, Problem> {
        self.key.as_ref().ok_or_else(|| {
            Problem::new(422,
                "idempotency/key-required",
                "An Idempotency-Key is needed",
            )
            .with_detail("send an Idempotency-Key of your own making; repeat it to repeat the request safely")
        })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Idempotent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let key = request.headers().get(HEADER).map(well_formed).transpose()?;
        let (is_json, needed) = (is_json(request.headers()), Needed::of(&request));
        let mut hash = hash_of(&request);
        let bytes = read_body(request, state).await?;
        let body = match serde_json::from_str("null") {
            Ok(nothing) if bytes.is_empty() => nothing,
            _ if !is_json => return Err(wrong_media_type()),
            _ => parse(&bytes).map_err(|refused| needed.complete(refused, &bytes))?,
        };
        // A body that says nothing is none, however it says so.
        if !matches!(bytes.trim_ascii(), b"" | b"null" | b"{}") {
            hash.update(&bytes);
        }
        let key = key.map(|key| Key { key, request: hash.finalize().to_vec() });
        Ok(Self { body, key, said: bytes.into() })
    }
}

fn hash_of(request: &Request) -> Sha256 {
    let mut hash = Sha256::new();
    hash.update(request.method().as_str());
    hash.update([0]);
    hash.update(request.uri().path());
    hash.update([0]);
    hash
}

fn well_formed(value: &HeaderValue) -> Result<String, Problem> {
    value
        .to_str()
        .ok()
        .filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()))
        .map(str::to_owned)
        .ok_or_else(|| {
            super::extract::invalid(vec![crate::problem::FieldError::at(
                "Idempotency-Key",
                "must be 1 to 255 visible ASCII characters",
            )])
        })
}

/// What a transaction learnt about a key.
#[derive(Debug)]
pub enum Claim {
    /// Nobody used it: go on, and [`Tx::answer`] before the commit.
    Ours,
    /// It was used for the same request: this was the answer.
    Answered(Replay),
}

/// An answer given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    status: u16,
    body: Vec<u8>,
    etag: Option<String>,
}

impl IntoResponse for Replay {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = respond(status, self.body, self.etag.as_deref());
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
        response
    }
}

fn respond(status: StatusCode, body: Vec<u8>, etag: Option<&str>) -> Response {
    let mut response = (status, Body::from(body)).into_response();
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    match etag {
        Some(tag) => with_tag(response, tag),
        None => response,
    }
}

/// What a request that happens once may be answered with: a status and a view, or a view with its version.
pub trait Answer {
    /// The body.
    type View: Serialize;
    /// Its parts: status, version, body.
    fn parts(self) -> (StatusCode, Option<i64>, Self::View);
}

impl<V: Serialize> Answer for (StatusCode, V) {
    type View = V;

    fn parts(self) -> (StatusCode, Option<i64>, V) {
        (self.0, None, self.1)
    }
}

impl<V: Serialize> Answer for Tagged<V> {
    type View = V;

    fn parts(self) -> (StatusCode, Option<i64>, V) {
        (StatusCode::OK, Some(self.0), self.1)
    }
}

/// The key was used for something else.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("make a new key for a new request")]
pub struct Reused;

impl Explain for Reused {
    fn explain(&self) -> Explained {
        (422, "idempotency/key-reused", "The Idempotency-Key was used for another request")
    }
}

/// The first request with this key has not been answered yet.
pub fn in_flight() -> Problem {
    Problem::new(409, "idempotency/in-flight", "The first request with this key is still running")
        .with_detail("repeat it in a moment")
}

impl<T> Idempotent<T> {
    /// Does `work` and commits, once per key of `scope` (the caller): the same request again gets the same answer
    /// again. `work` says what to answer; when it refuses, nothing happened and the key is free.
    pub async fn answer<A: Answer>(
        self,
        db: &Db,
        scope: &str,
        work: impl AsyncFnOnce(&mut Tx, T) -> Result<A, Problem>,
    ) -> Result<Response, Problem> {
        let Self { body, key, .. } = self;
        let mut tx = db.begin().await?;
        if let Claim::Answered(replay) = tx.claim(scope, key.as_ref()).await? {
            return Ok(replay.into_response());
        }
        let answer = work(&mut tx, body).await?;
        let answer = tx.answer(scope, key.as_ref(), answer).await?;
        tx.commit().await?;
        Ok(answer)
    }
}

impl Tx {
    /// Takes `key` for `scope` (the caller). Waits for a running request with the same key, then gives its answer.
    pub async fn claim(&mut self, scope: &str, key: Option<&Key>) -> Result<Claim, Problem> {
        let Some(Key { key, request }) = key else { return Ok(Claim::Ours) };
        let now = self.now().to_sqlx();
        let db = |error: sqlx::Error| {
            let waited = error.as_database_error().and_then(|e| e.code().map(|c| c == "55P03"));
            if waited == Some(true) { in_flight() } else { error.into() }
        };
        let taken = sqlx::query(
            "insert into chassis.idempotency (scope, key, request, created_at) values ($1, $2, $3, $4)
             on conflict do nothing",
        )
        .bind(scope)
        .bind(key)
        .bind(request)
        .bind(now)
        .execute(self.conn())
        .await
        .map_err(db)?;
        if taken.rows_affected() == 1 {
            return Ok(Claim::Ours);
        }
        let (first, status, body, etag): (Vec<u8>, Option<i16>, Option<Vec<u8>>, _) = sqlx::query_as(
            "select request, status, body, etag from chassis.idempotency where scope = $1 and key = $2",
        )
        .bind(scope)
        .bind(key)
        .fetch_one(self.conn())
        .await
        .map_err(db)?;
        if first != *request {
            return Err(Reused.into());
        }
        let (Some(status), Some(body)) = (status, body) else { return Err(in_flight()) };
        Ok(Claim::Answered(Replay { status: u16::try_from(status).unwrap_or(200), body, etag }))
    }

    /// Forgets every answer to `scope` (the caller), who asked to be forgotten: what it shows may be personal.
    pub async fn forget_answers_to(&mut self, scope: &str) -> sqlx::Result<u64> {
        let done = sqlx::query("delete from chassis.idempotency where scope = $1")
            .bind(scope)
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected())
    }

    /// Forgets every answer to anybody that shows one of these ids. All answers are read: not for a busy way. The same
    /// request would be done again, so it has to be refused by then.
    pub async fn forget_answers_about(&mut self, ids: &[Uuid]) -> sqlx::Result<u64> {
        let ids: Vec<String> = ids.iter().map(|id| format!("%{id}%")).collect();
        let done = sqlx::query(
            "delete from chassis.idempotency
              where body is not null and convert_from(body, 'UTF8') like any ($1)",
        )
        .bind(&ids)
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }

    /// Remembers the answer under `key`, in the transaction of the effect, and gives it.
    pub async fn answer(
        &mut self,
        scope: &str,
        key: Option<&Key>,
        answer: impl Answer,
    ) -> sqlx::Result<Response> {
        let (status, version, view) = answer.parts();
        let etag = version.map(|version| version.to_string());
        let body = serde_json::to_vec(&view).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
        if let Some(key) = key {
            sqlx::query(
                "update chassis.idempotency set status = $3, body = $4, etag = $5
                  where scope = $1 and key = $2",
            )
            .bind(scope)
            .bind(&key.key)
            .bind(i16::try_from(status.as_u16()).unwrap_or(200))
            .bind(&body)
            .bind(&etag)
            .execute(self.conn())
            .await?;
        }
        Ok(respond(status, body, etag.as_deref()))
    }
}
