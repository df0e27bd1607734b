//! A price that staff reduce after the sale: the buyer keeps the goods, and their seller bears it.

use kernel::{Currency, Money, MoneyError, UserId};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::credit::{Credit, CreditRefused, Remainder};
use super::seller_order::SellerOrderState;

/// So much stays of each piece, and so much comes off, at least: a rupee. Then all of it can still come back piece by piece,
/// without anybody's share falling below nothing by rounding, and the provider gives it back.
const LEAST: i64 = 100;

/// Where a reduction stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
#[schema(as = ReductionStatus)]
pub enum ReductionState {
    /// A second member of staff has to agree.
    Proposed,
    /// The buyer gets the money.
    Done,
    /// The buyer does not.
    Declined,
}

/// Why a price is not reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReductionRefused {
    /// Before, it can be cancelled, and what ended is taken back already.
    #[error("only the price of what was delivered and is kept can be reduced")]
    NotKept,
    /// It is too little, or too little would stay.
    #[error("the price can be reduced by {least} at least and by {most} at most")]
    OutOfRange {
        least: Money,
        /// So much at most.
        most: Money,
    },
    /// What was bought in one currency is not reduced in another.
    #[error("the price is in {0}, and so is what is taken off it")]
    OtherCurrency(Currency),
    /// Nobody agrees to what they proposed themselves.
    #[error("somebody else has to agree to it")]
    OwnApproval,
    /// Nobody is asked.
    #[error("it was decided already")]
    Decided,
    /// The money cannot be divided.
    #[error(transparent)]
    Credit(#[from] CreditRefused),
}

impl From<MoneyError> for ReductionRefused {
    fn from(error: MoneyError) -> Self {
        Self::Credit(error.into())
    }
}

impl ReductionState {
    /// Somebody agrees, or does not, to what `proposed_by` proposed. Proposals can be taken back by who made them.
    pub fn decide(
        self,
        to: Self,
        proposed_by: UserId,
        who: UserId,
    ) -> Result<(), ReductionRefused> {
        if self != Self::Proposed {
            return Err(ReductionRefused::Decided);
        }
        if to == Self::Done && proposed_by == who {
            return Err(ReductionRefused::OwnApproval);
        }
        Ok(())
    }
}

/// Whether the price of what stands at `state` can be reduced.
pub const fn check_kept(state: SellerOrderState) -> Result<(), ReductionRefused> {
    if matches!(state, SellerOrderState::Delivered | SellerOrderState::Completed) {
        Ok(())
    } else {
        Err(ReductionRefused::NotKept)
    }
}

impl Remainder<'_> {
    /// Takes `by` off the price of what is left: of each line in proportion, to the last paisa, and no piece goes back.
    pub fn reduce(&self, by: Money) -> Result<Credit, ReductionRefused> {
        let room = self.worth.iter().zip(self.left);
        let room: Vec<i64> =
            room.map(|(worth, left)| (worth.minor() - LEAST * i64::from(*left)).max(0)).collect();
        let currency = self.gross.currency();
        let [least, most] = [LEAST, room.iter().sum()].map(|minor| Money::new(minor, currency));
        if by.currency() != currency {
            return Err(ReductionRefused::OtherCurrency(currency));
        }
        if !(LEAST..=most.minor()).contains(&by.minor()) {
            return Err(ReductionRefused::OutOfRange { least, most });
        }
        let off = spread(by.minor(), &room).into_iter().map(|off| Money::new(off, by.currency()));
        let worth = self.worth.iter().zip(off).map(|(worth, off)| worth.sub(off));
        let worth = worth.collect::<Result<Vec<_>, _>>()?;
        Ok(self.down_to(self.left, &worth)?)
    }
}

/// Spreads `amount`, which is no more than all weights together, in proportion to them; what is left over goes to the
/// largest remainders. So nobody gets more than their weight.
fn spread(amount: i64, weights: &[i64]) -> Vec<i64> {
    let all: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let exact = |weight: &i64| i128::from(amount) * i128::from(*weight);
    let whole = |weight: &i64| i64::try_from(exact(weight) / all.max(1)).unwrap_or(*weight);
    let mut shares: Vec<i64> = weights.iter().map(whole).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|nth| {
        let rest = weights.get(*nth).map(|weight| exact(weight) % all.max(1));
        std::cmp::Reverse(rest)
    });
    let mut over = amount - shares.iter().sum::<i64>();
    for nth in order {
        if over == 0 {
            break;
        }
        if let Some(share) = shares.get_mut(nth) {
            *share += 1;
            over -= 1;
        }
    }
    shares
}

#[cfg(test)]
mod tests;
