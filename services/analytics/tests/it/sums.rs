//! The rows themselves, and the roll-ups as they follow from the facts.

use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool};

/// Every table that can be rebuilt.
pub const TABLES: [&str; 15] = [
    "order_facts",
    "seller_order_facts",
    "line_facts",
    "payment_facts",
    "credit_facts",
    "refund_facts",
    "review_facts",
    "addition_facts",
    "vendors",
    "products",
    "days",
    "day_sales",
    "vendor_days",
    "vendor_day_sales",
    "product_day_sales",
];

/// Each roll-up, and the same counted from the facts.
const SUMS: [(&str, &str); 5] = [
    (
        "days",
        "select day, sum(placed) placed, sum(rejected) rejected, sum(cancelled) cancelled,
                sum(delivered) delivered, sum(carts) carts, sum(reviews) reviews
           from (select placed_on as day, 1 placed, 0 rejected, 0 cancelled, 0 delivered, 0 carts, 0 reviews from order_facts
                 union all select rejected_on, 0, 1, 0, 0, 0, 0 from order_facts
                 union all select cancelled_on, 0, 0, 1, 0, 0, 0 from order_facts
                 union all select delivered_on, 0, 0, 0, 1, 0, 0 from order_facts
                 union all select added_on, 0, 0, 0, 0, 1, 0 from (select distinct cart, added_on from addition_facts) c
                 union all select published_on, 0, 0, 0, 0, 0, 1 from review_facts) f
          where day is not null
          group by day",
    ),
    (
        "day_sales",
        "select day, currency, sum(orders) orders, sum(units) units, sum(gross) gross, sum(collected) collected,
                sum(credited) credited, sum(refunded) refunded
           from (select confirmed_on as day, currency, 1 orders, 0 units, total gross, 0 collected, 0 credited, 0 refunded
                   from order_facts where confirmed_on is not null
                 union all select confirmed_on, currency, 0, units, 0, 0, 0, 0 from line_facts
                 union all select collected_on, currency, 0, 0, 0, amount, 0, 0 from payment_facts
                 union all select credited_on, currency, 0, 0, 0, 0, gross, 0 from credit_facts
                 union all select refunded_on, currency, 0, 0, 0, 0, 0, amount from refund_facts) f
          group by day, currency",
    ),
    (
        "vendor_days",
        "select delivered_on as day, vendor_id, count(*) delivered
           from seller_order_facts where delivered_on is not null
          group by delivered_on, vendor_id",
    ),
    (
        "vendor_day_sales",
        "select day, vendor_id, currency, sum(orders) orders, sum(units) units, sum(gross) gross,
                sum(commission) commission, sum(payable) payable, sum(credited) credited,
                sum(credited_payable) credited_payable
           from (select confirmed_on as day, vendor_id, currency, 1 orders, 0 units, gross, commission, payable,
                        0 credited, 0 credited_payable
                   from seller_order_facts where confirmed_on is not null
                 union all select confirmed_on, vendor_id, currency, 0, units, 0, 0, 0, 0, 0 from line_facts
                 union all select credited_on, vendor_id, currency, 0, 0, 0, 0, 0, gross, payable from credit_facts) f
          group by day, vendor_id, currency",
    ),
    (
        "product_day_sales",
        "select confirmed_on as day, product_id, vendor_id, currency, sum(units) units, sum(gross) gross
           from line_facts
          group by confirmed_on, product_id, vendor_id, currency",
    ),
];

async fn rows_of(pool: &PgPool, relation: &str) -> Vec<Value> {
    let sql = format!("select to_jsonb(r) from ({relation}) r order by to_jsonb(r)");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap()
}

/// All rows of all tables that can be rebuilt.
pub async fn rows(pool: &PgPool) -> Vec<(&'static str, Vec<Value>)> {
    let mut all = Vec::new();
    for table in TABLES {
        let rows = rows_of(pool, &format!("select * from {table}")).await;
        assert!(!rows.is_empty(), "{table} is empty");
        all.push((table, rows));
    }
    all
}

/// Asserts that every roll-up is the sum of its facts.
pub async fn check(pool: &PgPool) {
    for (table, from_facts) in SUMS {
        let kept = rows_of(pool, &format!("select * from {table}")).await;
        assert_eq!(kept, rows_of(pool, from_facts).await, "{table}");
    }
}

/// Forgets everything, as an operator does who rebuilds.
pub async fn empty(pool: &PgPool) {
    let sql = format!("truncate {}, chassis.consumer_offset", TABLES.join(", "));
    sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap();
}
