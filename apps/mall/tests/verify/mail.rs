//! 20: the send ledger and sign-in codes.

use contracts::topics;
use contracts::user::SendOtp;
use mall::verify::stack::RedisKeyspace;
use redis::AsyncCommands as _;
use testkit::{sample, servers};

use crate::stage::Stage;

#[tokio::test]
async fn a_second_confirmation_a_missing_one_and_a_late_or_open_code_are_found() {
    let stage = Stage::set(&["email"], &[&topics::EMAIL_OTP_CMD]).await;
    stage.bus.emit(&sample::<SendOtp>()).await;
    stage
        .run(
            "email",
            "alter table messages drop constraint messages_send_key, drop constraint messages_sealed_while_queued_check",
        )
        .await;
    let code = "where kind = 'sign_in_code'";
    let (late, in_time) = (
        format!("update messages set updated_at = '2026-11-22T12:06:00Z' {code}"),
        format!("update messages set updated_at = created_at {code}"),
    );
    let (kept, forgotten) = (
        format!("update messages set sealed = 'c2VhbGVk' {code}"),
        format!("update messages set sealed = null {code}"),
    );
    let (open, closed) = (
        format!(r#"update messages set letter = '{{"code": "012345"}}' {code}"#),
        format!("update messages set letter = '{{}}' {code}"),
    );
    stage.finds(20, "email", &[
        (
            "insert into messages (message_id, kind, reference, recipient_id, letter, created_at, updated_at)
             select gen_random_uuid(), kind, reference, recipient_id, letter, created_at, updated_at
               from messages where kind = 'order_confirmation'",
            "delete from messages where status = 'queued'",
            "2 mails of kind order_confirmation about 01934e5f-0000-7000-8000-00000000001f",
        ),
        (
            "update messages set kind = 'shipped' where kind = 'order_confirmation'",
            "update messages set kind = 'order_confirmation' where kind = 'shipped'",
            "order 01934e5f-0000-7000-8000-00000000001f has all its invoices and no confirmation mail",
        ),
        (
            "insert into credits (credit_id, heard, note, created_at)
             values ('01934e5f-0000-7000-8000-00000000005b', '{}', '{}', '2026-11-22T12:00:00Z')",
            "delete from credits",
            "credit 01934e5f-0000-7000-8000-00000000005b has its note, and was not told",
        ),
        (&late, &in_time, "code 01934e5f-0000-7000-8000-000000000047 was over at"),
        (&kept, &forgotten, "is kept although it is sent"),
        (&open, &closed, "message 01934e5f-0000-7000-8000-000000000047 shows its code"),
    ]).await;
}

#[tokio::test]
async fn a_code_in_a_topic_or_in_redis_is_found() {
    let mut stage = Stage::set(&["email"], &[&topics::EMAIL_OTP_CMD]).await;
    let keyspace =
        RedisKeyspace::connect(&servers::redis_url().into(), &format!("{}:", servers::unique()))
            .unwrap();
    let (mut redis, name) = (keyspace.redis.clone(), format!("{}otp:challenge:1", keyspace.prefix));
    stage.stack.codes = Some(keyspace);
    redis.hset::<_, _, _, ()>(&name, "mark", "9f86d081884c7d65").await.unwrap();
    stage.holds(20).await;

    redis.hset::<_, _, _, ()>(&name, "mark", "012345").await.unwrap();
    stage.breaks(20, "mark of otp:challenge:1 in Redis shows a sign-in code").await;
    redis.del::<_, ()>(&name).await.unwrap();

    let mut open = stage.bus.outgoing(&sample::<SendOtp>());
    open.payload = Some(br#"{"sealed": "012345"}"#.to_vec());
    stage.bus.publish(&[open]).await;
    stage.breaks(20, "email.otp.cmd.v1[0]@0 shows a sign-in code").await;
}
