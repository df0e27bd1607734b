//! Refunding a line piece by piece.

use crate::{Money, MoneyError};

/// What `now` of `quantity` pieces bring back, when `before` pieces were refunded already.
///
/// Each step pays the rounded-down value of all pieces so far, less what earlier steps paid, so
/// the steps add up to `line_net` exactly, in whatever portions they come.
pub fn partial_refund(
    line_net: Money,
    quantity: u32,
    before: u32,
    now: u32,
) -> Result<Money, MoneyError> {
    let after = before.checked_add(now).ok_or(MoneyError::TooMany)?;
    if after > quantity {
        return Err(MoneyError::TooMany);
    }
    let value_of = |pieces: u32| {
        let product = i128::from(line_net.minor()) * i128::from(pieces);
        // No pieces bought means none refunded, and nothing is owed.
        let value = product.checked_div(i128::from(quantity)).unwrap_or(0);
        line_net.with(i64::try_from(value).ok())
    };
    value_of(after)?.sub(value_of(before)?)
}
