//! Saying no: RFC 9457 problem documents, for the HTTP door and the Kafka door alike.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt::Write as _;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::telemetry;

/// Status, slug and title: what all problems of one kind have in common.
pub type Explained = (u16, &'static str, &'static str);

/// There is no such thing, or it is somebody else's.
pub const NOT_FOUND: Explained = (404, "not-found", "Not found");
/// The client can mend it: a member or parameter that is known has a value that cannot be.
pub const INVALID: Explained = (422, "validation-error", "A value is not valid");
/// This is for staff, whose session has to have seen a second factor.
pub const MFA_REQUIRED: Explained = (403, "mfa-required", "Show a second factor first");
/// This wants a second factor that the session saw lately.
pub const STEP_UP_REQUIRED: Explained = (403, "step-up-required", "Show your second factor again");
/// Somebody asks too often.
pub const RATE_LIMITED: Explained = (429, "rate-limited", "Too many requests");
/// What is needed cannot be reached now.
pub const UNAVAILABLE: Explained = (503, "unavailable", "A part of the mall is away");
/// A fault of ours.
pub const INTERNAL: Explained = (500, "internal", "Something went wrong");

/// How an error looks from outside: one exhaustive table per service.
pub trait Explain: StdError + Send + Sync + 'static {
    /// Status, slug and title.
    fn explain(&self) -> Explained;

    /// What happened this time; said of what the client can mend (4xx) only. What is missing and what is somebody else's
    /// are the same bytes, so nothing is said of either.
    fn detail(&self) -> Option<String> {
        (self.explain().1 != NOT_FOUND.1).then(|| self.to_string())
    }

    /// Which fields were wrong, if fields were.
    fn fields(&self) -> Vec<FieldError> {
        Vec::new()
    }

    /// After how many seconds it is worth trying again.
    fn retry_after_s(&self) -> Option<u32> {
        None
    }

    /// Whether something has to be heard first. An event that meets this error waits aside, and comes back by itself;
    /// what is merely away (503) holds its partition up instead.
    fn is_not_yet(&self) -> bool {
        false
    }
}

/// One wrong field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body, or the name of the query parameter.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

impl FieldError {
    /// A wrong member of the body.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over whatever can be shown")]
    pub fn at(pointer: &str, detail: impl ToString) -> Self {
        Self { pointer: pointer.to_owned(), detail: detail.to_string() }
    }
}

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A URL that ends in the problem's slug.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, for people; the same for every problem of this type.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time (4xx only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request it belongs to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instance: String,
    /// The trace it belongs to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub trace_id: String,
    /// Which fields were wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The stable name inside `type`.
    #[serde(skip)]
    pub slug: &'static str,
    #[serde(skip)]
    retry_after_s: Option<u32>,
    #[serde(skip)]
    not_yet: bool,
    #[serde(skip)]
    lasting: bool,
    /// The whole chain of causes; for the log only.
    #[serde(skip)]
    pub cause: String,
}

/// Every slug of the chassis, with its title; each has a page in `docs/problems`.
pub const SLUGS: &[&str] = &[
    "internal",
    "unavailable",
    "overloaded",
    "timeout",
    "not-found",
    "method-not-allowed",
    "unauthenticated",
    "forbidden",
    "mfa-required",
    "step-up-required",
    "malformed-body",
    "unknown-field",
    "validation-error",
    "payload-too-large",
    "too-slow",
    "unsupported-media-type",
    "idempotency/key-reused",
    "idempotency/in-flight",
    "idempotency/key-required",
    "precondition-failed",
    "rate-limited",
    "event/unreadable",
    "event/unknown",
    "event/misaddressed",
    "event/reused",
    "event/panicked",
    "event/waiting",
    "event/not-yet",
    "event/unsayable",
    "event/gap",
];

impl Problem {
    /// A problem of the chassis' own.
    #[must_use]
    pub fn new(status: u16, slug: &'static str, title: &str) -> Self {
        Self {
            kind: String::new(),
            title: title.to_owned(),
            status,
            detail: None,
            instance: String::new(),
            trace_id: telemetry::trace_id(),
            errors: Vec::new(),
            slug,
            retry_after_s: None,
            not_yet: false,
            lasting: false,
            cause: String::new(),
        }
    }

    /// A problem of which nothing more is said.
    pub(crate) fn plain((status, slug, title): Explained) -> Self {
        Self::new(status, slug, title)
    }

    /// The problem that `error` explains itself as.
    pub fn of<E: Explain>(error: &E) -> Self {
        let explained = error.explain();
        let mut problem = Self::plain(explained);
        if problem.status < 500 {
            problem.detail = error.detail();
            problem.errors = error.fields();
        }
        problem.retry_after_s = error.retry_after_s();
        problem.not_yet = error.is_not_yet();
        problem.lasting = is_lasting(error);
        problem.cause = chain(error);
        problem
    }

    /// A fault of ours.
    pub(crate) fn internal(cause: String) -> Self {
        Self { cause, ..Self::plain(INTERNAL) }
    }

    /// With what happened this time.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With the fields that were wrong.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// With the time after which it is worth trying again.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// There is no such thing, or it is not yours: the same bytes for both.
    #[must_use]
    pub fn not_found() -> Self {
        Self::plain(NOT_FOUND)
    }

    pub(crate) fn unreadable_event(error: &serde_json::Error) -> Self {
        // serde's message may quote the value, which may be personal; its position is enough.
        let detail =
            format!("line {} column {} ({:?})", error.line(), error.column(), error.classify());
        Self::new(422, "event/unreadable", "The event is unreadable").with_detail(detail)
    }

    /// The event stands under a key that is not its own: it would pass as news of another thing.
    pub(crate) fn misaddressed_event() -> Self {
        Self::new(422, "event/misaddressed", "Under another key")
            .with_detail("the record's key is not the key of what it speaks of")
    }

    /// Whether something has to be heard first.
    pub(crate) fn is_not_yet(&self) -> bool {
        self.not_yet
    }

    /// Whether the fault is ours and the database will give the same answer every time.
    pub(crate) fn is_lasting(&self) -> bool {
        self.lasting
    }

    /// Whether trying again may help.
    pub fn may_pass(&self) -> bool {
        self.status >= 500
    }
}

/// Every error that explains itself becomes its problem by `?`.
impl<E: Explain> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::of(&error)
    }
}

/// Whether the database refused the data themselves, somewhere below `error`: they break a constraint or make no
/// sense to it.
fn is_lasting(error: &(dyn StdError + 'static)) -> bool {
    let code =
        error.downcast_ref::<sqlx::Error>().and_then(|error| error.as_database_error()?.code());
    code.is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
        || error.source().is_some_and(is_lasting)
}

/// What a panic said.
pub(crate) fn said_at_panic(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", text.unwrap_or("something that is not text"))
}

/// The error and all its causes on one line.
pub fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            tracing::warn!(problem = self.slug, cause = self.cause, "{}", self.title);
        } else if status.is_server_error() {
            tracing::error!(problem = self.slug, cause = self.cause, "{}", self.title);
        }
        self.kind = format!("{}/problems/{}", crate::config::public_url(), self.slug);
        let retry = self.retry_after_s.or_else(|| {
            matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
                .then_some(2)
        });
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Slug(self.slug));
        response
    }
}

/// Marks a response with its problem's slug, for the metrics.
#[derive(Debug, Clone, Copy)]
pub struct Slug(pub &'static str);
