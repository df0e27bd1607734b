//! How ids look to the database, to JSON Schema and to `OpenAPI`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, SchemaType};
use utoipa::openapi::{self, RefOr};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::Id;

impl<T> Type<Postgres> for Id<T> {
    fn type_info() -> PgTypeInfo {
        <Uuid as Type<Postgres>>::type_info()
    }
}

impl<T> PgHasArrayType for Id<T> {
    fn array_type_info() -> PgTypeInfo {
        <Uuid as PgHasArrayType>::array_type_info()
    }
}

impl<T> Encode<'_, Postgres> for Id<T> {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.as_uuid().encode_by_ref(buf)
    }
}

impl<'r, T> Decode<'r, Postgres> for Id<T> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        <Uuid as Decode<'r, Postgres>>::decode(value).map(Self::from_uuid)
    }
}

impl<T> JsonSchema for Id<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Uuid::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        Uuid::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Uuid::json_schema(generator)
    }
}

impl<T> PartialSchema for Id<T> {
    fn schema() -> RefOr<openapi::Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(openapi::Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
            .into()
    }
}

impl<T> ToSchema for Id<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Id")
    }
}
