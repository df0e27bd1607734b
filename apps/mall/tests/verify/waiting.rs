//! 31: what was given up or is forgotten.

use crate::stage::Stage;

#[tokio::test]
async fn a_job_that_was_given_up_is_found() {
    let stage = Stage::set(&["order", "payment", "product"], &[]).await;
    stage.finds(31, "order", &[(
        "insert into chassis.job (id, kind, payload, due_at, attempts, failed_at, last_error, traceparent, created_at)
         values (gen_random_uuid(), 'ask', '{}', now(), 12, now(), 'nobody answers', '', now())",
        "delete from chassis.job",
        "after 12 attempts: nobody answers",
    )]).await;
}

#[tokio::test]
async fn webhooks_and_parcels_that_wait_are_found_once_they_are_old() {
    let stage = Stage::set(&["order", "payment", "product"], &[]).await;
    let webhook = |outcome: &str, age: &str| {
        format!(
            "insert into webhooks (event_id, event, provider_order_id, body, outcome, received_at)
             values ('evt_1', 'payment.captured', 'order_9', '', {outcome}, now() - interval '{age}')"
        )
    };
    let undo = "delete from webhooks";
    stage
        .finds(
            31,
            "payment",
            &[
                (
                    &webhook("null", "6 minutes"),
                    undo,
                    "webhook evt_1 (payment.captured) about order_9 of",
                ),
                (&webhook("null", "6 minutes"), undo, "was not acted upon"),
                (&webhook("'unmatched'", "6 minutes"), undo, "belongs to no payment"),
            ],
        )
        .await;
    for (outcome, age) in
        [("null", "4 minutes"), ("'unmatched'", "4 minutes"), ("'noted'", "1 day")]
    {
        stage.run("payment", &webhook(outcome, age)).await;
        stage.holds(31).await;
        stage.run("payment", undo).await;
    }

    let parcel = |applied: &str, age: &str| {
        format!(
            "insert into shipments (seller_order_id, checkout_id, lines, applied_at, created_at)
             values ('01934e5f-0000-7000-8000-000000000020', '01934e5f-0000-7000-8000-00000000001e', '[]', {applied},
                     now() - interval '{age}')"
        )
    };
    let undo = "delete from shipments";
    let words = "the parcel of 01934e5f-0000-7000-8000-000000000020 left at";
    stage.finds(31, "product", &[(&parcel("null", "6 minutes"), undo, words)]).await;
    for (applied, age) in [("null", "4 minutes"), ("now()", "1 day")] {
        stage.run("product", &parcel(applied, age)).await;
        stage.holds(31).await;
        stage.run("product", undo).await;
    }
}

#[tokio::test]
async fn an_order_that_goes_on_without_its_goods_is_found() {
    let stage = Stage::set(&["order", "payment", "product"], &[]).await;
    stage.finds(31, "product", &[(
        "update reservations set state = 'commit_failed', missing = '{LAMP-BRASS-18}'",
        "update reservations set state = 'committed', missing = null",
        "M261122-000001-1 (01934e5f-0000-7000-8000-000000000020) is confirmed, but product says that LAMP-BRASS-18 is gone",
    )]).await;

    // Somebody answered: the part goes nowhere.
    let gone = "update reservations set state = 'commit_failed', missing = '{LAMP-BRASS-18}'";
    stage.run("product", gone).await;
    stage.run("order", "update seller_orders set state = 'vendor_rejected'").await;
    stage.holds(31).await;
    stage.run("order", "update seller_orders set state = 'accepted'").await;
    stage.breaks(31, "is accepted, but product says").await;
    // It is not late yet.
    stage.run("product", "update reservations set updated_at = now()").await;
    stage.holds(31).await;
}
