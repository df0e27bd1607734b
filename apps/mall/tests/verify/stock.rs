//! 9, 10: stock and reservations.

use crate::stage::Stage;

#[tokio::test]
async fn stock_that_is_not_accounted_for_is_found() {
    let stage = Stage::set(&["product"], &[]).await;
    stage
        .run(
            "product",
            "alter table stock drop constraint stock_adds_up_check, drop constraint stock_available_check;
             alter table movements disable trigger user",
        )
        .await;
    stage.finds(9, "product", &[
        (
            "update stock set available = 99",
            "update stock set available = 98",
            "of LAMP-BRASS-18, 99 available + 0 held + 2 sold is not 100 received - 0 shipped",
        ),
        ("update stock set available = -1, received = 1", "update stock set available = 98, received = 100", "-1 are available"),
        (
            "update movements set quantity = 3 where kind = 'commit'",
            "update movements set quantity = 2 where kind = 'commit'",
            "its movements say 100, 98, -1, 3, 0",
        ),
        (
            "update reservation_lines set quantity = 1",
            "update reservation_lines set quantity = 2",
            "of LAMP-BRASS-18, 0 are held, 2 sold and 0 out, but the reservations hold 0, sold 1 and shipped 0",
        ),
        (
            "update reservation_lines set credited = 1",
            "update reservation_lines set credited = 0",
            "of LAMP-BRASS-18, 0 are held, 2 sold and 0 out, but the reservations hold 0, sold 1 and shipped 0",
        ),
        (
            "create table aside as select * from movements; delete from movements",
            "insert into movements select * from aside",
            "LAMP-BRASS-18 counts stock, but no movement brought any",
        ),
    ]).await;
}

#[tokio::test]
async fn stock_held_too_long_or_for_an_order_that_ended_is_found() {
    let stage = Stage::set(&["product", "order"], &[]).await;
    stage
        .finds(
            10,
            "product",
            &[(
                "update reservations set state = 'held', expires_at = now() - interval '6 minutes'",
                "update reservations set state = 'committed'",
                "checkout 01934e5f-0000-7000-8000-00000000001e should have let its stock go",
            )],
        )
        .await;
    stage
        .run(
            "product",
            "update reservations set state = 'held', expires_at = now() - interval '4 minutes'",
        )
        .await;
    stage.holds(10).await;

    stage.run("order", "update orders set state = 'cancelled', confirmed_at = null, cancel_reason = 'payment_window_over'").await;
    stage.breaks(10, "still has stock held, but order says that M261122-000001").await;
}
