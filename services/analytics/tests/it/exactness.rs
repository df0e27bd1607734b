//! Whatever comes twice or in another order: the same rows.

use chassis::record::Record;
use futures::future::join_all;
use kernel::EventId;
use serde_json::json;
use sqlx::PgPool;

use crate::scene::{Scene, confirmed};
use crate::sums;

/// One record of each topic in turn, so that topics are mixed and each keeps its order.
fn braided(story: &[Vec<Record>]) -> Vec<Record> {
    let longest = story.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest)
        .flat_map(|n| story.iter().rev().filter_map(move |topic| topic.get(n)))
        .cloned()
        .collect()
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn what_is_heard_twice_counts_once(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let story = scene.story();
    scene.hear_all(story.concat()).await;
    sums::check(&scene.pool).await;
    let rows = sums::rows(&scene.pool).await;

    // The same records again; the same events at other offsets; the same facts said anew.
    scene.hear_all(story.concat()).await;
    let moved =
        |far: i64| move |record: &Record| Record { offset: record.offset + far, ..record.clone() };
    scene.hear_all(story.concat().iter().map(moved(1_000))).await;
    let anew = story.concat().into_iter().map(|mut record| {
        record.offset += 2_000;
        record.headers.insert("ce_id".into(), EventId::new().to_string());
        record
    });
    scene.hear_all(anew).await;

    assert_eq!(sums::rows(&scene.pool).await, rows);
    sums::check(&scene.pool).await;
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn what_comes_in_another_order_makes_the_same_rows(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let story = scene.story();
    scene.hear_all(story.concat()).await;
    let rows = sums::rows(&scene.pool).await;

    // Last things first: deliveries before sales, sales before orders.
    sums::empty(&scene.pool).await;
    let mut backwards: Vec<Record> = story.concat().into_iter().rev().collect();
    for (offset, record) in (0..).zip(&mut backwards) {
        record.offset = offset;
    }
    scene.hear_all(backwards).await;

    assert_eq!(sums::rows(&scene.pool).await, rows);
    sums::check(&scene.pool).await;
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn a_rebuild_from_the_first_offset_makes_the_same_rows(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let story = scene.story();
    scene.hear_all(story.concat()).await;
    let rows = sums::rows(&scene.pool).await;

    sums::empty(&scene.pool).await;
    scene.hear_all(braided(&story)).await;

    assert_eq!(sums::rows(&scene.pool).await, rows);
    sums::check(&scene.pool).await;
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn sales_heard_at_once_from_many_partitions_all_count(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let records = (0..24).map(|partition| {
        let sale = scene.app.record(&confirmed(&partition.to_string()));
        Record { partition, ..sale }
    });
    let records: Vec<Record> = records.collect();

    join_all(records.into_iter().map(|record| scene.app.hear_record(record))).await;

    sums::check(&scene.pool).await;
    let staff = scene.app.as_staff(&["look"]);
    let seen = staff.get("/v1/analytics/overview").await.expect(200);
    assert_eq!((&seen["orders"], &seen["units"]), (&json!(24), &json!(120)));
}
