//! Money on its way to a seller, and how it moves on when something is seen of it at the provider.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::{Money, MoneyError, PayoutId, UserId, VendorId};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use super::refused::Refused;

/// When to ask what became of an accepted payout, counted from its acceptance. A bank takes up to a working day.
const LOOKS: [SignedDuration; 4] = [
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(24),
    SignedDuration::from_hours(3 * 24),
];

/// How far a payout has come. `waiting`: booked, a second member of staff has to look at it. `requested`: booked, the
/// provider is being asked. `accepted`: the provider has it. `paid`: it is with the seller's bank. `failed`: it never
/// arrived. `returned`: the bank sent it back. `held`: it was not let go. After these three the seller is owed it again,
/// and the next run pays it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum PayoutStatus {
    /// Booked; a second member of staff has to look at it.
    Waiting,
    /// Booked; the provider is being asked.
    Requested,
    /// The provider has accepted it.
    Accepted,
    /// The seller's bank has it.
    Paid,
    /// It never arrived.
    Failed,
    /// The seller's bank sent it back.
    Returned,
    /// It was not let go.
    Held,
}

/// A payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    pub id: PayoutId,
    /// The day of the run that made it.
    pub run_on: Date,
    pub vendor_id: VendorId,
    pub amount: Money,
    /// How far it has come.
    pub status: PayoutStatus,
    /// The provider's name for it.
    pub provider_payout_id: Option<String>,
    /// The bank's number for the transfer.
    pub bank_reference: Option<String>,
    /// Why it came to nothing, or shall.
    pub reason: Option<String>,
    pub requested_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
    /// When it came to nothing.
    pub back_at: Option<Timestamp>,
    /// Who of staff began its run, if nobody waited for the day.
    pub begun_by: Option<UserId>,
    /// Who of staff let it go, or held it.
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Timestamp>,
    /// When the provider was asked last: from then on it may have it.
    pub asked_at: Option<Timestamp>,
    /// Who of staff said that it shall be held, while the provider might have it.
    pub stopped_by: Option<UserId>,
    /// Rises with every change.
    pub version: i64,
}

impl Payout {
    /// The payout of a run to a seller. Made twice, because the database was restored, it has the name it had: the
    /// provider knows whether it was paid.
    pub fn of(vendor_id: VendorId, run_on: Date, amount: Money, now: Timestamp) -> Self {
        Self {
            id: PayoutId::derived_from(vendor_id, "payout", &[&run_on.to_string()]),
            run_on,
            vendor_id,
            amount,
            status: PayoutStatus::Requested,
            provider_payout_id: None,
            bank_reference: None,
            reason: None,
            requested_at: now,
            accepted_at: None,
            paid_at: None,
            back_at: None,
            begun_by: None,
            decided_by: None,
            decided_at: None,
            asked_at: None,
            stopped_by: None,
            version: 1,
        }
    }

    /// `who` lets it go. True when that is new; nobody lets go what they began.
    pub fn approve(&mut self, who: UserId, now: Timestamp) -> Result<bool, Refused> {
        if self.status != PayoutStatus::Waiting {
            let theirs = self.decided_by == Some(who) && self.status != PayoutStatus::Held;
            return if theirs { Ok(false) } else { Err(Refused::NothingToApprove) };
        }
        if self.begun_by == Some(who) {
            return Err(Refused::OwnApproval);
        }
        self.status = PayoutStatus::Requested;
        self.decided_by = Some(who);
        self.decided_at = Some(now);
        Ok(true)
    }

    /// Whether it may be paid, as far as staff are concerned.
    pub fn is_let_go(&self) -> bool {
        !matches!(self.status, PayoutStatus::Waiting | PayoutStatus::Held) && !self.is_stopped()
    }

