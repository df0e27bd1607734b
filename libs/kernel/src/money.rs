//! Amounts of money, counted in the smallest unit of their currency.

mod format;
mod refund;
mod split;
mod words;

pub use refund::partial_refund;

use std::num::NonZeroU64;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Currency, rounding};

/// How many basis points make the whole.
const WHOLE_BP: NonZeroU64 = NonZeroU64::new(10_000).unwrap();

/// An amount, counted in the currency's smallest unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// How many of the currency's smallest unit, such as paise.
    amount: i64,
    /// The currency.
    currency: Currency,
}

/// Why amounts could not be reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The amounts are of two currencies.
    #[error("{left} and {right} do not mix")]
    CurrencyMismatch {
        /// The currency that was expected.
        left: Currency,
        /// The one that came.
        right: Currency,
    },
    /// The result is larger than an amount can be.
    #[error("the amount is too large")]
    Overflow,
    /// There is nobody to share an amount among.
    #[error("an amount cannot be shared among nobody")]
    NoShares,
    /// More was to be refunded than was bought.
    #[error("more is refunded than was bought")]
    TooMany,
}

#[expect(
    clippy::should_implement_trait,
    reason = "the operators of the standard library cannot refuse, and money has to"
)]
impl Money {
    /// Makes an amount of `minor` smallest units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { amount: minor, currency }
    }

    /// Makes an amount of `paise`.
    #[must_use]
    pub const fn inr(paise: i64) -> Self {
        Self::new(paise, Currency::Inr)
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The number of smallest units.
    pub const fn minor(self) -> i64 {
        self.amount
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.amount == 0
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.amount < 0
    }

    /// Both amounts together.
    pub fn add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with(self.amount.checked_add(other.amount))
    }

    /// What is left when `other` is taken away.
    pub fn sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with(self.amount.checked_sub(other.amount))
    }

    /// The same amount the other way round.
    pub fn neg(self) -> Result<Self, MoneyError> {
        self.with(self.amount.checked_neg())
    }

    /// The amount `factor` times.
    pub fn times(self, factor: u32) -> Result<Self, MoneyError> {
        self.with(self.amount.checked_mul(i64::from(factor)))
    }

    /// All `amounts` together, which have to be in `currency`.
    pub fn sum(
        amounts: impl IntoIterator<Item = Self>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::add)
    }

    /// The share of `basis_points` of 10,000, halves rounded away from zero.
    ///
    /// A share is never more than the whole: from 10,000 on it is the whole amount.
    #[must_use]
    pub fn share_bp(self, basis_points: u32) -> Self {
        let whole = i128::from(self.amount);
        let share = rounding::half_up(whole * i128::from(basis_points), WHOLE_BP);
        let capped = if share.abs() > whole.abs() { whole } else { share };
        Self::new(i64::try_from(capped).unwrap_or(self.amount), self.currency)
    }

    /// Refuses to go on when the currencies differ.
    pub fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        let (left, right) = (self.currency, other.currency);
        if left == right { Ok(()) } else { Err(MoneyError::CurrencyMismatch { left, right }) }
    }

    /// An amount of the same currency, if it can be counted.
    pub(crate) fn with(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        minor.map(|minor| Self::new(minor, self.currency)).ok_or(MoneyError::Overflow)
    }
}
