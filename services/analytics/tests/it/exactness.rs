//! Whatever comes twice or in another order: the same rows.

use chassis::record::Record;
use contracts::vendor::VendorChanged;
use futures::future::join_all;
use kernel::{EventId, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::scene::{Scene, confirmed, peacock};
use crate::sums;

/// One record of each topic in turn, so that topics are mixed and each keeps its order.
fn braided(story: &[Vec<Record>]) -> Vec<Record> {
    let longest = story.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest)
        .flat_map(|n| story.iter().rev().filter_map(move |topic| topic.get(n)))
        .cloned()
        .collect()
}

/// A story that was told, and the rows it makes.
struct Told {
    scene: Scene,
    story: Vec<Vec<Record>>,
    rows: Vec<(&'static str, Vec<Value>)>,
}

impl Told {
    async fn once(pool: PgPool) -> Self {
        let scene = Scene::set(pool).await;
        let story = scene.story();
        scene.deliver_all(story.concat()).await;
        sums::check(&scene.pool).await;
        let rows = sums::rows(&scene.pool).await;
        Self { scene, story, rows }
    }

    /// Forgets everything and hears `records`: they make the same rows.
    async fn is_the_same_by(&self, records: Vec<Record>) {
        sums::empty(&self.scene.pool).await;
        self.scene.deliver_all(records).await;
        assert_eq!(sums::rows(&self.scene.pool).await, self.rows);
        sums::check(&self.scene.pool).await;
    }
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn what_is_heard_twice_counts_once(pool: PgPool) {
    let Told { scene, story, rows } = Told::once(pool).await;

    // The same records again; the same events at other offsets; the same facts said anew.
    scene.deliver_all(story.concat()).await;
    let moved =
        |far: i64| move |record: &Record| Record { offset: record.offset + far, ..record.clone() };
    scene.deliver_all(story.concat().iter().map(moved(1_000))).await;
    let anew = story.concat().into_iter().map(|mut record| {
        record.offset += 2_000;
        record.headers.insert("ce_id".into(), EventId::new().to_string());
        record
    });
    scene.deliver_all(anew).await;

    assert_eq!(sums::rows(&scene.pool).await, rows);
    sums::check(&scene.pool).await;
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn what_comes_in_another_order_makes_the_same_rows(pool: PgPool) {
    let told = Told::once(pool).await;

    // Last things first: deliveries before sales, sales before orders.
    let mut backwards: Vec<Record> = told.story.concat().into_iter().rev().collect();
    for (offset, record) in (0..).zip(&mut backwards) {
        record.offset = offset;
    }
    told.is_the_same_by(backwards).await;
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn a_rebuild_from_the_first_offset_makes_the_same_rows(pool: PgPool) {
    let told = Told::once(pool).await;
    told.is_the_same_by(braided(&told.story)).await;
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn sales_heard_at_once_from_many_partitions_all_count(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let records = (0..24).map(|partition| {
        let sale = scene.app.record(&confirmed(&partition.to_string()));
        Record { partition, ..sale }
    });
    let records: Vec<Record> = records.collect();

    join_all(records.into_iter().map(|record| scene.app.deliver_record(record))).await;

    sums::check(&scene.pool).await;
    let staff = scene.app.as_staff(&["look"]);
    let seen = staff.get("/v1/analytics/overview").await.expect(200);
    assert_eq!((&seen["orders"], &seen["units"]), (&json!(24), &json!(120)));
}

#[sqlx::test(migrator = "analytics::MIGRATOR")]
async fn a_name_that_no_table_can_hold_is_put_aside_and_the_next_is_heard(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let named = |name: &str, id: VendorId| {
        let seller = VendorChanged { vendor_id: id, display_name: name.into(), ..sample() };
        scene.app.record(&seller)
    };
    let odd = "<script>\u{202e}=1+1";
    scene.app.deliver_record(named("a\0b", VendorId::new())).await;
    scene.app.deliver_record(named(odd, peacock())).await;
    scene.app.deliver_record(scene.app.record(&confirmed("1"))).await;

    let letters = chassis::dead_letters::list(scene.app.db()).await.unwrap();
    assert_eq!(
        letters.iter().map(|l| l.problem.as_str()).collect::<Vec<_>>(),
        ["validation-error"]
    );
    let seen = scene.app.as_staff(&["look"]).get("/v1/analytics/overview").await;
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.expect(200)["by_seller"][1]["vendor_name"], odd);
}
