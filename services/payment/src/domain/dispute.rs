//! Money that a buyer's bank asks back: it is held until it is decided who has it, and who bears what is lost.

use contracts::payment::{DisputeBearer, DisputeState};
use jiff::Timestamp;
use kernel::{DisputeId, Money, PaymentId, UserId};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::refused::Refused;

/// Where a dispute stands. `open`: the bank asks. `won`: the money stays. `lost`: it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DisputeState)]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum State {
    /// The bank asks.
    Open,
    /// The money stays.
    Won,
    /// The money is gone.
    Lost,
}

/// Who bears what was lost. `sellers`: those of the order, what is left of it is taken back from them. `platform`: we do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DisputeBearer)]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Bearer {
    /// Those of the order.
    Sellers,
    /// We do.
    Platform,
}

impl From<State> for DisputeState {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Won => Self::Won,
            State::Lost => Self::Lost,
        }
    }
}

impl From<Bearer> for DisputeBearer {
    fn from(bearer: Bearer) -> Self {
        match bearer {
            Bearer::Sellers => Self::Sellers,
            Bearer::Platform => Self::Platform,
        }
    }
}

/// A dispute as the provider tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeSighting {
    pub provider_dispute_id: String,
    /// The capture that is disputed.
    pub provider_payment_id: String,
    pub amount: Money,
    pub seen: State,
}

/// A dispute.
#[derive(Debug, Clone)]
pub struct Dispute {
    pub id: DisputeId,
    pub provider_dispute_id: String,
    pub payment_id: PaymentId,
    pub provider_payment_id: String,
    pub amount: Money,
    pub state: State,
    pub bearer: Option<Bearer>,
    /// Who of staff said who bears it.
    pub borne_by: Option<UserId>,
    /// How much of it the sellers bear.
    pub by_sellers: Option<Money>,
    pub opened_at: Timestamp,
    pub decided_at: Option<Timestamp>,
}

impl Dispute {
    /// A dispute of `payment` that begins as `seen` says.
    pub fn of(payment: PaymentId, seen: &DisputeSighting, now: Timestamp) -> Self {
        Self {
            id: DisputeId::derived_from(payment, "dispute", &[&seen.provider_dispute_id]),
            provider_dispute_id: seen.provider_dispute_id.clone(),
            payment_id: payment,
            provider_payment_id: seen.provider_payment_id.clone(),
            amount: seen.amount,
            state: State::Open,
            bearer: None,
            borne_by: None,
            by_sellers: None,
            opened_at: now,
            decided_at: None,
        }
    }

    /// `who` says who bears it. `left` is what was sold and not taken back, where the order was paid by what is disputed.
    /// Returns what the platform bears of it.
    pub fn bear(
        &mut self,
        bearer: Bearer,
        who: UserId,
        left: Option<Money>,
    ) -> Result<Money, Refused> {
        if self.state != State::Lost {
            return Err(Refused::NotBearable("it is not lost"));
        }
        if self.bearer.is_some() {
            return Err(Refused::NotBearable("who bears it is decided"));
        }
        let of_sellers = match bearer {
            Bearer::Platform => Money::new(0, self.amount.currency()),
            Bearer::Sellers => left.ok_or(Refused::NotBearable("it did not pay the order"))?,
        };
        let rest = self.amount.sub(of_sellers).ok().filter(|rest| !rest.is_negative());
        let rest =
            rest.ok_or(Refused::NotBearable("it is about less than is left of the order"))?;
        self.bearer = Some(bearer);
        self.borne_by = Some(who);
        self.by_sellers = Some(of_sellers);
        Ok(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(minor: i64) -> Dispute {
        let seen = DisputeSighting {
            provider_dispute_id: "disp_1".into(),
            provider_payment_id: "pay_1".into(),
            amount: Money::inr(minor),
            seen: State::Lost,
        };
        let new = Dispute::of(PaymentId::new(), &seen, Timestamp::UNIX_EPOCH);
        Dispute { state: State::Lost, ..new }
    }

    #[test]
    fn sellers_bear_what_is_left_of_the_order_and_the_platform_the_rest() {
        let who = UserId::new();
        let left = Some(Money::inr(300));
        assert_eq!(lost(300).bear(Bearer::Sellers, who, left), Ok(Money::inr(0)));
        assert_eq!(lost(400).bear(Bearer::Sellers, who, left), Ok(Money::inr(100)));
        assert_eq!(lost(400).bear(Bearer::Platform, who, left), Ok(Money::inr(400)));
        assert!(lost(299).bear(Bearer::Sellers, who, left).is_err(), "they would bear too much");
        assert!(lost(300).bear(Bearer::Sellers, who, None).is_err());
        let mut decided = lost(300);
        assert!(decided.bear(Bearer::Platform, who, None).is_ok());
        assert!(decided.bear(Bearer::Platform, who, None).is_err());
        let mut open = Dispute { state: State::Open, ..lost(300) };
        assert!(open.bear(Bearer::Platform, who, None).is_err());
    }
}
