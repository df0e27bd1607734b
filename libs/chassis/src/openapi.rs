//! The API document of a service: what all of them have in common is written here once, and what it does not name is
//! refused at the door.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, ObjectBuilder, OpenApi, Ref, RefOr, Required, Schema, Type};

use crate::extract::unknown;
use crate::idempotency;
use crate::problem::{FieldError, Problem};

const PROBLEM_JSON: &str = "application/problem+json";

/// The document with what every service shares: how one signs in, and that every refusal is a problem document.
#[must_use]
pub fn complete(mut document: OpenApi) -> OpenApi {
    let components = document.components.get_or_insert_default();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("bearer", bearer);
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    components.schemas.insert(FieldError::name().into_owned(), FieldError::schema());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations_mut(item) {
            operation.operation_id = Some(operation_id(method, path));
            explain_refusals(operation);
            describe_streams(operation);
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    describe(parameter);
                }
            }
        }
    }
    document
}

/// Unique among all services, as it must be in one document: `get_v1_orders_id`.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(method.to_owned(), |id, word| id + "_" + word)
}

/// What is the same wherever such a parameter is taken.
fn describe(parameter: &mut Parameter) {
    let optional = parameter.required == Required::False && !has_default(parameter);
    if parameter.name.eq_ignore_ascii_case(idempotency::HEADER) {
        parameter.schema = Some(text("^[!-~]+$").min_length(Some(1)).max_length(Some(255)).into());
    } else if parameter.name.eq_ignore_ascii_case("If-Match") {
        parameter.schema = Some(text(r#"^(\*|"[!#-~]*")$"#).into());
    } else if optional && matches!(parameter.parameter_in, ParameterIn::Query) {
        // An empty one is as good as none.
        parameter.extensions = Some(Extensions::from_iter([("allowEmptyValue", true)]));
    }
}

fn text(pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern))
}

fn has_default(parameter: &Parameter) -> bool {
    matches!(&parameter.schema, Some(RefOr::T(Schema::Object(object))) if object.default.is_some())
}

/// A stream of events is not one value that a schema could describe.
fn describe_streams(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && let Some(RefOr::T(events)) = response.content.get_mut("text/event-stream")
        {
            events.schema = None;
        }
    }
}

/// Every refusal is a problem document, also those that only the chassis makes.
fn explain_refusals(operation: &mut Operation) {
    let refusals = &mut operation.responses.responses;
    for (_, refusal) in refusals.iter_mut().filter(|(status, _)| status.starts_with(['4', '5'])) {
        if let RefOr::T(refusal) = refusal
            && let Some(content) = refusal.content.shift_remove("application/json")
        {
            refusal.content.insert(PROBLEM_JSON.into(), content);
        }
    }
    let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
    let refusal = ResponseBuilder::new()
        .description("Refused, for a reason that every route shares.")
        .content(PROBLEM_JSON, problem);
    refusals.entry("default".into()).or_insert_with(|| refusal.into());
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let methods = [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("patch", &mut item.patch),
    ];
    methods.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The query parameters that each documented operation takes.
#[derive(Debug, Clone)]
pub(crate) struct Queries(Arc<BTreeMap<(Method, String), BTreeSet<String>>>);

impl Queries {
    /// As documented.
    pub fn of(document: &OpenApi) -> Self {
        let known = document.paths.paths.iter().flat_map(|(path, item)| {
            let methods = [
                (Method::GET, &item.get),
                (Method::PUT, &item.put),
                (Method::POST, &item.post),
                (Method::DELETE, &item.delete),
                (Method::PATCH, &item.patch),
            ];
            methods.into_iter().filter_map(move |(method, operation)| {
                Some(((method, path.clone()), query_names(operation.as_ref()?)))
            })
        });
        Self(Arc::new(known.collect()))
    }

    /// Refuses a query parameter that nobody knows; one of a route that takes none would otherwise go unnoticed.
    pub async fn check(self, request: Request, next: Next) -> Response {
        let errors = self.unknown_in(&request);
        if errors.is_empty() {
            return next.run(request).await;
        }
        unknown(errors).into_response()
    }

    fn unknown_in(&self, request: &Request) -> Vec<FieldError> {
        let Some(query) = request.uri().query().filter(|query| !query.is_empty()) else {
            return Vec::new();
        };
        let route = request.extensions().get::<MatchedPath>().map_or("", |path| path.as_str());
        let Some(known) = self.0.get(&(request.method().clone(), route.to_owned())) else {
            return Vec::new();
        };
        let names = serde_html_form::from_str::<Vec<(String, String)>>(query).unwrap_or_default();
        let strangers = names.iter().filter(|(name, _)| !known.contains(name));
        strangers
            .map(|(name, _)| FieldError::at(name, "is not a parameter of this route"))
            .collect()
    }
}

fn query_names(operation: &Operation) -> BTreeSet<String> {
    let parameters =
        operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        });
    parameters
        .filter(|parameter| matches!(parameter.parameter_in, ParameterIn::Query))
        .map(|parameter| parameter.name.clone())
        .collect()
}
