//! 35: the audit trail.

use admin::audit::AuditEntry;
use kernel::{SessionId, UserId};
use sqlx::types::Uuid;

use crate::stage::Stage;

/// Three acts, each after the one before, and the end of the chain.
async fn three_acts(stage: &Stage) {
    let mut last = String::new();
    for seq in 1..=3 {
        let entry = AuditEntry {
            seq,
            at: "2026-11-22T12:00:00Z".parse().unwrap(),
            staff_id: UserId::from_uuid(Uuid::from_u128(1)),
            session_id: SessionId::from_uuid(Uuid::from_u128(2)),
            act: "vendor.approve".into(),
            subject_kind: "vendor".into(),
            subject_id: Uuid::from_u128(3),
            before: "{}".into(),
            after: "{}".into(),
            reason: "documents match".into(),
            previous_hash: last.clone(),
        };
        last = entry.hash();
        let (staff, session) = (entry.staff_id.as_uuid(), entry.session_id.as_uuid());
        stage
            .run(
                "admin",
                &format!(
                    "insert into audit values ({seq}, '2026-11-22T12:00:00Z', '{staff}', '{session}', 'vendor.approve',
                         'vendor', '{}', '{{}}', '{{}}', 'documents match', '{}', '{last}');
                     update audit_head set last_seq = {seq}, last_hash = '{last}'",
                    entry.subject_id, entry.previous_hash
                ),
            )
            .await;
    }
}

#[tokio::test]
async fn an_act_that_was_altered_or_taken_out_is_found() {
    let stage = Stage::bare(&["admin"], &[]).await;
    three_acts(&stage).await;
    stage.run("admin", "alter table audit disable trigger audit_append_only").await;
    let altered = "update audit set reason = 'a favour' where seq = 2";
    let undo = "update audit set reason = 'documents match' where seq = 2";
    let taken =
        "create table kept as select * from audit where seq = 3; delete from audit where seq = 3";
    let again = "insert into audit select * from kept";
    stage
        .finds(
            35,
            "admin",
            &[
                (altered, undo, "entry 2 was altered"),
                (taken, again, "act 3 of staff was written down and is gone"),
            ],
        )
        .await;
    stage.run("admin", "delete from audit where seq = 2").await;
    stage.breaks(35, "an entry is missing before 3").await;
}
