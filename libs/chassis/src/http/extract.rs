//! Parsing at the door: bodies, queries and paths that refuse what they do not know, with a clear problem.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::mistakes::{self, Mistake};
use super::needs::Needed;
use super::shape;
use crate::problem::{self, FieldError, Problem};

/// A JSON body, in and out.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (is_json, needed) = (is_json(request.headers()), Needed::of(&request));
        let body = read_body(request, state).await?;
        if !is_json {
            return Err(wrong_media_type());
        }
        parse(&body).map(Self).map_err(|refused| needed.complete(refused, &body))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// How long a client may take over its body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience(pub Duration);

pub(crate) async fn read_body<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Bytes, Problem> {
    let patience = request.extensions().get::<Patience>().map_or(Duration::MAX, |p| p.0);
    let body = tokio::time::timeout(patience, Bytes::from_request(request, state)).await;
    let body = body.map_err(|_| Problem::new(408, "too-slow", "The body did not come in time"))?;
    body.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(413, "payload-too-large", "The body is too large")
        } else {
            malformed("the body could not be read to its end")
        }
    })
}

/// Plain JSON: what is compressed is not unpacked, so nobody's memory can be filled with a small body.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return false;
    }
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}

pub(crate) fn wrong_media_type() -> Problem {
    Problem::new(415, "unsupported-media-type", "Send JSON")
        .with_detail("the content type must be application/json, without a content encoding")
}

fn malformed(detail: &str) -> Problem {
    Problem::new(400, "malformed-body", "The body is not JSON").with_detail(detail)
}

/// A query parameter or member nobody knows.
pub(crate) fn unknown(errors: Vec<FieldError>) -> Problem {
    Problem::new(400, "unknown-field", "An unknown field").with_errors(errors)
}

/// Known, but its value cannot be.
pub fn invalid(errors: Vec<FieldError>) -> Problem {
    Problem::plain(problem::INVALID)
        .with_detail("see errors for the fields and what is wrong with them")
        .with_errors(errors)
}

/// Reads `body` as `T`: 400 for what is not a JSON object or not known, 422 for values that cannot be.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let body = std::str::from_utf8(body).map_err(|_| malformed("it is not UTF-8"))?;
    // Half a character in a text is a wrong value of a member that can be named.
    let shaped = shape::check(body).or_else(|error| {
        if error.to_string().contains("hex escape") { Ok(()) } else { Err(error) }
    });
    shaped.map_err(|error| malformed(&broken(&error)))?;
    if body.trim_start().starts_with('[') {
        return Err(malformed("it must be one object, not an array"));
    }
    read(body).map_err(|_| all_mistakes(&mistakes::all(body, |body| read::<T>(body).err())))
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, Mistake> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(body))
}

/// Why it is no JSON, or none that is read.
fn broken(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "it ends before it is complete".to_owned();
    }
    if error.is_data() {
        return said(error);
    }
    let text = error.to_string();
    let why = match text.split(" at line ").next().unwrap_or_default() {
        "recursion limit exceeded" => "it is nested too deeply",
        "number out of range" => "a number in it is too large",
        "trailing characters" => "something follows after its end",
        _ => "it is not JSON any more",
    };
    format!("{why}, at line {}, column {}", error.line(), error.column())
}

/// Every mistake is named; the first that is met says which problem it is.
fn all_mistakes(mistakes: &[(String, Mistake)]) -> Problem {
    let errors: Vec<_> = mistakes.iter().map(|(at, why)| wrong(at, why.inner())).collect();
    match errors.first() {
        Some(first) if first.detail.starts_with("unknown field") => unknown(errors),
        Some(_) | None => invalid(errors),
    }
}

fn wrong(pointer: &str, error: &serde_json::Error) -> FieldError {
    if error.is_data() {
        FieldError::at(pointer, said(error))
    } else {
        // serde_json calls some wrong values broken syntax, for example `{}` for an enum.
        FieldError::at(pointer, "is not a value that can stand here")
    }
}

/// What the parser says, without line and column.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    brief(text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text))
}

/// The parser quotes the value, which may be a code or somebody's phone, and the name of a member, which may be long.
fn brief(text: &str) -> String {
    let text = plain(&without_value(text));
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}

fn without_value(text: &str) -> String {
    let quoting = ["invalid type: ", "invalid value: ", "unknown variant "];
    match text.rsplit_once(", expected") {
        Some((said, expected)) if quoting.iter().any(|start| said.starts_with(start)) => {
            let kind = said.split(['`', '"']).next().unwrap_or_default().trim_end();
            format!("{kind}, expected{expected}")
        }
        Some(_) | None => text.to_owned(),
    }
}

/// The parser's words in those of who wrote the request, who knows JSON and not Rust.
fn plain(text: &str) -> String {
    if text.starts_with("UUID parsing failed") {
        return "must be a UUID".to_owned();
    }
    let Some((found, expected)) = text.split_once(", expected ") else {
        return match text {
            "invalid digit found in string" | "cannot parse integer from empty string" => {
                "must be a whole number".to_owned()
            }
            "number too large to fit in target type" => "is too large".to_owned(),
            // Of a query; nothing else is said so.
            "unsupported value" => "must stand here once".to_owned(),
            "provided string was not `true` or `false`" => "must be true or false".to_owned(),
            _ => {
                text.replace("missing field", "it lacks").replace("duplicate field", "it has twice")
            }
        };
    };
    let one_of = expected.trim_start_matches("one of ");
    if found == "unknown variant" {
        return format!("must be {one_of}");
    }
    if found.starts_with("unknown field") {
        return format!("{found}; there are {one_of}");
    }
    let wanted = match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number, not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a string" | "string" | "a borrowed string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        "a UUID string" | "a formatted UUID string" => "a UUID",
        other if other.starts_with("struct ") => "an object",
        other => other,
    };
    format!("must be {wanted}")
}

/// RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => "/?".to_owned(),
        })
        .collect()
}

/// Query parameters.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let query = serde_html_form::Deserializer::from_bytes(query.as_bytes());
        serde_path_to_error::deserialize(query).map(Self).map_err(|error| {
            let name = pointer(error.path());
            let detail = brief(&error.inner().to_string());
            let errors = vec![FieldError::at(name.trim_start_matches('/'), &detail)];
            if detail.starts_with("unknown field") { unknown(errors) } else { invalid(errors) }
        })
    }
}

/// Path parameters. One that cannot be an id is a thing that does not exist.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum::extract::Path::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Problem::not_found())
    }
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn a_refusal_does_not_repeat_the_value() {
        let said = |text: &str| brief(text);
        assert_eq!(said("invalid type: integer `204518`, expected a string"), "must be a text");
        assert_eq!(
            said(r#"invalid type: string "a, expected b", expected struct Body"#),
            "must be an object"
        );
        assert_eq!(
            said("unknown variant `+919876543210`, expected `upi` or `cod`"),
            "must be `upi` or `cod`"
        );
        assert_eq!(
            said("unknown field `role`, expected `name`"),
            "unknown field `role`; there are `name`"
        );
        assert_eq!(
            said("invalid value: integer `-1`, expected u32"),
            "must be a whole number from 0 to 4294967295"
        );
        assert_eq!(said("missing field `city`"), "it lacks `city`");
        let uuid =
            "UUID parsing failed: invalid length: expected length 32 for simple format, found 3";
        assert_eq!(said(uuid), "must be a UUID");
        assert_eq!(said("invalid type: integer `7`, expected a UUID string"), "must be a UUID");
        assert_eq!(said("phone: must have ten digits"), "phone: must have ten digits");
    }
}
