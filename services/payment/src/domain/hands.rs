//! Four eyes: who of staff had a hand in something, and when a second pair is needed.

use jiff::Timestamp;
use kernel::{PaymentId, RefundId, UserId};

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

    /// Whether a person has to pay it out.
    pub const fn is_by_a_person(&self) -> bool {
        matches!(self.status, RefundStatus::Stuck | RefundStatus::ByHand)
    }

    /// Whether it is of money that was taken at the door.
    pub const fn was_cash(&self) -> bool {
        self.provider_payment_id.is_none()
    }

    /// Whether its buyer says where it goes: cash came from nowhere that is known, and what the provider will not do cannot go
    /// back where it came from.
    pub fn is_to_account(&self) -> bool {
        self.was_cash() || self.status == RefundStatus::Stuck
    }

    /// Whether nobody can pay it before its buyer has said where to.
    pub fn needs_account(&self) -> bool {
        self.is_by_a_person() && self.is_to_account() && self.account.is_none()
    }

    /// Whether it was said before that it was paid out under this `reference`; only what a person has to pay can be. What was
    /// said under another one stands until it is declined.
    pub fn was_reported(&self, reference: &str) -> Result<bool, Refused> {
        let is = |known: &Option<String>| known.as_deref() == Some(reference);
        match self.status {
            RefundStatus::ByHand | RefundStatus::Stuck => match &self.hands.reported_reference {
                Some(known) if known != reference => Err(Refused::AnotherReport),
                known => Ok(known.is_some()),
            },
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

    /// `who` says that it was paid out under this `reference`. It goes where its buyer wants it or, for a reason that is written
    /// down, somewhere else.
    pub fn report(
        &mut self,
        who: UserId,
        reference: String,
        without_account: Option<String>,
    ) -> Result<(), Refused> {
        if self.needs_account() && without_account.is_none() {
            return Err(Refused::NoRefundAccount);
        }
        let paid_to = self.account.filter(|_| self.is_to_account() && without_account.is_none());
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
    use kernel::Money;

    use super::*;

    fn owed(provider_payment_id: Option<&str>, minor: i64) -> Refund {
        let owed = Owed {
            kind: Kind::Credit,
            credit_id: None,
            seller_order_id: None,
            provider_payment_id: provider_payment_id.map(str::to_owned),
            amount: Money::inr(minor),
        };
        Refund::of(PaymentId::new(), owed, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn cash_and_what_the_provider_will_not_give_back_need_an_account() {
        for (capture, minor, account) in
            [(Some("pay_1"), 100, false), (Some("pay_1"), 99, false), (None, 100, true)]
        {
            assert_eq!(owed(capture, minor).needs_account(), account, "{minor}");
        }
        let mut stuck = owed(Some("pay_1"), 100);
        stuck.give_up("refused");
        assert!(stuck.needs_account());
        stuck.account = Some(1);
        assert!(!stuck.needs_account());
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
