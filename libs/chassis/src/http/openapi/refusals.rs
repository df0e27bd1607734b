//! The refusals of an operation that follow from how it is asked, so that nobody writes them by hand.

use axum::http::StatusCode;
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Content, Ref, RefOr};

use super::parameters;
use crate::http::idempotency;
use crate::problem::Problem;

const PROBLEM_JSON: &str = "application/problem+json";

/// A status, its name among the shared responses, what it means, and which operations can answer it.
type Rule = (&'static str, &'static str, &'static str, fn(&Operation) -> bool);

const RULES: &[Rule] = &[
    ("400", "Malformed", "A parameter or member that nobody knows, or no JSON", |_| true),
    ("401", "Unauthenticated", "Not signed in, or the token is over", is_secured),
    ("403", "Forbidden", "The caller is not one of those who may", wants_a_role),
    ("404", "NotFound", "None such, or somebody else's", names_a_thing),
    ("409", "InFlight", "The first request with the `Idempotency-Key` still runs", takes_a_key),
    ("412", "Changed", "It changed since it was read", takes_a_version),
    ("413", "TooLarge", "The body is too large", reads_a_body),
    ("415", "NotJson", "The body is not JSON", reads_a_body),
    ("422", "Invalid", "A value is not valid, or the `Idempotency-Key` is another's", has_values),
    ("503", "Away", "A part of the mall is away; `Retry-After` says until when", |_| true),
    ("default", "Refused", "Refused, for a reason that every route shares", |_| true),
];

/// What the rules refer to.
pub(super) fn shared() -> impl Iterator<Item = (String, RefOr<Response>)> {
    RULES.iter().map(|(status, name, meaning, _)| {
        let mut response = ResponseBuilder::new().description(*meaning).build();
        describe(status, &mut response);
        ((*name).to_owned(), response.into())
    })
}

/// Adds what follows by rule, and says of every answer what it is and in which form it comes.
pub(super) fn complete(operation: &mut Operation) {
    let due: Vec<_> = RULES.iter().filter(|(.., applies)| applies(operation)).collect();
    let responses = &mut operation.responses.responses;
    for (status, name, ..) in due {
        let refusal = || RefOr::Ref(Ref::from_response_name(*name));
        responses.entry((*status).to_owned()).or_insert_with(refusal);
    }
    for (status, response) in responses {
        if let RefOr::T(response) = response {
            describe(status, response);
        }
    }
}

/// Every refusal is a problem document; an answer without words of its own has those of HTTP.
fn describe(status: &str, response: &mut Response) {
    let code: Option<StatusCode> = status.parse().ok();
    if response.description.is_empty() {
        let usual = code.and_then(|code| code.canonical_reason());
        response.description = usual.unwrap_or_default().into();
    }
    if code.is_none_or(|code| code.as_u16() >= 400) {
        let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
        response.content = [(PROBLEM_JSON.to_owned(), problem.into())].into_iter().collect();
    }
}

fn is_secured(operation: &Operation) -> bool {
    operation.security.as_ref().is_some_and(|security| !security.is_empty())
}

/// A requirement that names roles: `security(("bearer" = ["staff"]))`.
fn wants_a_role(operation: &Operation) -> bool {
    let security = serde_json::to_value(&operation.security).unwrap_or_default();
    let schemes =
        security.as_array().into_iter().flatten().filter_map(|scheme| scheme.get("bearer"));
    schemes.filter_map(serde_json::Value::as_array).any(|roles| !roles.is_empty())
}

fn names_a_thing(operation: &Operation) -> bool {
    takes(operation, |_, place| *place == ParameterIn::Path)
}

fn takes_a_version(operation: &Operation) -> bool {
    takes(operation, |name, _| name.eq_ignore_ascii_case("If-Match"))
}

fn takes_a_body(operation: &Operation) -> bool {
    operation.request_body.is_some()
}

/// Whoever takes a key reads the body as well, also one that says nothing: it belongs to what is repeated.
fn reads_a_body(operation: &Operation) -> bool {
    takes_a_body(operation) || takes_a_key(operation)
}

fn takes_a_key(operation: &Operation) -> bool {
    takes(operation, |name, _| name.eq_ignore_ascii_case(idempotency::HEADER))
}

fn has_values(operation: &Operation) -> bool {
    let in_query = |_: &str, place: &ParameterIn| *place == ParameterIn::Query;
    reads_a_body(operation) || takes(operation, in_query)
}

fn takes(operation: &Operation, wanted: impl Fn(&str, &ParameterIn) -> bool) -> bool {
    parameters(operation).any(|parameter| wanted(&parameter.name, &parameter.parameter_in))
}
