//! What an order is to meet with at the provider, decided beforehand on the hand-rail.

use super::*;

#[test]
fn a_plan_for_two_refunds_is_over_after_two() {
    let refund = Some(RefundPlan { answer: RefundAnswer::NoBalance, times: Some(2) });
    let plan = OrderPlan { refund, second: Second::Captured, fee_bp: 0 };
    assert_eq!(plan.answered().refund_answer(), RefundAnswer::NoBalance);
    assert_eq!(
        plan.answered().answered(),
        OrderPlan { refund: None, second: Second::Captured, fee_bp: 0 }
    );
}

#[test]
fn a_plan_without_a_number_goes_on() {
    let refund = Some(RefundPlan { answer: RefundAnswer::Conflict, times: None });
    let plan = OrderPlan { refund, second: Second::AutoRefunded, fee_bp: 0 };
    assert_eq!(plan.answered(), plan);
}
