//! What one member of staff says, and another one decides: of each kind in one shape.

use jiff::Timestamp;
use kernel::{Id, UserId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::refused::Refused;

/// How far something has come that one member of staff says and another one decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ProposalStatus {
    /// One member of staff says so.
    Proposed,
    /// Another one says so, too, and it is in the books.
    Booked,
    /// It came to nothing.
    Declined,
}

/// What two decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum MatterKind {
    /// What a difference is that stays.
    Explanation,
    /// That a seller's debt is lost.
    WriteOff,
    /// That a tax was paid to the state.
    TaxDeposit,
    /// How much of the cash arrived.
    Remittance,
    /// Who bears a dispute that is lost.
    Bearing,
}

impl MatterKind {
    pub const ALL: [Self; 5] =
        [Self::Explanation, Self::WriteOff, Self::TaxDeposit, Self::Remittance, Self::Bearing];
}

/// Something that two members of staff decide.
pub trait Matter: Serialize + DeserializeOwned {
    /// Marks the ids of what is proposed of it.
    type Mark;
    const KIND: MatterKind;

    /// What it is about. Of one thing one waits at a time.
    fn subject(&self) -> String;
}

/// Who says it, and who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub status: ProposalStatus,
    pub proposed_by: UserId,
    pub proposed_at: Timestamp,
    /// Who agreed, or did not. Nobody where it came to nothing by itself.
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Timestamp>,
}

/// What one member of staff says of something.
pub struct Proposal<T: Matter> {
    pub id: Id<T::Mark>,
    pub matter: T,
    pub said: Said,
}

impl<T: Matter> Proposal<T> {
    /// `who` says it `now`.
    pub fn by(who: UserId, matter: T, now: Timestamp) -> Self {
        Self { id: Id::new(), matter, said: Said::by(who, now) }
    }

    /// Whether nobody has decided.
    pub fn waits(&self) -> bool {
        self.said.status == ProposalStatus::Proposed
    }

    /// Whether it waits or is in the books.
    pub fn stands(&self) -> bool {
        self.said.status != ProposalStatus::Declined
    }
}

impl Said {
    /// `who` says it `now`.
    pub const fn by(who: UserId, now: Timestamp) -> Self {
        let status = ProposalStatus::Proposed;
        Self { status, proposed_by: who, proposed_at: now, decided_by: None, decided_at: None }
    }

    /// `who` agrees at `now`: it is in the books. False when they did before; nobody agrees to what they said themselves.
    pub fn approve(&mut self, who: UserId, now: Timestamp) -> Result<bool, Refused> {
        if self.proposed_by == who {
            return Err(Refused::OwnApproval);
        }
        self.decide(ProposalStatus::Booked, who, now)
    }

    /// `who` does not agree, or takes back what they said. False when they did before.
    pub fn decline(&mut self, who: UserId, now: Timestamp) -> Result<bool, Refused> {
        self.decide(ProposalStatus::Declined, who, now)
    }

    fn decide(&mut self, to: ProposalStatus, who: UserId, now: Timestamp) -> Result<bool, Refused> {
        match self.status {
            ProposalStatus::Proposed => {
                (self.status, self.decided_by, self.decided_at) = (to, Some(who), Some(now));
                Ok(true)
            }
            ProposalStatus::Booked | ProposalStatus::Declined => {
                let said = self.status == to && self.decided_by == Some(who);
                if said { Ok(false) } else { Err(Refused::NothingToApprove) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_people_book_what_one_says_once() {
        let (teller, other) = (UserId::new(), UserId::new());
        let now = Timestamp::UNIX_EPOCH;
        let mut said = Said::by(teller, now);
        assert_eq!(said.approve(teller, now), Err(Refused::OwnApproval));
        assert_eq!((said.approve(other, now), said.approve(other, now)), (Ok(true), Ok(false)));
        assert_eq!(said.decline(teller, now), Err(Refused::NothingToApprove));
        assert_eq!(said.status, ProposalStatus::Booked);
        let mut taken_back = Said::by(teller, now);
        assert_eq!(taken_back.decline(teller, now), Ok(true));
        assert_eq!(taken_back.approve(other, now), Err(Refused::NothingToApprove));
    }
}
