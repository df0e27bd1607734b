//! A seller counts its stock.

use contracts::product::{StockLevel, StockLevelChanged};
use futures::future::join_all;
use serde_json::json;
use sqlx::PgPool;

use crate::stage::{Checkout, Seller, assert_books, forget, lamp, open, shop};

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn only_a_change_of_the_coarse_level_is_said(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    seller.draft(lamp(&["L-18"])).await;
    forget(&mall).await;
    for quantity in [1, 4, 1, 100, -99, -2, -5] {
        seller.receive("L-18", quantity).await;
    }
    let levels = mall.emitted::<StockLevelChanged>().await;
    let levels: Vec<_> = levels.iter().map(|l| l.level).collect();
    // 1, 5, 6, 106, 7, 5, 0
    assert_eq!(levels, [StockLevel::Low, StockLevel::In, StockLevel::Low, StockLevel::Out]);
    assert_eq!(
        seller.stock("L-18").await,
        json!({ "sku": "L-18", "received": 0, "available": 0, "held": 0, "committed": 0,
                "shipped": 0, "level": "out" })
    );
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn the_same_key_counts_once(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    seller.draft(lamp(&["L-18"])).await;
    let (client, path) = (seller.client.clone().key("box 7"), seller.path("/stock/L-18/movements"));
    let bad = client.post(&path, json!({ "quantity": 10, "reason": "delivery" })).await;
    bad.problem(422, "validation-error");
    let client = seller.client.clone().key("box-7");
    let first = client.post(&path, json!({ "quantity": 10, "reason": "delivery" })).await;
    let again = client.post(&path, json!({ "quantity": 10, "reason": "delivery" })).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let first = first.expect(201);
    assert_eq!(first, again.expect(201));
    assert_eq!(
        (first["quantity"].as_i64(), first["stock"]["level"].as_str()),
        (Some(10), Some("in"))
    );
    assert_eq!(seller.counters("L-18").await, [10, 0, 0, 0]);
    let other = client.post(&path, json!({ "quantity": 11, "reason": "delivery" })).await;
    other.problem(422, "idempotency/key-reused");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn twenty_at_once_with_one_key_count_once(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    seller.draft(lamp(&["L-18"])).await;
    let (client, path) = (seller.client.clone().key("box-7"), seller.path("/stock/L-18/movements"));
    let body = json!({ "quantity": 10, "reason": "delivery" });
    let asks = (0..20).map(|_| client.post(&path, &body));
    let answers: Vec<_> = join_all(asks).await.into_iter().map(|a| a.expect(201)).collect();
    assert!(answers.iter().all(|a| a == &answers[0]), "{answers:?}");
    assert_eq!(seller.counters("L-18").await, [10, 0, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn what_is_held_cannot_be_written_off(pool: PgPool) {
    let (mall, seller) = shop(pool, &["L-18"], 5).await;
    mall.deliver(Checkout::of(&mall, &[("L-18", 3)]).reserve()).await;
    let path = seller.path("/stock/L-18/movements");
    let too_much = seller.client.post(&path, json!({ "quantity": -3, "reason": "broken" })).await;
    too_much.problem(409, "product/stock-negative");
    seller.receive("L-18", -2).await;
    assert_eq!(seller.counters("L-18").await, [0, 3, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_movement_is_some_pieces_with_a_reason(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    seller.draft(lamp(&["L-18"])).await;
    let path = seller.path("/stock/L-18/movements");
    for body in [
        json!({ "quantity": 0, "reason": "x" }),
        json!({ "quantity": 1_000_001, "reason": "x" }),
        json!({ "quantity": 1e30, "reason": "x" }),
        json!({ "quantity": "1", "reason": "x" }),
        json!({ "quantity": 1.5, "reason": "x" }),
        json!({ "quantity": 1, "reason": "" }),
        json!({ "quantity": 1, "reason": "a\u{1b}[0m" }),
        json!({ "quantity": 1 }),
    ] {
        seller.client.post(&path, body).await.problem(422, "validation-error");
    }
    let body = json!({ "quantity": 1, "reason": "x", "made_by": "me" });
    seller.client.post(&path, body).await.problem(400, "unknown-field");
    assert_eq!(seller.counters("L-18").await, [0, 0, 0, 0]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn the_ledger_and_the_sums_are_guarded_by_the_database(pool: PgPool) {
    let mall = open(pool.clone()).await;
    let seller = Seller::new(&mall);
    seller.draft(lamp(&["L-18"])).await;
    seller.receive("L-18", 5).await;
    for forbidden in [
        "update movements set quantity = 6",
        "delete from movements",
        "update stock set available = available + 1",
        "update stock set available = -1, received = -1",
    ] {
        assert!(sqlx::query(forbidden).execute(&pool).await.is_err(), "{forbidden}");
    }
    assert_books(&mall).await;
}