    /// Whether it can be held, or is already. Who began it may hold it, too; nobody can once the provider has it.
    pub fn may_be_held(&self) -> Result<bool, Refused> {
        match self.status {
            PayoutStatus::Waiting | PayoutStatus::Requested => Ok(!self.is_stopped()),
            PayoutStatus::Held => Ok(false),
            PayoutStatus::Accepted
            | PayoutStatus::Paid
            | PayoutStatus::Failed
            | PayoutStatus::Returned => Err(Refused::NothingToApprove),
        }
    }

    /// Its name at the provider: asking twice by it is asking once.
    pub fn key(&self) -> String {
        self.id.as_uuid().simple().to_string()
    }

    /// The provider has it, under this name.
    pub fn accept(&mut self, provider_payout_id: &str, now: Timestamp) {
        self.status = PayoutStatus::Accepted;
        self.provider_payout_id = Some(provider_payout_id.to_owned());
        self.accepted_at = Some(now);
        // It was too late to hold it.
        self.reason = None;
    }

    /// It is with the seller's bank.
    pub fn pay(&mut self, bank_reference: Option<String>, now: Timestamp) {
        self.status = PayoutStatus::Paid;
        self.bank_reference = bank_reference;
        self.paid_at = Some(now);
    }

    /// It came to nothing: `failed`, or `returned` by the seller's bank.
    pub fn come_back(&mut self, status: PayoutStatus, reason: &str, now: Timestamp) {
        self.status = status;
        self.reason = Some(reason.to_owned());
        self.back_at = Some(now);
    }

    /// When to ask the `nth` time, counted from 0, what became of it; never after the last time.
    pub fn look_at(&self, nth: usize) -> Option<Timestamp> {
        self.accepted_at?.checked_add(*LOOKS.get(nth)?).ok()
    }
}

/// The payout that a name at the provider stands for.
pub fn read_key(key: &str) -> Option<PayoutId> {
    Uuid::try_parse(key).ok().filter(|_| key.len() == 32).map(PayoutId::from_uuid)
}

/// By which rules sellers are paid.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Less than this waits for more.
    pub least: Money,
    /// The part of what was released lately that is kept back, in basis points.
    pub reserve_bp: u32,
    /// More than this waits for a second member of staff.
    pub alone_up_to: Money,
}

impl Terms {
    /// What is paid to a seller who has `available`, of which `released` came free lately. Nothing, if it is too little.
    pub fn due(&self, available: Money, released: Money) -> Result<Option<Money>, MoneyError> {
        let due = available.sub(released.share_bp(self.reserve_bp))?;
        Ok((due.minor() > 0 && due.minor() >= self.least.minor()).then_some(due))
    }

    /// How a payout of this much begins.
    pub const fn first_status(&self, amount: Money) -> PayoutStatus {
        if amount.minor() > self.alone_up_to.minor() {
            PayoutStatus::Waiting
        } else {
            PayoutStatus::Requested
        }
    }
}

/// A payout as the provider knows it, told by a webhook or shown by an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutSighting {
    /// The provider's name for it.
    pub provider_payout_id: String,
    pub amount: Money,
    /// Our name for it, if it is ours.
    pub key: Option<String>,
    /// How far it has come.
    pub seen: PayoutSeen,
    /// The bank's number for the transfer.
    pub bank_reference: Option<String>,
    /// Why it came to nothing, in the provider's word.
    pub reason: Option<String>,
}

/// How far a payout has come at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayoutSeen {
    /// It is accepted, and on its way.
    Underway,
    /// It is with the seller's bank.
    Paid,
    /// It came to nothing before it arrived.
    Failed,
    /// It was sent back.
    Returned,
}

/// What follows for a payout from a sighting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing: it was known.
    Nothing,
    /// The provider has it.
    Accepted,
    /// It is with the seller's bank.
    Paid,
    /// It came to nothing, as this.
    Back(PayoutStatus),
    /// It cannot be: a person has to look.
    Odd,
}

