//! Where the provider tells what happened.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use chassis::{Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{HttpMethod, RefOr, Required};
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;

use crate::error::Error;
use crate::provider::webhooks::{Door, Header};
use crate::{App, usecases};

/// Says that the event is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredView {
    #[schema(example = "stored")]
    status: &'static str,
}

/// Takes in an event of the payment provider.
///
/// It is kept before anything is done, and has its effect once, however often it is sent. After eight days it is too old.
#[utoipa::path(
    post, path = "/v1/webhooks", tag = "payment",
    request_body(content = serde_json::Value, description = "An event, exactly as it was signed"),
    responses(
        (status = 200, description = "Kept, now or before", body = StoredView),
        (status = 401, description = "`payment/webhook-forged`: not signed by the provider. `payment/webhook-stale`: too old", body = Problem),
    ),
)]
async fn receive(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<StoredView>, Problem> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::BrokenOff,
    })?;
    usecases::receive(&app, &headers, &body).await?;
    Ok(Json(StoredView { status: "stored" }))
}

/// The route of a provider: each has a path of its own, and headers that its webhooks come with.
pub fn of(door: &Door) -> UtoipaMethodRouter<App> {
    let (schemas, mut paths, handler) = routes!(receive);
    let item = paths.paths.pop_first().and_then(|(_, item)| item.post);
    if let Some(mut operation) = item {
        operation.operation_id = Some(door.operation_id.to_owned());
        operation.parameters = Some(door.headers.iter().map(parameter).collect());
        paths.add_path_operation(door.path, vec![HttpMethod::Post], operation);
    }
    (schemas, paths, handler)
}

fn parameter(header: &Header) -> RefOr<Parameter> {
    let kinds = if header.required {
        SchemaType::new(Type::String)
    } else {
        SchemaType::from_iter([Type::String, Type::Null])
    };
    let schema = ObjectBuilder::new().schema_type(kinds).pattern(Some(header.pattern));
    let schema = schema
        .min_length(header.lengths.map(|(least, _)| least))
        .max_length(header.lengths.map(|(_, most)| most));
    ParameterBuilder::new()
        .name(header.name)
        .parameter_in(ParameterIn::Header)
        .required(if header.required { Required::True } else { Required::False })
        .description(Some(header.meaning))
        .schema(Some(schema))
        .build()
        .into()
}
