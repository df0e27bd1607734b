//! 39: what a bank took.

use crate::stage::Stage;

#[tokio::test]
async fn what_was_paid_by_hand_beside_a_lost_dispute_is_found() {
    let stage = Stage::set(&["payment"], &[]).await;
    let both = "
        insert into refunds (refund_id, payment_id, kind, credit_id, provider_payment_id, amount, currency, status, attempt,
                             requested_at, updated_at, done_at, version)
        values ('01934e5f-0000-7000-8000-0000000000d0', '01934e5f-0000-7000-8000-000000000028', 'credit', gen_random_uuid(),
                'pay_1', 1000, 'INR', 'done', 1, now(), now(), now(), 1);
        insert into disputes (dispute_id, provider_dispute_id, payment_id, provider_payment_id, amount, currency, state,
                              opened_at, decided_at)
        values ('01934e5f-0000-7000-8000-0000000000d3', 'disp_1', '01934e5f-0000-7000-8000-000000000028', 'pay_1', 258801,
                'INR', 'lost', now() - interval '1 minute', now())";
    stage.run("payment", both).await;
    let words = "of pay_1 over 259800 INR, a bank took 258801, and 1000 went back beside it, some of it by hand";
    stage.breaks(39, words).await;
    for (so, otherwise) in [
        ("update disputes set amount = 258800", "update disputes set amount = 258801"),
        ("update disputes set state = 'won'", "update disputes set state = 'lost'"),
        // Nobody could know.
        (
            "update disputes set opened_at = now()",
            "update disputes set opened_at = now() - interval '1 hour'",
        ),
    ] {
        stage.run("payment", so).await;
        stage.holds(39).await;
        stage.run("payment", otherwise).await;
        stage.breaks(39, words).await;
    }
    let by_it = "update refunds set dispute_id = (select dispute_id from disputes)";
    stage.run("payment", by_it).await;
    stage.holds(39).await;
}
