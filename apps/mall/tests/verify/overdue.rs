//! 15: checkouts that stay open.

use crate::stage::Stage;

#[tokio::test]
async fn an_order_or_a_payment_that_nobody_closed_is_found() {
    let stage = Stage::set(&["order", "payment"], &[]).await;
    let open = |state: &str, since: &str, due: &str| {
        format!(
            "update orders set state = '{state}', confirmed_at = null, cancel_reason = 'buyer_cancelled',
                    state_since = now() - interval '{since}', due_at = {due}"
        )
    };
    let confirmed = "update orders set state = 'confirmed', confirmed_at = placed_at, cancel_reason = null, due_at = null";
    stage.finds(15, "order", &[
        (
            &open("awaiting_payment", "21 minutes", "now() - interval '6 minutes'"),
            confirmed,
            "M261122-000001 (01934e5f-0000-7000-8000-00000000001f) is awaiting_payment since",
        ),
        (
            &open("cancel_pending", "26 minutes", "null"),
            confirmed,
            "M261122-000001 (01934e5f-0000-7000-8000-00000000001f) is cancel_pending since",
        ),
        (
            "update seller_orders set due_in = state, due_at = now() - interval '6 minutes'",
            "update seller_orders set due_in = null, due_at = null",
            "seller order M261122-000001-1 (01934e5f-0000-7000-8000-000000000020) is",
        ),
        (
            "insert into returns (return_id, order_id, seller_order_id, vendor_id, reason, state, due_at, created_at,
                                  updated_at)
             select seller_order_id, order_id, seller_order_id, vendor_id, 'damaged', 'requested',
                    now() - interval '6 minutes', now(), now()
               from seller_orders where number = 'M261122-000001-1'",
            "delete from returns",
            "the return 01934e5f-0000-7000-8000-000000000020 of seller order M261122-000001-1 is requested",
        ),
    ]).await;
    stage.run("order", &open("cancel_pending", "24 minutes", "null")).await;
    stage.holds(15).await;
    stage.run("order", &open("cancel_pending", "24 minutes", "now() - interval '4 minutes'")).await;
    stage.holds(15).await;

    let captured = "update payments set status = 'captured', next_check_at = null";
    stage.finds(15, "payment", &[
        (
            "update payments set status = 'closing', updated_at = now() - interval '16 minutes'",
            captured,
            "01934e5f-0000-7000-8000-000000000028 of M261122-000001 is closing since",
        ),
        (
            "update payments set status = 'pending', expires_at = now() - interval '6 minutes'",
            captured,
            "01934e5f-0000-7000-8000-000000000028 of M261122-000001 is pending, but its window was over at",
        ),
        (
            "update payments set status = 'cancelled', next_check_at = now() - interval '6 minutes'",
            captured,
            "the provider should have been asked about 01934e5f-0000-7000-8000-000000000028",
        ),
        (
            "update payments set status = 'cod_accepted'; update shares set completed_at = now() - interval '6 minutes'",
            "update payments set status = 'captured'; update shares set completed_at = null",
            "01934e5f-0000-7000-8000-000000000020 of M261122-000001 is completed, but nobody has the 259800 INR",
        ),
    ]).await;
}
