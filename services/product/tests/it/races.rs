//! Many at once.

use contracts::product::{StockRejected, StockReserved};
use futures::future::join_all;
use sqlx::PgPool;
use testkit::eventually;

use crate::stage::{Checkout, Mall, Seller, assert_books, forget, open, shop};

/// Hears all at once: each on a partition of its own, so each in a transaction of its own.
async fn reserve_at_once(mall: &Mall, checkouts: &[Checkout]) {
    let hearing = checkouts.iter().enumerate().map(|(partition, checkout)| {
        let mut record = mall.record(&checkout.reserve());
        record.partition = i32::try_from(partition).expect("a small number");
        mall.deliver_record(record)
    });
    join_all(hearing).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn of_two_hundred_who_want_the_last_piece_one_gets_it(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 1).await;
    let checkouts: Vec<_> = (0..200).map(|_| Checkout::of(&mall, &[("LAMP", 1)])).collect();
    reserve_at_once(&mall, &checkouts).await;
    assert_eq!(mall.emitted::<StockReserved>().await.len(), 1);
    assert_eq!(mall.emitted::<StockRejected>().await.len(), 199);
    assert_eq!(seller.counters("LAMP").await, [0, 1, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn lines_in_any_order_do_not_wait_for_each_other_for_ever(pool: PgPool) {
    let (mall, seller) = shop(pool, &["A", "B", "C"], 40).await;
    let orders = [["A", "B", "C"], ["C", "B", "A"], ["B", "C", "A"]];
    let wanted = |n: usize| orders[n % 3].map(|sku| (sku, 1));
    let checkouts: Vec<_> = (0..60).map(|n| Checkout::of(&mall, &wanted(n))).collect();
    reserve_at_once(&mall, &checkouts).await;
    assert_eq!(mall.emitted::<StockReserved>().await.len(), 40);
    assert_eq!(mall.emitted::<StockRejected>().await.len(), 20);
    for sku in ["A", "B", "C"] {
        assert_eq!(seller.counters(sku).await, [0, 40, 0, 0]);
    }
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn facts_about_one_checkout_from_two_topics_take_turns(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 20).await;
    for _ in 0..10 {
        let checkout = Checkout::of(&mall, &[("LAMP", 1)]);
        let (reserve, confirm) =
            (mall.record(&checkout.reserve()), mall.record(&checkout.confirmed()));
        futures::join!(mall.deliver_record(reserve), mall.deliver_record(confirm));
    }
    assert_eq!(seller.counters("LAMP").await, [10, 0, 10, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn the_last_pieces_are_written_off_or_held_but_never_both(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 10).await;
    forget(&mall).await;
    let checkouts: Vec<_> = (0..10).map(|_| Checkout::of(&mall, &[("LAMP", 1)])).collect();
    let path = seller.path("/stock/LAMP/movements");
    let body = serde_json::json!({ "quantity": -1, "reason": "broken" });
    let write_offs = join_all((0..10).map(|_| seller.client.post(&path, &body)));
    let ((), answers) = futures::join!(reserve_at_once(&mall, &checkouts), write_offs);
    let written_off = answers.iter().filter(|a| a.status.as_u16() == 201).count();
    let refused = answers.iter().filter(|a| a.status.as_u16() == 409).count();
    assert_eq!(written_off + refused, 10);
    let held = mall.emitted::<StockReserved>().await.len();
    assert_eq!(written_off + held, 10);
    assert_books(&mall).await;
}

/// Whether somebody waits for a lock in this database.
async fn somebody_waits(pool: &PgPool) {
    eventually("somebody waits for a lock", async || {
        let waiting = "select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'";
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(pool).await.expect("a number");
        (waiting > 0).then_some(())
    })
    .await;
}

/// A batch holds what it has locked until its end: what it still waits for must come after all of that.
#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_batch_locks_in_the_order_of_the_skus_whatever_the_order_of_its_events(pool: PgPool) {
    let mall = open(pool.clone()).await;
    let seller = Seller::approved(&mall).await;
    seller.sells(&mall, &["A", "B"], 10).await;
    let held = Checkout::of(&mall, &[("A", 1), ("B", 1)]);
    mall.deliver(held.reserve()).await;
    let wants = |sku| Checkout::of(&mall, &[(sku, 1)]).reserve();
    let lock = "select sku from stock where sku = $1 for update nowait";

    let mut other = mall.db().begin().await.unwrap();
    sqlx::query(lock).bind("A").fetch_one(other.conn()).await.unwrap();
    let batch = [mall.record(&wants("B")), mall.record(&wants("A"))];
    let free = async {
        somebody_waits(&pool).await;
        sqlx::query(lock).bind("B").fetch_one(other.conn()).await.expect("B is still free");
        other.commit().await.unwrap();
    };
    futures::join!(mall.deliver_batch(&batch), free);

    assert_eq!(seller.counters("A").await, [8, 2, 0, 0]);
    assert_eq!(seller.counters("B").await, [8, 2, 0, 0]);
    assert_books(&mall).await;
}
