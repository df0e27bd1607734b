//! Money that a buyer's bank asks back: it is held until it is decided who has it, and who bears what is lost.

use contracts::payment::{DisputeBearer, DisputeState};
use jiff::Timestamp;
use kernel::{DisputeId, Money, PaymentId, UserId};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::proposal::{Matter, MatterKind};
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

/// Who shall bear a dispute, where two have to say so.
#[derive(Debug, Serialize, Deserialize)]
pub struct Bearing {
    pub dispute_id: DisputeId,
    pub bearer: Bearer,
    /// In staff's words.
    pub reason: String,
}

/// Marks the ids of bearings.
pub enum BearingMark {}

impl Matter for Bearing {
    type Mark = BearingMark;
    const KIND: MatterKind = MatterKind::Bearing;

    fn subject(&self) -> String {
        self.dispute_id.to_string()
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
    /// Until when the bank takes an answer.
    pub respond_by: Option<Timestamp>,
    /// Why it asks, in the provider's word.
    pub reason_code: Option<String>,
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
    /// How much of it paid refunds: what was taken back already the buyer has by it.
    pub covered: Money,
    /// Why the bank asks, in the provider's word.
    pub reason_code: Option<String>,
    /// Until when the bank takes an answer.
    pub respond_by: Option<Timestamp>,
    pub opened_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    /// Since when somebody bears it.
    pub borne_at: Option<Timestamp>,
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
            covered: Money::zero(seen.amount.currency()),
            reason_code: seen.reason_code.clone(),
            respond_by: seen.respond_by,
            opened_at: now,
            decided_at: None,
            borne_at: None,
        }
    }

    /// The bank has decided, as was seen; what is told late of why and until when counts, too.
    pub fn decide(&mut self, seen: &DisputeSighting, now: Timestamp) {
        self.state = seen.seen;
        self.decided_at = Some(now);
        self.respond_by = seen.respond_by.or(self.respond_by);
        self.reason_code = seen.reason_code.clone().or_else(|| self.reason_code.take());
    }

    /// Whether nothing was made of it yet: nobody bears it, and it paid no refund.
    pub const fn is_nobodys(&self) -> bool {
        self.bearer.is_none() && self.covered.is_zero()
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
        let rest = self.amount.sub(self.covered).and_then(|rest| rest.sub(of_sellers));
        let rest = rest.ok().filter(|rest| !rest.is_negative());
        let rest =
            rest.ok_or(Refused::NotBearable("it is about less than is left of the order"))?;
        self.bearer = Some(bearer);
        self.borne_by = Some(who);
        self.by_sellers = Some(of_sellers);
        Ok(rest)
    }
}

/// Where the money of a lost dispute stands that pays a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaysFrom {
    /// It is held.
    Hold,
    /// The platform bore it.
    Loss,
}

impl Dispute {
    /// What of it nobody but the platform bears, or nobody yet.
    fn free(&self) -> i64 {
        self.amount.minor() - self.covered.minor() - self.by_sellers.map_or(0, Money::minor)
    }

    /// The most of a refund that `cover` pays at once.
    pub fn most(&self, awaited: Money) -> Money {
        let of_sellers = self.by_sellers.map_or(0, Money::minor).min(awaited.minor());
        let most = if self.state == State::Lost { self.free().max(of_sellers) } else { 0 };
        Money::new(most.max(0), self.amount.currency())
    }

    /// All of the order was taken back, and `awaited` of what the sellers should bear was not among it: the platform bears
    /// that. Returns how much of it is of this dispute.
    pub fn leave(&mut self, awaited: Money) -> Money {
        let of_sellers = self.by_sellers.map_or(0, Money::minor);
        let rest = of_sellers.min(awaited.minor()).max(0);
        self.by_sellers = self.by_sellers.map(|all| Money::new(all.minor() - rest, all.currency()));
        Money::new(rest, self.amount.currency())
    }

    /// Pays a refund over `amount` with what was lost, if there is as much of it. `awaited` is what sellers bear of all
    /// disputes of the payment and what was not taken back from them so far.
    pub fn cover(&mut self, amount: Money, awaited: Money) -> Option<PaysFrom> {
        if self.state != State::Lost || amount.currency() != self.amount.currency() {
            return None;
        }
        let of_sellers = self.by_sellers.map_or(0, Money::minor);
        let free = self.free();
        // What was taken back from a seller for another reason is not taken back once more.
        let from = if self.bearer.is_none() && amount.minor() <= free {
            PaysFrom::Hold
        } else if amount.minor() <= of_sellers.min(awaited.minor()) {
            self.by_sellers = Some(Money::new(of_sellers - amount.minor(), amount.currency()));
            PaysFrom::Hold
        } else if self.bearer.is_some() && amount.minor() <= free {
            PaysFrom::Loss
        } else {
            return None;
        };
        self.covered = self.covered.add(amount).ok()?;
        Some(from)
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
            respond_by: None,
            reason_code: None,
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

    #[test]
    fn what_was_lost_pays_refunds_once() {
        let (who, some) = (UserId::new(), |minor| Money::inr(minor));
        let mut held = lost(300);
        assert_eq!(held.cover(some(100), some(0)), Some(PaysFrom::Hold));
        assert_eq!(held.cover(some(201), some(0)), None, "so much is not left");
        assert_eq!(held.bear(Bearer::Sellers, who, Some(some(150))), Ok(some(50)));
        // Some of what the sellers bear is taken back for another reason, before it could be for this one.
        assert_eq!(held.cover(some(60), some(150)), Some(PaysFrom::Hold));
        assert_eq!((held.by_sellers, held.covered), (Some(some(90)), some(160)));
        assert_eq!((held.most(some(0)), held.most(some(150))), (some(50), some(90)));
        assert_eq!(held.cover(some(50), some(0)), Some(PaysFrom::Loss));
        assert_eq!(held.cover(some(1), some(0)), None);
        // What never is taken back from the sellers the platform bears, once.
        assert_eq!((held.leave(some(30)), held.by_sellers), (some(30), Some(some(60))));
        assert_eq!(held.cover(some(30), some(0)), Some(PaysFrom::Loss));
    }
}
