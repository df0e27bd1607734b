//! Four eyes: who of staff had a hand in something, and when a second pair is needed.

use jiff::Timestamp;
use kernel::{Money, PaymentId, RefundId, UserId};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::refund::{Hands, Kind, Owed, Refund, RefundStatus};
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

/// What one member of staff says, and another one decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    pub status: ProposalStatus,
    pub proposed_by: UserId,
    pub proposed_at: Timestamp,
    /// Who agreed, or did not, and when.
    pub decided: Option<(UserId, Timestamp)>,
}

impl Proposal {
    /// `who` says it `now`.
    pub const fn by(who: UserId, now: Timestamp) -> Self {
        let status = ProposalStatus::Proposed;
        Self { status, proposed_by: who, proposed_at: now, decided: None }
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
                self.status = to;
                self.decided = Some((who, now));
                Ok(true)
            }
            ProposalStatus::Booked | ProposalStatus::Declined => {
                let said = self.status == to && self.decided.is_some_and(|(by, _)| by == who);
                if said { Ok(false) } else { Err(Refused::NothingToApprove) }
            }
        }
    }
}

/// What a second member of staff is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Whether it shall be given.
    Proposal,
    /// Whether it was paid out.
    Report,
    /// Whether nobody is asked any more what it was for.
    Dismissal,
}

impl Refund {
    /// The name of what `who` proposes to give under a `name` of their own: proposed twice it is one proposal.
    pub fn goodwill_id(payment: PaymentId, who: UserId, name: &str) -> RefundId {
        RefundId::derived_from(payment, "goodwill", &[&who.to_string(), name])
    }

    /// Money that `who` proposes to give of the platform's own.
    pub fn proposed(
        id: RefundId,
        payment: PaymentId,
        owed: Owed,
        who: UserId,
        words: String,
        now: Timestamp,
    ) -> Self {
        let hands = Hands { words: Some(words), proposed_by: Some(who), ..Hands::default() };
        Self {
            id,
            status: RefundStatus::Proposed,
            reason: None,
            hands,
            ..Self::of(payment, owed, now)
        }
    }

    /// What a second member of staff is asked about it, if anything.
    pub const fn question(&self) -> Option<Question> {
        if matches!(self.kind, Kind::Foreign) {
            let is_asked = self.hands.proposed_by.is_some() && self.hands.approved_by.is_none();
            return if is_asked { Some(Question::Dismissal) } else { None };
        }
        match self.status {
            RefundStatus::Proposed => Some(Question::Proposal),
            RefundStatus::Stuck | RefundStatus::ByHand if self.hands.reported_by.is_some() => {
                Some(Question::Report)
            }
            RefundStatus::Stuck
            | RefundStatus::ByHand
            | RefundStatus::Requested
            | RefundStatus::Accepted
            | RefundStatus::Done
            | RefundStatus::Declined => None,
        }
    }

    /// Whether a person has to pay it out.
    pub const fn is_by_a_person(&self) -> bool {
        matches!(self.status, RefundStatus::Stuck | RefundStatus::ByHand)
    }

    /// Whether it is of money that was taken at the door.
    pub const fn was_cash(&self) -> bool {
        self.provider_payment_id.is_none()
    }

    /// Whether nobody can pay it before its buyer has said where to.
    pub fn needs_account(&self) -> bool {
        self.status == RefundStatus::ByHand && self.was_cash() && self.account.is_none()
    }

    /// Whether it was said before that it was paid out under this `reference`; only what a person has to pay can be.
    pub fn was_reported(&self, reference: &str) -> Result<bool, Refused> {
        let is = |known: &Option<String>| known.as_deref() == Some(reference);
        match self.status {
            RefundStatus::ByHand | RefundStatus::Stuck => Ok(is(&self.hands.reported_reference)),
            RefundStatus::Done if self.provider_refund_id.is_none() && is(&self.bank_reference) => {
                Ok(true)
            }
            RefundStatus::Proposed
            | RefundStatus::Requested
            | RefundStatus::Accepted
            | RefundStatus::Done
            | RefundStatus::Declined => Err(Refused::NotByHand),
        }
    }

