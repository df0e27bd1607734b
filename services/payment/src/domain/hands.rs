//! Four eyes: who of staff had a hand in a refund, and when a second pair is needed.

use jiff::Timestamp;
use kernel::{Money, PaymentId, RefundId, UserId};

use super::refund::{Hands, Kind, Owed, Refund, RefundStatus};
use super::refused::Refused;

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
