//! Which state of a payment follows which.

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
