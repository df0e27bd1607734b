//! What was said is written into the outbox, in one statement.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Emitted;

/// One statement: raises each key's version under its row lock (in key order, so that two transactions cannot wait
/// for each other) and appends the events in the order they were said.
pub(super) async fn write_outbox(
    conn: &mut PgConnection,
    emitted: Vec<Emitted>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = emitted.iter().map(|s| s.id).collect();
    let topics: Vec<&str> = emitted.iter().map(|s| s.topic).collect();
    let keys: Vec<&str> = emitted.iter().map(|s| s.key.as_str()).collect();
    let names: Vec<&str> = emitted.iter().map(|s| s.name).collect();
    let payloads: Vec<Option<&[u8]>> = emitted.iter().map(|s| s.payload.as_deref()).collect();
    let stories: Vec<&str> =
        emitted.iter().map(|s| s.cause.correlation.as_deref().unwrap_or(&s.key)).collect();
    let causes: Vec<String> =
        emitted.iter().map(|s| s.cause.event.map(|e| e.to_string()).unwrap_or_default()).collect();
    let traces: Vec<&str> = emitted.iter().map(|s| s.cause.traceparent.as_str()).collect();

    sqlx::query(
        "with said as (
             select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[],
                                  $6::text[], $7::text[], $8::text[])
             with ordinality as s (id, topic, key, type, payload, correlation, causation, traceparent, nth)
         ), raised as (
             insert into chassis.event_version as v (topic, key, version)
             select topic, key, count(*) from said group by topic, key order by topic, key
             on conflict (topic, key) do update set version = v.version + excluded.version
             returning v.topic, v.key, v.version
         )
         insert into chassis.outbox
             (id, aggregatetype, aggregateid, type, payload, version, correlation, causation, traceparent, said_at)
         select s.id, s.topic, s.key, s.type, s.payload,
                r.version - count(*) over (partition by s.topic, s.key)
                          + row_number() over (partition by s.topic, s.key order by s.nth),
                s.correlation, s.causation, s.traceparent, $9
           from said s join raised r on r.topic = s.topic and r.key = s.key
          order by s.nth",
    )
    .bind(ids)
    .bind(topics)
    .bind(keys)
    .bind(names)
    .bind(payloads)
    .bind(stories)
    .bind(causes)
    .bind(traces)
    .bind(now.to_sqlx())
    .execute(conn)
    .await?;
    Ok(())
}
