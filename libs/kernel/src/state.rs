//! The states and union territories of India, as GST numbers them.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};
use utoipa::ToSchema;

use crate::Invalid;

/// One line of the table: the code and the name.
type Row = (&'static str, &'static str);

/// Every code in use, and the historic 25 and 28 that old registrations still carry.
const TABLE: [Row; 39] = [
    ("01", "Jammu and Kashmir"),
    ("02", "Himachal Pradesh"),
    ("03", "Punjab"),
    ("04", "Chandigarh"),
    ("05", "Uttarakhand"),
    ("06", "Haryana"),
    ("07", "Delhi"),
    ("08", "Rajasthan"),
    ("09", "Uttar Pradesh"),
    ("10", "Bihar"),
    ("11", "Sikkim"),
    ("12", "Arunachal Pradesh"),
    ("13", "Nagaland"),
    ("14", "Manipur"),
    ("15", "Mizoram"),
    ("16", "Tripura"),
    ("17", "Meghalaya"),
    ("18", "Assam"),
    ("19", "West Bengal"),
    ("20", "Jharkhand"),
    ("21", "Odisha"),
    ("22", "Chhattisgarh"),
    ("23", "Madhya Pradesh"),
    ("24", "Gujarat"),
    ("25", "Daman and Diu"),
    ("26", "Dadra and Nagar Haveli and Daman and Diu"),
    ("27", "Maharashtra"),
    ("28", "Andhra Pradesh (before division)"),
    ("29", "Karnataka"),
    ("30", "Goa"),
    ("31", "Lakshadweep"),
    ("32", "Kerala"),
    ("33", "Tamil Nadu"),
    ("34", "Puducherry"),
    ("35", "Andaman and Nicobar Islands"),
    ("36", "Telangana"),
    ("37", "Andhra Pradesh"),
    ("38", "Ladakh"),
    ("97", "Other Territory"),
];

/// A state or union territory, by its GST code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[0-9]{2}$")]
pub struct StateCode(Row);

impl StateCode {
    /// The capital.
    pub const DELHI: Self = Self(TABLE[6]);
    /// The waters and places that belong to no state.
    pub const OTHER_TERRITORY: Self = Self(TABLE[38]);

    /// Reads a code of two digits.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        TABLE
            .into_iter()
            .find(|row| row.0 == code)
            .map(Self)
            .ok_or(Invalid { what: "state code", why: "not one of GST" })
    }

    /// Every state that an address can lie in today, in the order of the codes.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.into_iter().map(Self).filter(|state| state.current() == *state)
    }

    /// The two digits.
    pub const fn as_str(self) -> &'static str {
        self.0.0
    }

    /// The English name.
    pub const fn name(self) -> &'static str {
        self.0.1
    }

    /// The state that has taken the place of a historic one, else itself.
    #[must_use]
    pub fn current(self) -> Self {
        match self.as_str() {
            "25" => Self(TABLE[25]),
            "28" => Self(TABLE[36]),
            _ => self,
        }
    }

    /// Whether it is a union territory without a parliament, where UTGST stands for SGST.
    pub fn is_utgst(self) -> bool {
        matches!(self.as_str(), "04" | "25" | "26" | "31" | "35" | "38" | "97")
    }
}

impl fmt::Display for StateCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for StateCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StateCode({})", self.as_str())
    }
}

impl FromStr for StateCode {
    type Err = Invalid;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::parse(code)
    }
}

impl TryFrom<String> for StateCode {
    type Error = Invalid;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::parse(&code)
    }
}

impl From<StateCode> for String {
    fn from(state: StateCode) -> Self {
        state.as_str().to_owned()
    }
}

impl JsonSchema for StateCode {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("StateCode")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{2}$" })
    }
}

impl Type<Postgres> for StateCode {
    fn type_info() -> PgTypeInfo {
        <str as Type<Postgres>>::type_info()
    }

    fn compatible(ty: &PgTypeInfo) -> bool {
        <str as Type<Postgres>>::compatible(ty)
    }
}

impl Encode<'_, Postgres> for StateCode {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <&str as Encode<'_, Postgres>>::encode(self.as_str(), buf)
    }
}

impl<'r> Decode<'r, Postgres> for StateCode {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self::parse(<&str as Decode<'r, Postgres>>::decode(value)?)?)
    }
}
