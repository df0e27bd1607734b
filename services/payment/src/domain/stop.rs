//! A payout that was let go, and shall not go after all.

use jiff::{SignedDuration, Timestamp};
use kernel::UserId;

use super::payout::{Payout, PayoutStatus};

/// What the provider was asked for so long ago, and does not know, it never will.
const FORGOTTEN: SignedDuration = SignedDuration::from_mins(10);

impl Payout {
    /// It is held as soon as it is known that the provider does not have it, for this `reason`; `who` of staff says so,
    /// unless it follows from something else.
    pub fn stop(&mut self, reason: &str, who: Option<UserId>) {
        self.reason = Some(reason.to_owned());
        self.stopped_by = who;
    }

    /// Whether it is to be held, unless the provider has it.
    pub fn is_stopped(&self) -> bool {
        self.status == PayoutStatus::Requested && self.reason.is_some()
    }

    /// Whether the provider would know it by `now`, if it ever was to.
    pub fn would_be_known(&self, now: Timestamp) -> bool {
        self.asked_at.is_none_or(|asked| now.duration_since(asked) >= FORGOTTEN)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use kernel::{Money, VendorId};

    use super::*;
    use crate::domain::Refused;

    #[test]
    fn what_the_provider_may_have_is_stopped_once_and_known_after_a_while() {
        let (asked, day) = (Timestamp::UNIX_EPOCH, Date::constant(2026, 11, 30));
        let mut payout = Payout::of(VendorId::new(), day, Money::inr(1), asked);
        assert!(payout.would_be_known(asked), "it was never asked");
        payout.asked_at = Some(asked);
        let after = |minutes| asked + SignedDuration::from_mins(minutes);
        assert_eq!(
            (payout.would_be_known(after(9)), payout.would_be_known(after(10))),
            (false, true)
        );

        assert_eq!((payout.may_be_held(), payout.is_let_go()), (Ok(true), true));
        payout.stop("seller_not_approved", None);
        assert_eq!((payout.may_be_held(), payout.is_let_go()), (Ok(false), false), "once");
        payout.accept("pout_1", asked);
        assert_eq!((payout.may_be_held(), payout.reason), (Err(Refused::NothingToApprove), None));
    }
}
