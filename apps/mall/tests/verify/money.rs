//! 11: orders and payments.

use crate::stage::Stage;

#[tokio::test]
async fn an_order_that_was_not_paid_once_and_exactly_is_found() {
    let stage = Stage::set(&["order", "payment"], &[]).await;
    stage.run("payment", "alter table postings disable trigger user; alter table attempts drop constraint attempts_booked_captured_check").await;
    stage.finds(11, "payment", &[
        (
            "update payments set status = 'pending'",
            "update payments set status = 'captured'",
            "is confirmed by upi, but its payment 01934e5f-0000-7000-8000-000000000028 is pending",
        ),
        (
            "update payments set amount = 259799",
            "update payments set amount = 259800",
            "is over 259800 INR, but payment 01934e5f-0000-7000-8000-000000000028 is over 259799 INR",
        ),
        (
            "insert into payments (payment_id, checkout_id, order_id, order_number, buyer, method, amount, currency, status, opening, checks,
                                   expires_at, version, created_at, updated_at)
             select gen_random_uuid(), checkout_id, order_id, order_number, buyer, method, amount, currency, status, opening, checks,
                    expires_at, version, created_at, updated_at from payments",
            "delete from payments where provider_order_id is null",
            "M261122-000001 (01934e5f-0000-7000-8000-00000000001f) has 2 captured payments",
        ),
        ("update attempts set booked = null", "update attempts set booked = 'order'", "was captured 0 times"),
        (
            "update postings set amount = 1 where amount > 0",
            "update postings set amount = 259800 where amount > 0",
            "is captured over 259800, but the ledger took in 1",
        ),
        (
            "update shares set gross = gross - 1, payable = payable - 1",
            "update shares set gross = gross + 1, payable = payable + 1",
            "the shares of 01934e5f-0000-7000-8000-000000000028 add up to 259799, the payment is over 259800",
        ),
    ]).await;
}

#[tokio::test]
async fn money_taken_for_an_order_that_ended_and_an_order_without_payment_are_found() {
    let stage = Stage::set(&["order", "payment"], &[]).await;
    stage.finds(11, "order", &[
        (
            "update orders set state = 'cancelled', confirmed_at = null, cancel_reason = 'payment_window_over'",
            "update orders set state = 'confirmed', confirmed_at = placed_at, cancel_reason = null",
            "is captured, but order says that M261122-000001 (01934e5f-0000-7000-8000-00000000001f) is cancelled",
        ),
        (
            "update orders set payment_id = gen_random_uuid()",
            "update orders set payment_id = '01934e5f-0000-7000-8000-000000000028'",
            "M261122-000001 (01934e5f-0000-7000-8000-00000000001f) is confirmed, but its payment",
        ),
    ]).await;
}
