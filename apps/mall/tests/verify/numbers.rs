//! 29: analytics.

use crate::documents::CREDIT;
use crate::stage::Stage;

#[tokio::test]
async fn numbers_that_are_not_the_sums_are_found() {
    let stage = Stage::set(&["order", "payment", "analytics"], &[]).await;
    stage.finds(29, "analytics", &[
        (
            "update days set placed = 2",
            "update days set placed = 1",
            "on 2026-11-22, 1 orders were placed; analytics counts 2",
        ),
        (
            "update day_sales set gross = gross + 1",
            "update day_sales set gross = gross - 1",
            "1 orders of 2 units over 259800 INR were sold; analytics counts 1, 2 and 259801",
        ),
        (
            "update vendor_day_sales set commission = 0",
            "update vendor_day_sales set commission = 25980",
            "analytics counts 1, 259800, 0 and 227823",
        ),
        (
            "update day_sales set collected = 0",
            "update day_sales set collected = 259800",
            "259800 minor units of INR were captured or collected; analytics counts 0",
        ),
    ]).await;
    arrived(&stage).await;
    back(&stage).await;
    stage.run("order", "update orders set state = 'cancelled', confirmed_at = null, cancel_reason = 'payment_window_over'").await;
    stage.breaks(29, "on 2026-11-22, 1 orders were cancelled; analytics counts 0").await;
}

/// The part is with the buyer, on the next day in India.
async fn arrived(stage: &Stage) {
    stage.run("order", "
        insert into order_events (order_id, seller_order_id, from_state, to_state, cause, at)
        values ('01934e5f-0000-7000-8000-00000000001f', '01934e5f-0000-7000-8000-000000000020', 'shipped', 'delivered', 'test',
                '2026-11-22T18:30:00Z')").await;
    stage.breaks(29, "on 2026-11-23, 1 seller orders of seller 01934e5f-0000-7000-8000-00000000000a arrived; analytics counts 0").await;
    stage.run("analytics", "insert into vendor_days values ('2026-11-23', '01934e5f-0000-7000-8000-00000000000a', 1)").await;
    stage
        .finds(
            29,
            "analytics",
            &[(
                "update vendor_days set delivered = 2",
                "update vendor_days set delivered = 1",
                "analytics counts 2",
            )],
        )
        .await;
}

/// One of two lamps is taken back, and its money is back with the buyer on the next day in India.
async fn back(stage: &Stage) {
    stage.run("order", CREDIT).await;
    stage.breaks(29, "on 2026-11-22, 129900 INR of seller 01934e5f-0000-7000-8000-00000000000a were credited, payable 113911; \
                      analytics counts 0 and 0").await;
    stage.run("analytics", "update day_sales set credited = 129900").await;
    stage
        .run(
            "analytics",
            "update vendor_day_sales set credited = 129900, credited_payable = 113911",
        )
        .await;
    stage.holds(29).await;
    stage.run("payment", "
        insert into refunds (refund_id, payment_id, kind, provider_payment_id, amount, currency, status, attempt,
                             requested_at, updated_at, done_at, version)
        values (gen_random_uuid(), '01934e5f-0000-7000-8000-000000000028', 'late', 'pay_1', 129900, 'INR', 'done', 1,
                '2026-11-22T12:00:00Z', '2026-11-22T18:30:00Z', '2026-11-22T18:30:00Z', 3)").await;
    stage.breaks(29, "on 2026-11-23, 129900 INR were given back; analytics counts 0").await;
    stage
        .run(
            "analytics",
            "insert into day_sales (day, currency, refunded) values ('2026-11-23', 'INR', 129900)",
        )
        .await;
    stage
        .finds(
            29,
            "analytics",
            &[
                (
                    "update day_sales set credited = 1 where credited > 0",
                    "update day_sales set credited = 129900 where credited > 0",
                    "on 2026-11-22, 129900 INR were credited; analytics counts 1",
                ),
                (
                    "update vendor_day_sales set credited_payable = 113910",
                    "update vendor_day_sales set credited_payable = 113911",
                    "analytics counts 129900 and 113910",
                ),
            ],
        )
        .await;
}
