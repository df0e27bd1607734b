//! 29: analytics.

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
    stage.run("order", "update orders set state = 'cancelled', confirmed_at = null, cancel_reason = 'payment_window_over'").await;
    stage.breaks(29, "on 2026-11-22, 1 orders were cancelled; analytics counts 0").await;
}
