//! Answers that many requests have in common.

use std::collections::BTreeMap;

use axum::response::Response as AxumResponse;
use chassis::{Json, Page, Problem};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, ResponsesBuilder};
use utoipa::{IntoResponses, ToSchema};

/// What somebody is answered for what they do.
pub type Answered = Result<AxumResponse, Problem>;

/// What somebody is answered who looks through a list.
pub type Listed<T> = Result<Json<Page<T>>, Problem>;

/// Answers by their status.
pub type Responses = BTreeMap<String, RefOr<Response>>;

/// A body that the API document names.
fn answer<V: ToSchema>(status: &str, description: &str) -> Responses {
    let schema = Ref::from_schema_name(V::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let answer =
        ResponseBuilder::new().description(description).content("application/json", content);
    ResponsesBuilder::new().response(status, answer).build().into()
}

/// How the API document says that something is done, and answered with a `V`.
pub fn done<V: ToSchema>(description: &str) -> Responses {
    answer::<V>("200", description)
}

/// Staff are told that it is a purchase or a sale of their own.
#[derive(Debug)]
pub enum NotOwn {}

impl IntoResponses for NotOwn {
    fn responses() -> Responses {
        let why = "`order/own-order`, `order/own-seller`: nobody decides about what they bought, or a seller they act for sold.";
        answer::<Problem>("403", why)
    }
}
