//! How the domain's values look in the API document.

use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{KnownFormat, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::price::Price;
use crate::domain::stock::Count;
use crate::domain::text::Options;

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn number() -> ObjectBuilder {
    let format = SchemaFormat::KnownFormat(KnownFormat::Int64);
    ObjectBuilder::new().schema_type(Type::Integer).format(Some(format))
}

impl PartialSchema for Price {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .property("amount", number().minimum(Some(1)).maximum(Some(Self::MOST_PAISE)))
            .property("currency", text().enum_values(Some(["INR"])))
            .required("amount")
            .required("currency")
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
            .into()
    }
}

impl ToSchema for Price {}

impl PartialSchema for Options {
    fn schema() -> RefOr<Schema> {
        let name = text().min_length(Some(1)).max_length(Some(32));
        let value = text().min_length(Some(1)).max_length(Some(64));
        ObjectBuilder::new()
            .property_names(Some(name))
            .additional_properties(Some(Schema::from(value)))
            .max_properties(Some(5))
            .into()
    }
}

impl ToSchema for Options {}

impl PartialSchema for Count {
    fn schema() -> RefOr<Schema> {
        number().minimum(Some(Self::LEAST)).maximum(Some(Self::MOST)).into()
    }
}

impl ToSchema for Count {}
