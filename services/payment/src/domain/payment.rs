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
mod tests {
    use strum::VariantArray;

    use super::samples::payment;
    use super::*;

    /// When the provider is asked, in seconds since `start`.
    fn asked(payment: &mut Payment, start: Timestamp) -> Vec<i64> {
        let mut asked = Vec::new();
        while let Some(at) = payment.next_check_at {
            asked.push(at.duration_since(start).as_secs());
            payment.check(at);
        }
        asked
    }

    #[test]
    fn the_provider_is_asked_twice_before_the_end_and_three_times_after_it() {
        let start = Timestamp::UNIX_EPOCH;
        let mut payment = payment(PaymentProgress::Created);
        payment.provider_order_id = Some("order_1".into());
        payment.open("upi://pay?pa=mall@upi".into(), start);
        assert_eq!(asked(&mut payment, start), [90, 300]);
        payment.begin_closing();
        assert_eq!(payment.next_check_at, None);
        payment.end(PaymentProgress::Cancelled, start);
        assert_eq!(asked(&mut payment, start), [7_200, 86_400, 259_200]);
    }

    #[test]
    fn nobody_is_asked_about_what_could_not_be_paid() {
        let mut unknown = payment(PaymentProgress::Created);
        unknown.end(PaymentProgress::Cancelled, Timestamp::UNIX_EPOCH);
        assert_eq!(unknown.next_check_at, None);
    }

    #[test]
    fn money_that_came_is_no_reason_not_to_ask_whether_more_did() {
        let start = Timestamp::UNIX_EPOCH;
        for status in [PaymentProgress::Captured, PaymentProgress::CapturedLate] {
            let mut paid = payment(status);
            paid.provider_order_id = Some("order_1".into());
            paid.ask_on(start);
            assert_eq!(asked(&mut paid, start), [7_200, 86_400, 259_200]);
        }
    }

    #[test]
    fn only_an_open_payment_within_its_window_is_tried_again() {
        let start = Timestamp::UNIX_EPOCH;
        for status in PaymentProgress::VARIANTS.iter().copied() {
            let retryable = matches!(status, PaymentProgress::Pending | PaymentProgress::Failed);
            assert_eq!(payment(status).retry(1, start).is_ok(), retryable, "{status:?}");
        }
        let failed = payment(PaymentProgress::Failed);
        assert!(failed.retry(1, failed.expires_at).is_err());
        assert!(failed.retry(10, start).is_err());
    }

    #[test]
    fn two_wishes_to_try_again_open_one_way_to_pay() {
        let mut failed = payment(PaymentProgress::Failed);
        assert_eq!(failed.retry(1, Timestamp::UNIX_EPOCH), Ok(true));
        failed.opening = true;
        assert_eq!(failed.retry(1, Timestamp::UNIX_EPOCH), Ok(false));
    }

    #[test]
    fn a_receipt_has_letters_and_digits_only() {
        let payment = payment(PaymentProgress::Created);
        let (receipt, second) = (payment.receipt(0), payment.receipt(1));
        assert_eq!(receipt.len(), 32);
        assert_ne!(receipt, second);
        assert!((receipt + &second).bytes().all(|b| b.is_ascii_alphanumeric()));
    }
}
