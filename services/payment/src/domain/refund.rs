//! Money on its way back to a buyer, and how it moves on when something is seen of it at the provider.

use contracts::payment::RefundKind;
use jiff::{SignedDuration, Timestamp};
use kernel::{CreditId, DisputeId, Money, MoneyError, PaymentId, RefundId, SellerOrderId, UserId};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

/// The provider gives back this much at least, in the smallest unit.
const LEAST: i64 = 100;

/// So often it may fail at the provider before a person has to look.
const MOST_FAILURES: i32 = 3;

/// Pauses before the attempts that follow a failure.
const PAUSES: [SignedDuration; 2] = [SignedDuration::from_secs(30), SignedDuration::from_hours(1)];

/// When to ask what became of an accepted refund, counted from its acceptance. A bank takes up to seven working days.
const LOOKS: [SignedDuration; 5] = [
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(24),
    SignedDuration::from_hours(3 * 24),
    SignedDuration::from_hours(7 * 24),
    SignedDuration::from_hours(10 * 24),
];

/// Why money goes back. `credit`: something that was sold is taken back. `late`: it came after the end. `second`: the
/// order was paid already. `mismatch`: it was not what was asked for. `excess`: it was more than that. `goodwill`: the
/// platform gives it of its own. `foreign`: somebody gave it back on the provider's own pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RefundKind)]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Kind {
    /// Something that was sold is taken back.
    Credit,
    /// It came after the order had ended.
    Late,
    /// The order was paid already.
    Second,
    /// It was not what was asked for.
    Mismatch,
    /// It was more than was asked for; this is the rest.
    Excess,
    /// The platform gives it of its own.
    Goodwill,
    /// Somebody gave it back on the provider's own pages.
    Foreign,
}

impl From<Kind> for RefundKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Credit => Self::Credit,
            Kind::Late => Self::Late,
            Kind::Second => Self::Second,
            Kind::Mismatch => Self::Mismatch,
            Kind::Excess => Self::Excess,
            Kind::Goodwill => Self::Goodwill,
            Kind::Foreign => Self::Foreign,
        }
    }
}

/// How far a refund has come. `proposed`: a second member of staff has to agree. `requested`: owed, the provider is being
/// asked. `accepted`: the provider has it. `done`: it is with the buyer's bank. `stuck`: the provider will not do it.
/// `by_hand`: the provider has no part in it. `declined`: it came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum RefundStatus {
    /// Not owed yet: a second member of staff has to agree.
    Proposed,
    /// Owed; the provider is being asked.
    Requested,
    /// The provider has accepted it.
    Accepted,
    /// The buyer's bank has it.
    Done,
    /// The provider will not do it: a person has to.
    Stuck,
    /// The provider has no part in it: a person has to.
    ByHand,
    /// It came to nothing: staff did not agree, or somebody else's did not succeed.
    Declined,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    pub id: RefundId,
    pub payment_id: PaymentId,
    pub kind: Kind,
    /// The credit that it pays out.
    pub credit_id: Option<CreditId>,
    pub seller_order_id: Option<SellerOrderId>,
    /// The capture that it pays back; none for cash.
    pub provider_payment_id: Option<String>,
    pub amount: Money,
    /// How far it has come.
    pub status: RefundStatus,
    /// Which attempt at the provider is the present one, counted from 1.
    pub attempt: i32,
    /// How many attempts failed there.
    pub failures: i32,
    /// The provider's name for the present attempt.
    pub provider_refund_id: Option<String>,
    /// The bank's number for the transfer.
    pub bank_reference: Option<String>,
    /// Why it did not succeed so far.
    pub reason: Option<String>,
    /// The dispute by which the buyer has the money.
    pub dispute_id: Option<DisputeId>,
    pub requested_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
    /// When the provider is asked next what became of it.
    pub next_look_at: Option<Timestamp>,
    /// Which account the buyer wants it on, if one is known.
    pub account: Option<i32>,
    /// Its buyer asked to be forgotten: nobody can be asked where it goes.
    pub is_forgotten: bool,
    /// Who of staff had a hand in it.
    pub hands: Hands,
    /// Rises with every change.
    pub version: i64,
}

/// Who of staff had a hand in a refund. Nobody, in one that goes by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hands {
    /// Why, in the words of whoever proposed it.
    pub words: Option<String>,
    pub proposed_by: Option<UserId>,
    /// Who agreed to it, or did not.
    pub approved_by: Option<UserId>,
    /// Who says that it was paid out by hand.
    pub reported_by: Option<UserId>,
    /// Under which number at the bank.
    pub reported_reference: Option<String>,
    /// To which of the buyer's accounts.
    pub paid_to: Option<i32>,
    /// Why to none of them.
    pub without_account: Option<String>,
    /// Who says so, too.
    pub confirmed_by: Option<UserId>,
}

