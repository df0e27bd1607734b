//! Fixed values for golden samples, so that every generation gives the same bytes.

use jiff::Timestamp;
use kernel::{Id, Money, Sku};
use uuid::Uuid;

/// An id that is the same every time; `n` keeps different things apart.
pub fn id<T>(n: u16) -> Id<T> {
    Id::from_uuid(Uuid::from_u128(0x0193_4e5f_0000_7000_8000_0000_0000_0000 + u128::from(n)))
}

/// Noon of a fixed day, in UTC.
pub fn noon() -> Timestamp {
    Timestamp::from_second(1_795_348_800).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// An amount in paise.
pub fn inr(paise: i64) -> Money {
    Money::inr(paise)
}

/// A stock keeping unit that is known to parse.
#[expect(
    clippy::expect_used,
    reason = "a constant of this crate, covered by the samples' own test"
)]
pub fn sku(text: &str) -> Sku {
    Sku::parse(text).expect("sample SKUs are well formed")
}

/// Any other value that is known to parse.
#[expect(
    clippy::expect_used,
    reason = "a constant of this crate, covered by the samples' own test"
)]
pub fn known<T, E: std::fmt::Debug>(parsed: Result<T, E>) -> T {
    parsed.expect("sample values are well formed")
}
