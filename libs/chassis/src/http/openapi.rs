//! The API document of a service: what all of them have in common is written here once, and what it does not name is
//! refused at the door.

mod editions;
mod refusals;

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
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required,
    Schema, Type,
};
use utoipa_axum::router::OpenApiRouter;

use super::extract::unknown;
use super::idempotency;
use crate::problem::{FieldError, Problem};

/// A router without routes yet, whose document says which service it is.
#[must_use]
pub fn titled<S: Clone + Send + Sync + 'static>(
    title: &str,
    description: &str,
) -> OpenApiRouter<S> {
    let licence = LicenseBuilder::new()
        .name(env!("CARGO_PKG_LICENSE"))
        .identifier(Some(env!("CARGO_PKG_LICENSE")));
    let info = InfoBuilder::new()
        .title(title)
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(description))
        .license(Some(licence.build()));
    OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info).build())
}

/// The document with what every service shares: how one signs in, which refusals follow from how an operation is asked,
/// and what the well-known parameters mean.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    let components = document.components.get_or_insert_default();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("bearer", bearer);
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    components.schemas.insert(FieldError::name().into_owned(), FieldError::schema());
    components.responses.extend(refusals::shared());
    name_items(&mut components.schemas);
    for operation in document.paths.paths.values_mut().flat_map(operations_mut) {
        editions::complete(operation);
        refusals::complete(operation);
        describe_streams(operation);
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                describe(parameter);
            }
        }
    }
    document
}

/// A `Page_X` holds `X` by its name, as every other schema does, instead of repeating it.
fn name_items(schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    let names: Vec<String> =
        schemas.keys().filter_map(|name| name.strip_prefix("Page_")).map(str::to_owned).collect();
    for name in names {
        let known = schemas.contains_key(&name);
        if let Some(RefOr::T(Schema::Object(page))) = schemas.get_mut(&format!("Page_{name}"))
            && let Some(RefOr::T(Schema::Array(list))) = page.properties.get_mut("items")
            && known
        {
            list.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(name).into()));
        }
    }
}

/// What is the same wherever such a parameter is taken.
fn describe(parameter: &mut Parameter) {
    let optional = parameter.required == Required::False && !has_default(parameter);
    let (meaning, schema) = match parameter.name.to_ascii_lowercase().as_str() {
        idempotency::HEADER => (
            "Repeats the request safely: within 48 hours the same key gives the first answer",
            Some(text("^[!-~]+$").min_length(Some(1)).max_length(Some(255))),
        ),
        "if-match" => ("The `ETag` that was read", Some(text(r#"^(\*|"[!#-~]*")$"#))),
        // No pattern: what is no tag is passed over, not refused (RFC 9110, 13.1.2).
        "if-none-match" => {
            ("The `ETag`s that were read", Some(ObjectBuilder::new().schema_type(Type::String)))
        }
        "last-event-id" => ("The last event seen", None),
        "vendor_id" => ("The seller", None),
        "seller_order_id" => ("The seller's part of an order", None),
        "sku" => ("The SKU", None),
        "id" => ("Which one", None),
        _ => ("", None),
    };
    if let Some(schema) = schema {
        parameter.schema = Some(schema.into());
    } else if optional && matches!(parameter.parameter_in, ParameterIn::Query) {
        // An empty one is as good as none.
        parameter.extensions = Some(Extensions::from_iter([("allowEmptyValue", true)]));
    }
    if parameter.description.is_none() && !meaning.is_empty() {
        parameter.description = Some(meaning.to_owned());
    }
}

fn text(pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern))
}

fn has_default(parameter: &Parameter) -> bool {
    matches!(&parameter.schema, Some(RefOr::T(Schema::Object(object))) if object.default.is_some())
}

/// A stream is described by one of its events. What the event's `data` holds, the extension says: OpenAPI 3.1 has no word
/// for JSON within a text.
fn describe_streams(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && let Some(RefOr::T(stream)) = response.content.get_mut("text/event-stream")
            && let Some(data) = stream.schema.replace(event().into())
        {
            stream.extensions =
                Some(Extensions::from_iter([("x-event-data", serde_json::json!(data))]));
        }
    }
}

/// A server-sent event, as whoever reads the stream takes it apart.
fn event() -> ObjectBuilder {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    ObjectBuilder::new()
        .property("event", text())
        .property("id", text())
        .property("data", text().content_media_type("application/json"))
        .required("data")
}

/// The parameters of an operation.
fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

/// The operations of a path, each with its method.
pub fn operations(item: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    let all = [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::DELETE, &item.delete),
        (Method::PATCH, &item.patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
    all.into_iter().flatten()
}

/// The query parameters that each documented operation takes.
#[derive(Debug, Clone)]
pub(crate) struct Queries(Arc<BTreeMap<(Method, String), BTreeSet<String>>>);

impl Queries {
    /// As documented.
    pub fn of(document: &OpenApi) -> Self {
        let known = document.paths.paths.iter().flat_map(|(path, item)| {
            operations(item)
                .map(|(method, operation)| ((method, path.clone()), query_names(operation)))
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
    parameters(operation)
        .filter(|parameter| matches!(parameter.parameter_in, ParameterIn::Query))
        .map(|parameter| parameter.name.clone())
        .collect()
}