/// What is owed, before it is a refund.
#[derive(Debug, Clone)]
pub struct Owed {
    pub kind: Kind,
    pub credit_id: Option<CreditId>,
    pub seller_order_id: Option<SellerOrderId>,
    pub provider_payment_id: Option<String>,
    pub amount: Money,
}

impl Owed {
    /// What is given back: a credit, or a capture that belongs to no order.
    fn of_what(&self) -> String {
        let credit = self.credit_id.map(|credit| credit.to_string());
        credit.or_else(|| self.provider_payment_id.clone()).unwrap_or_default()
    }
}

/// Why a person has to give it back.
pub const TOO_SMALL: &str = "too-small";
/// Why a person has to give it back.
pub const WAS_CASH: &str = "was-cash";
/// Why it waits, or a person has to give it back: the buyer's bank asks for the same money, or took it.
pub const DISPUTED: &str = "disputed";
/// Why a part of it, or a person, has to: the provider has too little left of the capture.
pub const TOO_LITTLE: &str = "too-little-left";

impl Refund {
    /// The refund of what is owed to the buyer of `payment_id` since `now`. What is owed twice, because the database was
    /// restored, has the name it had: the provider knows whether it was paid.
    pub fn of(payment_id: PaymentId, owed: Owed, now: Timestamp) -> Self {
        let mut refund = Self {
            id: RefundId::derived_from(payment_id, "refund", &[&owed.of_what()]),
            payment_id,
            kind: owed.kind,
            credit_id: owed.credit_id,
            seller_order_id: owed.seller_order_id,
            provider_payment_id: owed.provider_payment_id,
            amount: owed.amount,
            status: RefundStatus::Requested,
            attempt: 1,
            failures: 0,
            provider_refund_id: None,
            bank_reference: None,
            reason: None,
            dispute_id: None,
            requested_at: now,
            accepted_at: None,
            done_at: None,
            next_look_at: None,
            account: None,
            is_forgotten: false,
            hands: Hands::default(),
            version: 1,
        };
        refund.begin();
        refund
    }

    /// It is owed: the provider is asked, or a person where the provider has no part in it.
    pub fn begin(&mut self) {
        let by_hand = if self.provider_payment_id.is_none() {
            Some(WAS_CASH)
        } else if self.amount.minor() < LEAST {
            Some(TOO_SMALL)
        } else {
            None
        };
        self.status = by_hand.map_or(RefundStatus::Requested, |_| RefundStatus::ByHand);
        self.reason = by_hand.map(str::to_owned);
    }

    /// What somebody gave back of a capture on the provider's own pages, seen `now`.
    pub fn foreign(payment_id: PaymentId, seen: &RefundSighting, now: Timestamp) -> Self {
        let owed = Owed {
            kind: Kind::Foreign,
            credit_id: None,
            seller_order_id: None,
            provider_payment_id: Some(seen.provider_payment_id.clone()),
            amount: seen.amount,
        };
        let id = RefundId::derived_from(payment_id, "foreign", &[&seen.provider_refund_id]);
        // The provider knows of it already, however small it is.
        let status = RefundStatus::Requested;
        Self { id, status, reason: None, ..Self::of(payment_id, owed, now) }
    }

    /// The name of the present attempt at the provider: asking twice by it is asking once.
    pub fn key(&self) -> String {
        format!("{}-{}", self.id.as_uuid().simple(), self.attempt)
    }

    /// The provider has accepted it, under this name.
    pub fn accept(&mut self, provider_refund_id: &str, now: Timestamp) {
        self.status = RefundStatus::Accepted;
        self.provider_refund_id = Some(provider_refund_id.to_owned());
        self.accepted_at = Some(now);
        self.next_look_at = self.look_at(0);
        self.reason = None;
    }

    /// It is with the buyer's bank.
    pub fn finish(&mut self, bank_reference: Option<String>, now: Timestamp) {
        self.status = RefundStatus::Done;
        self.bank_reference = bank_reference;
        self.done_at = Some(now);
        self.next_look_at = None;
        self.reason = None;
    }

    /// The present attempt failed. Returns after which pause the next one begins, unless a person has to look.
    pub fn fail(&mut self, reason: &str) -> Option<SignedDuration> {
        let pause = usize::try_from(self.failures).ok().and_then(|nth| PAUSES.get(nth)).copied();
        self.failures = self.failures.saturating_add(1);
        let pause = pause.filter(|_| self.failures < MOST_FAILURES);
        self.start_over(reason);
        if pause.is_none() {
            self.status = RefundStatus::Stuck;
        }
        pause
    }

