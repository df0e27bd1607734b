//! Wrong money that a person may look at, and when it can pay the order all the same.

use kernel::Currency;

use super::*;

fn review(received: Money) -> Review {
    Review {
        seq: 1,
        provider_payment_id: "pay_1".into(),
        payment_id: PaymentId::new(),
        order_number: "M261122-000001".into(),
        asked: Money::inr(434_500),
        received,
        opened_at: Timestamp::UNIX_EPOCH,
        outcome: None,
        decided_by: None,
        decided_at: None,
    }
}

#[test]
fn only_enough_of_the_right_money_pays_an_order_that_waits() {
    let waits = PaymentProgress::PaymentReview;
    let right = Money::inr(434_600);
    assert_eq!(review(right).excess(waits, right), Ok(Money::inr(100)));
    let exact = Money::inr(434_500);
    assert_eq!(review(exact).excess(waits, exact), Ok(Money::inr(0)));
    for less in [Money::inr(434_499), Money::new(434_600, Currency::Usd)] {
        assert!(review(less).excess(waits, less).is_err(), "{less}");
    }
    assert!(review(right).excess(waits, Money::inr(434_500)).is_err());
    assert!(review(right).excess(PaymentProgress::Closing, right).is_err());
}