    /// `who` says that it was paid out under this `reference`. Cash goes where its buyer wants it or, for a reason that is
    /// written down, somewhere else.
    pub fn report(
        &mut self,
        who: UserId,
        reference: String,
        without_account: Option<String>,
    ) -> Result<(), Refused> {
        if self.needs_account() && without_account.is_none() {
            return Err(Refused::NoRefundAccount);
        }
        let paid_to = self.account.filter(|_| self.was_cash() && without_account.is_none());
        let hands = &mut self.hands;
        (hands.reported_by, hands.reported_reference) = (Some(who), Some(reference));
        (hands.paid_to, hands.without_account) = (paid_to, without_account);
        Ok(())
    }

    /// What was reported is not so.
    pub fn take_back_report(&mut self) {
        let hands = &mut self.hands;
        (hands.reported_by, hands.reported_reference) = (None, None);
        (hands.paid_to, hands.without_account) = (None, None);
    }

    /// Whether two have to say that it was paid out by hand: always where the provider has no part in it, and where it is
    /// more than `most`.
    pub fn needs_two(&self, most: Money) -> bool {
        self.status == RefundStatus::ByHand
            || self.kind == Kind::Goodwill
            || self.amount.currency() != most.currency()
            || self.amount.minor() > most.minor()
    }

    /// `who` answers what a second member of staff is asked. Nobody answers their own question.
    pub fn answered_by(&self, question: Question, who: UserId) -> Result<(), Refused> {
        let asked_by = match question {
            Question::Proposal | Question::Dismissal => self.hands.proposed_by,
            Question::Report => self.hands.reported_by,
        };
        if asked_by == Some(who) { Err(Refused::OwnApproval) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owed(provider_payment_id: Option<String>, minor: i64) -> Refund {
        let amount = Money::inr(minor);
        let owed = Owed {
            kind: Kind::Credit,
            credit_id: None,
            seller_order_id: None,
            provider_payment_id,
            amount,
        };
        Refund::of(PaymentId::new(), owed, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn two_people_book_what_one_says_once() {
        let (teller, other) = (UserId::new(), UserId::new());
        let now = Timestamp::UNIX_EPOCH;
        let mut said = Proposal::by(teller, now);
        assert_eq!(said.approve(teller, now), Err(Refused::OwnApproval));
        assert_eq!((said.approve(other, now), said.approve(other, now)), (Ok(true), Ok(false)));
        assert_eq!(said.decline(teller, now), Err(Refused::NothingToApprove));
        assert_eq!(said.status, ProposalStatus::Booked);
        let mut taken_back = Proposal::by(teller, now);
        assert_eq!(taken_back.decline(teller, now), Ok(true));
        assert_eq!(taken_back.approve(other, now), Err(Refused::NothingToApprove));
    }

    #[test]
    fn two_see_to_what_is_large_or_never_was_at_the_provider() {
        let most = Money::inr(1_000_000);
        for (capture, minor, two) in [
            (Some("pay_1".to_owned()), 1_000_000, false),
            (Some("pay_1".to_owned()), 1_000_001, true),
            (Some("pay_1".to_owned()), 99, true),
            (None, 100, true),
        ] {
            assert_eq!(owed(capture, minor).needs_two(most), two, "{minor}");
        }
    }

    #[test]
    fn nobody_answers_their_own_question() {
        let (one, other) = (UserId::new(), UserId::new());
        let mut refund = owed(None, 100);
        assert_eq!(refund.question(), None);
        refund.hands.reported_by = Some(one);
        assert_eq!(refund.question(), Some(Question::Report));
        assert_eq!(refund.answered_by(Question::Report, one), Err(Refused::OwnApproval));
        assert_eq!(refund.answered_by(Question::Report, other), Ok(()));
    }
}