    /// The provider said no for now, for sure: the next attempt has a name of its own.
    pub fn start_over(&mut self, reason: &str) {
        self.status = RefundStatus::Requested;
        self.attempt = self.attempt.saturating_add(1);
        self.provider_refund_id = None;
        self.accepted_at = None;
        self.next_look_at = None;
        self.reason = Some(reason.to_owned());
    }

    /// The buyer's bank asks for the same money: it waits until that is decided.
    pub fn hold(&mut self) {
        self.reason = Some(DISPUTED.to_owned());
    }

    /// The buyer has the money by a dispute.
    pub fn pay_by_dispute(&mut self, dispute: DisputeId) {
        self.dispute_id = Some(dispute);
    }

    /// Only `part` of it can be paid in one way. Returns the rest, which is a refund of its own.
    pub fn split(&mut self, part: Money) -> Result<Self, MoneyError> {
        let amount = self.amount.sub(part)?;
        let nth = self.attempt.to_string();
        let mut rest = Self {
            id: RefundId::derived_from(self.payment_id, "rest", &[&self.id.to_string(), &nth]),
            amount,
            attempt: 1,
            failures: 0,
            hands: Hands::default(),
            version: 1,
            ..self.clone()
        };
        rest.begin();
        self.amount = part;
        Ok(rest)
    }

    /// Whether the provider gives back as little as `minor`.
    pub const fn is_enough(minor: i64) -> bool {
        minor >= LEAST
    }

    /// The provider will never do it.
    pub fn give_up(&mut self, reason: &str) {
        self.status = RefundStatus::Stuck;
        self.reason = Some(reason.to_owned());
    }

    /// When to ask the `nth` time, counted from 0, what became of it; never after the last time.
    pub fn look_at(&self, nth: usize) -> Option<Timestamp> {
        self.accepted_at?.checked_add(*LOOKS.get(nth)?).ok()
    }
}

/// The refund, and the how many-th attempt at it, that a name at the provider stands for.
pub fn read_key(key: &str) -> Option<(RefundId, i32)> {
    let (id, attempt) = key.rsplit_once('-')?;
    let id = Uuid::try_parse(id).ok().filter(|_| id.len() == 32)?;
    Some((RefundId::from_uuid(id), attempt.parse().ok().filter(|n| *n > 0)?))
}

/// A refund as the provider knows it, told by a webhook or shown by an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundSighting {
    /// The provider's name for it.
    pub provider_refund_id: String,
    /// The capture that it pays back.
    pub provider_payment_id: String,
    pub amount: Money,
    /// Our name for it, if it is ours.
    pub key: Option<String>,
    /// How far it has come.
    pub seen: RefundSeen,
    /// The bank's number for the transfer.
    pub bank_reference: Option<String>,
}

/// How far a refund has come at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundSeen {
    /// It is accepted, and on its way.
    Pending,
    /// It is with the buyer's bank.
    Processed,
    /// It came to nothing, and the money is with the provider again.
    Failed,
}

/// What follows for a refund from a sighting of its present attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing: it was known.
    Nothing,
    /// The provider has it.
    Accepted,
    /// It is done; the money has to be booked `out` where its acceptance was never seen.
    Done { out: bool },
    /// It failed; the money has to be booked `back` where it was booked out.
    Failed { back: bool },
    /// It cannot be: a person has to look.
    Odd,
}

/// Judges a sighting of the present attempt at a refund that stands at `status`.
pub const fn judge(status: RefundStatus, seen: RefundSeen) -> Turn {
    match (status, seen) {
        (RefundStatus::Requested | RefundStatus::Stuck, RefundSeen::Pending) => Turn::Accepted,
        (RefundStatus::Requested | RefundStatus::Stuck, RefundSeen::Processed) => {
            Turn::Done { out: true }
        }
        (RefundStatus::Requested, RefundSeen::Failed) => Turn::Failed { back: false },
        (RefundStatus::Accepted, RefundSeen::Processed) => Turn::Done { out: false },
        (RefundStatus::Accepted, RefundSeen::Failed) => Turn::Failed { back: true },
        (RefundStatus::Accepted, RefundSeen::Pending)
        | (RefundStatus::Stuck, RefundSeen::Failed)
        | (RefundStatus::Done, RefundSeen::Pending | RefundSeen::Processed) => Turn::Nothing,
        (RefundStatus::Done, RefundSeen::Failed)
        | (RefundStatus::ByHand | RefundStatus::Proposed | RefundStatus::Declined, _) => Turn::Odd,
    }
}

#[cfg(test)]
mod tests;
