//! `mall jobs again`: whichever service gave a job up, it is due again, once.

use mall::operator::jobs::again_in;
use uuid::Uuid;

use crate::stage::Stage;

#[tokio::test]
async fn a_job_that_was_given_up_is_due_again_as_if_it_were_new() {
    let stage = Stage::set(&["order", "payment", "product", "invoice"], &[]).await;
    let id = Uuid::parse_str("01934e5f-0000-7000-8000-0000000000e0").unwrap();
    stage.run("invoice", &format!(
        "insert into chassis.job (id, kind, payload, due_at, attempts, failed_at, last_error, traceparent, created_at)
         values ('{id}', 'number_part', '{{}}', now(), 1, now(), 'invoice/unissuable', '', now()),
                (gen_random_uuid(), 'print_invoice', '{{}}', now(), 1, null, 'unavailable', '', now())"
    )).await;
    stage.breaks(31, "(number_part) was given up").await;
    let databases = [("order", stage.db("order")), ("invoice", stage.db("invoice"))];

    let done = again_in(&databases, id).await.unwrap();

    assert_eq!(done, ("invoice", "number_part".to_owned()));
    stage.holds(31).await;
    let sql = "select count(*) from chassis.job
                where id = $1 and attempts = 0 and last_error is null and due_at <= now() + interval '1 minute'";
    let due: i64 = sqlx::query_scalar(sql).bind(id).fetch_one(stage.pool("invoice")).await.unwrap();
    assert_eq!(due, 1);
    let refused = again_in(&databases, id).await.unwrap_err();
    assert_eq!(refused.to_string(), format!("no service gave up a job {id}"));
}
