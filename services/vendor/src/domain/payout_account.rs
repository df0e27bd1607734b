//! Whether the payment provider knows where a seller is paid.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

/// How long nothing is paid to an account that took the place of another one. Whoever took over a seller's sign-in cannot
/// have its money sent elsewhere before the seller has read the mail.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// `pending`: the payment provider is being told. `registered`: it pays there. `refused`: it does not know this account;
/// another one has to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum PayoutAccountState {
    /// The provider is being told.
    Pending,
    /// The provider pays there.
    Registered,
    /// The provider does not know this account.
    Refused,
}

/// Where an approved seller is paid, as far as the provider goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayoutAccount {
    /// The how many-th account of the seller it is: what the provider answers about another one is passed over.
    pub edition: i32,
    pub state: PayoutAccountState,
    /// From when on the seller may be paid to it.
    pub payable_from: Timestamp,
}

impl PayoutAccount {
    /// The account that a seller has from `now` on, after `before`. The first may be paid to at once.
    pub fn after(before: Option<Self>, now: Timestamp) -> Self {
        let state = PayoutAccountState::Pending;
        match before {
            None => Self { edition: 1, state, payable_from: now },
            Some(before) => Self { edition: before.edition + 1, state, payable_from: now + WINDOW },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_account_that_takes_the_place_of_another_one_waits_a_day() {
        let now = Timestamp::UNIX_EPOCH;
        let first = PayoutAccount::after(None, now);
        assert_eq!((first.edition, first.payable_from), (1, now));
        let second = PayoutAccount::after(Some(first), now);
        assert_eq!((second.edition, second.payable_from), (2, now + WINDOW));
    }
}
