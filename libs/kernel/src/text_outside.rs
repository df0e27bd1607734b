//! How checked texts look to the database, to JSON Schema and to `OpenAPI`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType};
use utoipa::openapi::{self, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::line::{Line, OptionalLine, REFUSED, UNSEEN};
use crate::text::{Text, TextKind};

impl<K> Type<Postgres> for Text<K> {
    fn type_info() -> PgTypeInfo {
        <str as Type<Postgres>>::type_info()
    }

    fn compatible(ty: &PgTypeInfo) -> bool {
        <str as Type<Postgres>>::compatible(ty)
    }
}

impl<K> PgHasArrayType for Text<K> {
    fn array_type_info() -> PgTypeInfo {
        <String as PgHasArrayType>::array_type_info()
    }

    fn array_compatible(ty: &PgTypeInfo) -> bool {
        <String as PgHasArrayType>::array_compatible(ty)
    }
}

impl<K> Encode<'_, Postgres> for Text<K> {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <&str as Encode<'_, Postgres>>::encode(self.as_str(), buf)
    }
}

impl<'r, K: TextKind> Decode<'r, Postgres> for Text<K> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let raw = <&str as Decode<'r, Postgres>>::decode(value)?;
        Ok(Self::parse(raw)?)
    }
}

impl<K: TextKind> JsonSchema for Text<K> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed(K::SCHEMA)
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": K::PATTERN })
    }
}

impl<K: TextKind> PartialSchema for Text<K> {
    fn schema() -> RefOr<openapi::Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(openapi::Type::String))
            .pattern(Some(K::PATTERN))
            .into()
    }
}

impl<K: TextKind> ToSchema for Text<K> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(K::SCHEMA)
    }
}

impl<const MAX: usize> PartialSchema for Line<MAX> {
    fn schema() -> RefOr<openapi::Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(openapi::Type::String))
            .pattern(Some(format!("^[^{REFUSED}]*[^\\s{REFUSED}{UNSEEN}][^{REFUSED}]*$")))
            .min_length(Some(1))
            .max_length(Some(MAX))
            .into()
    }
}

impl<const MAX: usize> ToSchema for Line<MAX> {
    fn name() -> Cow<'static, str> {
        format!("Line{MAX}").into()
    }
}

impl<const MAX: usize> PartialSchema for OptionalLine<MAX> {
    fn schema() -> RefOr<openapi::Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([openapi::Type::String, openapi::Type::Null]))
            .pattern(Some(format!("^[^{REFUSED}]*$")))
            .max_length(Some(MAX))
            .into()
    }
}

impl<const MAX: usize> ToSchema for OptionalLine<MAX> {
    fn name() -> Cow<'static, str> {
        format!("OptionalLine{MAX}").into()
    }
}
