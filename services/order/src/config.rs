//! What only order-service needs to be told.

use jiff::SignedDuration;
use kernel::{Money, StateCode};
use serde::Deserialize;

use crate::domain::seller_order::{Step, Wait};

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Seconds that a buyer has to pay, from when stock is held: 15 minutes, as long as cart-service counts checkouts.
    /// Then the payment is asked to end; money that came first confirms the order after all.
    #[serde(default = "fifteen_minutes")]
    pub payment_window_s: u32,
    /// Seconds for which stock is asked to be held, from when the order is placed: more than the payment window, which it
    /// cuts short otherwise. An order that still waits for its stock then is cancelled.
    #[serde(default = "twenty_minutes")]
    pub reservation_s: u32,
    /// Seconds after which nobody waits for a checkout any more: one that is heard later is rejected, and the cart comes
    /// back.
    #[serde(default = "thirty_minutes")]
    pub checkout_max_age_s: u32,
    /// Seconds that a seller has to accept what was confirmed: a day. Then it is taken back, and the buyer gets the money.
    #[serde(default = "one_day")]
    pub accept_within_s: u32,
    /// Seconds that a seller has to pack and ship what it accepted: three days. Then as above.
    #[serde(default = "three_days")]
    pub ship_within_s: u32,
    /// Seconds in which a parcel has to arrive, or to come back when the buyer did not take it: thirty days. Then it counts
    /// as lost, and the buyer gets the money.
    #[serde(default = "thirty_days")]
    pub arrive_within_s: u32,
    /// Seconds in which a buyer may send back what was delivered: seven days. Then the seller order is completed, and its
    /// seller's money is free.
    #[serde(default = "seven_days")]
    pub keep_within_s: u32,
    /// Seconds that a parcel has to be on its way before its seller may report it lost: three days. Staff may at once.
    #[serde(default = "three_days")]
    pub lost_after_s: u32,
    /// Seconds before the end of the time to accept at which a seller is told once more: six hours.
    #[serde(default = "six_hours")]
    pub remind_accept_s: u32,
    /// Seconds before the end of the time to ship at which a seller is told: twelve hours.
    #[serde(default = "twelve_hours")]
    pub remind_ship_s: u32,
    /// Hours for which a seller is suspended before what it has not shipped is taken back: a day, so that a mistake of staff
    /// does no harm.
    #[serde(default = "one_day_in_hours")]
    pub suspended_wait_hours: u32,
    /// A price that is reduced by more than this in all, in paise, needs two members of staff.
    #[serde(default = "ten_thousand_rupees")]
    pub second_person_over_paise: i64,
    /// GST code of the state that the platform is registered in: to sellers of that state its commission bears central and
    /// state tax in two halves, to the others integrated tax.
    #[serde(default = "delhi")]
    pub platform_state: StateCode,
}

fn delhi() -> StateCode {
    StateCode::DELHI
}

fn fifteen_minutes() -> u32 {
    900
}

fn twenty_minutes() -> u32 {
    1200
}

fn thirty_minutes() -> u32 {
    1800
}

fn six_hours() -> u32 {
    21_600
}

fn twelve_hours() -> u32 {
    43_200
}

fn one_day() -> u32 {
    86_400
}

fn ten_thousand_rupees() -> i64 {
    1_000_000
}

fn one_day_in_hours() -> u32 {
    24
}

fn three_days() -> u32 {
    259_200
}

fn seven_days() -> u32 {
    604_800
}

fn thirty_days() -> u32 {
    2_592_000
}

impl Config {
    /// Refuses settings that contradict each other.
    pub fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.payment_window_s > 0, "ORDER__PAYMENT_WINDOW_S must be at least 1");
        anyhow::ensure!(
            self.reservation_s > self.payment_window_s,
            "ORDER__RESERVATION_S must be longer than ORDER__PAYMENT_WINDOW_S"
        );
        anyhow::ensure!(
            self.checkout_max_age_s > 0,
            "ORDER__CHECKOUT_MAX_AGE_S must be at least 1"
        );
        anyhow::ensure!(self.accept_within_s > 0, "ORDER__ACCEPT_WITHIN_S must be at least 1");
        anyhow::ensure!(self.ship_within_s > 0, "ORDER__SHIP_WITHIN_S must be at least 1");
        anyhow::ensure!(self.arrive_within_s > 0, "ORDER__ARRIVE_WITHIN_S must be at least 1");
        anyhow::ensure!(self.keep_within_s > 0, "ORDER__KEEP_WITHIN_S must be at least 1");
        anyhow::ensure!(
            self.second_person_over_paise >= 0,
            "ORDER__SECOND_PERSON_OVER_PAISE is negative"
        );
        Ok(())
    }

    /// How long a buyer has to pay.
    pub fn payment_window(&self) -> SignedDuration {
        SignedDuration::from_secs(self.payment_window_s.into())
    }

    /// How long stock is asked to be held.
    pub fn reservation(&self) -> SignedDuration {
        SignedDuration::from_secs(self.reservation_s.into())
    }

    /// How old a checkout may be when it is heard.
    pub fn checkout_max_age(&self) -> SignedDuration {
        SignedDuration::from_secs(self.checkout_max_age_s.into())
    }

    /// How long a parcel has to be on its way before its seller may report it lost.
    pub(crate) fn lost_after(&self) -> SignedDuration {
        SignedDuration::from_secs(self.lost_after_s.into())
    }

    /// How long a seller is suspended before what it has not shipped is taken back.
    pub(crate) fn suspended_wait(&self) -> SignedDuration {
        SignedDuration::from_hours(self.suspended_wait_hours.into())
    }

    /// By how much one member of staff may reduce a price alone.
    pub(crate) const fn alone_up_to(&self) -> Money {
        Money::inr(self.second_person_over_paise)
    }

    /// How long before a deadline its seller is told.
    pub(crate) fn notice(&self, step: Step) -> SignedDuration {
        let seconds = match step {
            Step::Accept => self.remind_accept_s,
            Step::Ship => self.remind_ship_s,
        };
        SignedDuration::from_secs(seconds.into())
    }

    /// How long a seller order may wait.
    pub(crate) fn patience(&self, wait: Wait) -> SignedDuration {
        let seconds = match wait {
            Wait::Accept => self.accept_within_s,
            Wait::Ship => self.ship_within_s,
            Wait::Arrive | Wait::ComeBack => self.arrive_within_s,
            Wait::Keep => self.keep_within_s,
        };
        SignedDuration::from_secs(seconds.into())
    }
}

#[cfg(test)]
mod tests;
