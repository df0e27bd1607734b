//! How many of a thing somebody wants.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};
use utoipa::ToSchema;

use crate::Invalid;

/// A number of pieces, from 1 to 999.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "u32", into = "u32")]
#[schema(value_type = u32, minimum = 1, maximum = 999)]
pub struct Quantity(u32);

impl Quantity {
    /// The smallest quantity.
    pub const MIN: Self = Self(1);
    /// The largest quantity.
    pub const MAX: Self = Self(999);

    /// Takes `count` pieces.
    pub const fn new(count: u32) -> Result<Self, Invalid> {
        match count {
            0 => Err(Invalid { what: "quantity", why: "must be at least 1" }),
            1..=999 => Ok(Self(count)),
            _ => Err(Invalid { what: "quantity", why: "must be at most 999" }),
        }
    }

    /// The number of pieces.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<u32> for Quantity {
    type Error = Invalid;

    fn try_from(count: u32) -> Result<Self, Self::Error> {
        Self::new(count)
    }
}

impl From<Quantity> for u32 {
    fn from(quantity: Quantity) -> Self {
        quantity.0
    }
}

impl JsonSchema for Quantity {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Quantity")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 999 })
    }
}

impl Type<Postgres> for Quantity {
    fn type_info() -> PgTypeInfo {
        <i32 as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for Quantity {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <i32 as Encode<'_, Postgres>>::encode(i32::try_from(self.0)?, buf)
    }
}

impl<'r> Decode<'r, Postgres> for Quantity {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let count = <i32 as Decode<'r, Postgres>>::decode(value)?;
        Ok(Self::new(u32::try_from(count)?)?)
    }
}
