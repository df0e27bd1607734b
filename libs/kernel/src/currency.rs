//! The currencies Mall can count in.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};
use utoipa::ToSchema;

use crate::Invalid;

/// A currency, written as its ISO 4217 code.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    ToSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Indian rupee.
    Inr,
    /// Hong Kong dollar.
    Hkd,
    /// United States dollar.
    Usd,
    /// Japanese yen.
    Jpy,
    /// South Korean won.
    Krw,
    /// Kuwaiti dinar.
    Kwd,
    /// Bahraini dinar.
    Bhd,
    /// Omani rial.
    Omr,
}

impl Currency {
    /// Every currency there is.
    pub const ALL: [Self; 8] =
        [Self::Inr, Self::Hkd, Self::Usd, Self::Jpy, Self::Krw, Self::Kwd, Self::Bhd, Self::Omr];

    /// Reads an ISO 4217 code in capitals.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|currency| currency.as_str() == code)
            .ok_or(Invalid { what: "currency", why: "not one we use" })
    }

    /// The ISO 4217 code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inr => "INR",
            Self::Hkd => "HKD",
            Self::Usd => "USD",
            Self::Jpy => "JPY",
            Self::Krw => "KRW",
            Self::Kwd => "KWD",
            Self::Bhd => "BHD",
            Self::Omr => "OMR",
        }
    }

    /// How many decimal places the smallest unit stands for.
    pub const fn exponent(self) -> u32 {
        match self {
            Self::Jpy | Self::Krw => 0,
            Self::Inr | Self::Hkd | Self::Usd => 2,
            Self::Kwd | Self::Bhd | Self::Omr => 3,
        }
    }

    /// How many of the smallest unit make one whole.
    pub const fn units_per_whole(self) -> u64 {
        match self {
            Self::Jpy | Self::Krw => 1,
            Self::Inr | Self::Hkd | Self::Usd => 100,
            Self::Kwd | Self::Bhd | Self::Omr => 1000,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = Invalid;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::parse(code)
    }
}

impl Type<Postgres> for Currency {
    fn type_info() -> PgTypeInfo {
        <str as Type<Postgres>>::type_info()
    }

    fn compatible(ty: &PgTypeInfo) -> bool {
        <str as Type<Postgres>>::compatible(ty)
    }
}

impl PgHasArrayType for Currency {
    fn array_type_info() -> PgTypeInfo {
        <String as PgHasArrayType>::array_type_info()
    }

    fn array_compatible(ty: &PgTypeInfo) -> bool {
        <String as PgHasArrayType>::array_compatible(ty)
    }
}

impl Encode<'_, Postgres> for Currency {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <&str as Encode<'_, Postgres>>::encode(self.as_str(), buf)
    }
}

impl<'r> Decode<'r, Postgres> for Currency {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self::parse(<&str as Decode<'r, Postgres>>::decode(value)?)?)
    }
}