/// Judges a sighting of a payout that stands at `status`.
pub const fn judge(status: PayoutStatus, seen: PayoutSeen) -> Turn {
    match (status, seen) {
        (PayoutStatus::Requested, PayoutSeen::Underway) => Turn::Accepted,
        (PayoutStatus::Requested | PayoutStatus::Accepted, PayoutSeen::Paid) => Turn::Paid,
        (PayoutStatus::Requested | PayoutStatus::Accepted, PayoutSeen::Failed) => {
            Turn::Back(PayoutStatus::Failed)
        }
        (
            PayoutStatus::Requested | PayoutStatus::Accepted | PayoutStatus::Paid,
            PayoutSeen::Returned,
        )
        | (PayoutStatus::Paid, PayoutSeen::Failed) => Turn::Back(PayoutStatus::Returned),
        // What was sent back was paid first, and an answer may be slower than a webhook.
        (PayoutStatus::Accepted, PayoutSeen::Underway)
        | (PayoutStatus::Returned, PayoutSeen::Paid)
        | (PayoutStatus::Paid, PayoutSeen::Underway | PayoutSeen::Paid)
        | (
            PayoutStatus::Failed | PayoutStatus::Returned,
            PayoutSeen::Underway | PayoutSeen::Failed | PayoutSeen::Returned,
        )
        | (
            PayoutStatus::Waiting | PayoutStatus::Held,
            PayoutSeen::Failed | PayoutSeen::Returned,
        ) => Turn::Nothing,
        (PayoutStatus::Failed, PayoutSeen::Paid)
        // Nobody let it go.
        | (PayoutStatus::Waiting | PayoutStatus::Held, PayoutSeen::Underway | PayoutSeen::Paid) => {
            Turn::Odd
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seller_gets_what_is_available_but_for_the_reserve_from_the_least_on() {
        let due = |least, reserve_bp, available, released| {
            let alone_up_to = Money::inr(100_000_000);
            let terms = Terms { least: Money::inr(least), reserve_bp, alone_up_to };
            terms.due(Money::inr(available), Money::inr(released)).unwrap().map(Money::minor)
        };
        assert_eq!(due(10_000, 0, 131_274, 131_274), Some(131_274));
        assert_eq!(due(10_000, 0, 9_999, 9_999), None);
        assert_eq!(due(10_000, 0, 10_000, 0), Some(10_000));
        assert_eq!(due(0, 0, 0, 0), None);
        assert_eq!(due(0, 0, -227_823, 0), None, "who owes us gets nothing");
        // A tenth of what came free lately stays.
        assert_eq!(due(10_000, 1_000, 131_274, 31_271), Some(131_274 - 3_127));
        assert_eq!(due(10_000, 10_000, 131_274, 131_274), None);
    }

    #[test]
    fn a_payout_goes_forward_only() {
        use PayoutStatus::{Accepted, Failed, Held, Paid, Requested, Returned, Waiting};
        for (status, seen, turn) in [
            (Requested, PayoutSeen::Underway, Turn::Accepted),
            (Requested, PayoutSeen::Paid, Turn::Paid),
            (Paid, PayoutSeen::Underway, Turn::Nothing),
            (Paid, PayoutSeen::Returned, Turn::Back(Returned)),
            (Accepted, PayoutSeen::Failed, Turn::Back(Failed)),
            (Failed, PayoutSeen::Failed, Turn::Nothing),
            (Returned, PayoutSeen::Paid, Turn::Nothing),
            (Failed, PayoutSeen::Paid, Turn::Odd),
            (Waiting, PayoutSeen::Paid, Turn::Odd),
            (Held, PayoutSeen::Returned, Turn::Nothing),
        ] {
            assert_eq!(judge(status, seen), turn, "{status:?} {seen:?}");
        }
    }

    #[test]
    fn its_name_at_the_provider_can_be_read_back() {
        let payout = Payout::of(
            VendorId::new(),
            Date::constant(2026, 11, 30),
            Money::inr(1),
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(read_key(&payout.key()), Some(payout.id));
        assert_eq!(read_key(&payout.id.to_string()), None);
    }
}
