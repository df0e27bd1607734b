//! What belongs to an answer that is not given again: whoever may hear 304 says what it has, and was told before.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, RefOr, Required, Type};

use super::parameters;

const ASKED_BY: &str = "If-None-Match";

/// Adds the header that a 304 answers, and the one that says what it is about.
pub(super) fn complete(operation: &mut Operation) {
    if !operation.responses.responses.contains_key("304") {
        return;
    }
    if !parameters(operation).any(|parameter| parameter.name.eq_ignore_ascii_case(ASKED_BY)) {
        let header = ParameterBuilder::new().name(ASKED_BY).parameter_in(ParameterIn::Header);
        let header = header.required(Required::False).build();
        operation.parameters.get_or_insert_default().push(header.into());
    }
    for status in ["200", "304"] {
        if let Some(RefOr::T(response)) = operation.responses.responses.get_mut(status) {
            let text = ObjectBuilder::new().schema_type(Type::String);
            let header =
                HeaderBuilder::new().schema(Some(text)).description(Some("Which edition it is"));
            response.headers.entry("ETag".to_owned()).or_insert_with(|| header.build().into());
        }
    }
}
