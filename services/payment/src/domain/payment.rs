//! A payment: what is asked for, and how far it has come.

use jiff::{SignedDuration, Timestamp};
use kernel::{CheckoutId, Money, OrderId, PaymentId, UserId};

use super::refused::Refused;
use super::status::{Method, PaymentProgress};

/// When to ask the provider what became of a payment, counted from its opening. With the last look they make the
/// pattern of NPCI's rules for status checks: not before 90 s, and at most three in two hours.
const CHECKS: [SignedDuration; 2] = [SignedDuration::from_secs(90), SignedDuration::from_mins(5)];

/// When to ask whether more money came, counted from the payment or the end: a bank may say yes for three days.
const LATE_CHECKS: [SignedDuration; 3] =
    [SignedDuration::from_hours(2), SignedDuration::from_hours(24), SignedDuration::from_hours(72)];

/// So many ways to pay are opened at the provider at most.
const MOST_ATTEMPTS: usize = 10;

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its name, chosen by the order service.
    pub id: PaymentId,
    pub checkout_id: CheckoutId,
    pub order_id: OrderId,
    /// Its number for people.
    pub order_number: String,
    pub buyer: UserId,
    pub method: Method,
    /// How much is asked for.
    pub amount: Money,
    /// How far it has come.
    pub status: PaymentProgress,
    /// The provider's name for it.
    pub provider_order_id: Option<String>,
    /// The newest link, exactly as the provider gave it.
    pub upi_intent: Option<String>,
    /// Whether the provider is being asked for a way to pay.
    pub opening: bool,
    /// How often the provider was asked since the last opening, or since the end.
    pub checks: i32,
    /// When it is asked next.
    pub next_check_at: Option<Timestamp>,
    /// The payment window ends here.
    pub expires_at: Timestamp,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}

impl Payment {
    /// The unique name of this payment at the provider: letters and digits only. An order there for which wrong money
    /// came lets nobody pay what was asked for: after each such money, of which `spoilt` came, it has another name.
    pub fn receipt(&self, spoilt: usize) -> String {
        let name = self.id.as_uuid().simple().to_string();
        if spoilt == 0 { name } else { format!("{name}r{spoilt}") }
    }

    /// The buyer can pay by `link` now.
    pub fn open(&mut self, link: String, now: Timestamp) {
        self.status = PaymentProgress::Pending;
        self.upi_intent = Some(link);
        self.checks = 0;
        self.next_check_at = now.checked_add(CHECKS[0]).ok();
    }

    /// It shall end. Nothing is asked but the last look.
    pub fn begin_closing(&mut self) {
        self.status = PaymentProgress::Closing;
        self.next_check_at = None;
    }

    /// It is given up as `status`, as of `now`.
    pub fn end(&mut self, status: PaymentProgress, now: Timestamp) {
        self.status = status;
        self.ask_on(now);
    }

    /// It is paid or given up as of `now`. Whoever has a link may pay all the same, so the provider is asked some more
    /// times.
    pub fn ask_on(&mut self, now: Timestamp) {
        self.checks = 0;
        let may_be_paid = self.provider_order_id.is_some();
        self.next_check_at = may_be_paid.then(|| now.checked_add(LATE_CHECKS[0]).ok()).flatten();
    }

    /// The provider is asked what became of it, as of `now`.
    pub fn check(&mut self, now: Timestamp) {
        let is_open = self.status.is_open() || self.status == PaymentProgress::PaymentReview;
        let checks = if is_open { &CHECKS[..] } else { &LATE_CHECKS[..] };
        let done = usize::try_from(self.checks).unwrap_or(checks.len());
        let pause = checks.get(done + 1).zip(checks.get(done)).map(|(next, last)| *next - *last);
        self.checks = self.checks.saturating_add(1);
        self.next_check_at = pause.and_then(|pause| now.checked_add(pause).ok());
    }

    /// Whether another way to pay has to be opened for a buyer who wants to try again: not while one is being opened.
    pub fn retry(&self, attempts: usize, now: Timestamp) -> Result<bool, Refused> {
        match self.status {
            PaymentProgress::Pending | PaymentProgress::Failed => {}
            PaymentProgress::Created => {
                return Err(Refused::NotRetryable("the payment is being prepared"));
            }
            PaymentProgress::Closing
            | PaymentProgress::Captured
            | PaymentProgress::PaymentReview
            | PaymentProgress::CapturedLate
            | PaymentProgress::Cancelled
            | PaymentProgress::CodAccepted
            | PaymentProgress::CodRefused
            | PaymentProgress::CodCollected
            | PaymentProgress::CodVoid => {
                return Err(Refused::NotRetryable("the payment is neither pending nor failed"));
            }
        }
        if now >= self.expires_at {
            return Err(Refused::NotRetryable("the payment window is over"));
        }
        if attempts >= MOST_ATTEMPTS {
            return Err(Refused::NotRetryable("it was tried too often"));
        }
        Ok(!self.opening)
    }
}

#[cfg(test)]
pub mod samples {
    use super::*;

    pub fn payment(status: PaymentProgress) -> Payment {
        Payment {
            id: PaymentId::new(),
            checkout_id: CheckoutId::new(),
            order_id: OrderId::new(),
            order_number: "M261122-000001".into(),
            buyer: UserId::new(),
            method: Method::Upi,
            amount: Money::inr(235_600),
            status,
            provider_order_id: None,
            upi_intent: None,
            opening: false,
            checks: 0,
            next_check_at: None,
            expires_at: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(15),
            created_at: Timestamp::UNIX_EPOCH,
            version: 1,
        }
    }
}

#[cfg(test)]
mod tests;
