//! One key, one effect, one answer.

use std::collections::BTreeMap;

use redis::AsyncCommands as _;
use serde_json::Value;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::check::Finding;
use super::rows;
use super::stand::{Corner, Stand};

/// What an answer names, and where it must be: service, member of the answer, table, column.
const MADE: [(&str, &str, &str, &str); 5] = [
    ("email", "message_id", "messages", "message_id"),
    ("product", "product_id", "products", "id"),
    ("rating", "review_id", "reviews", "id"),
    ("vendor", "vendor_id", "vendors", "id"),
    ("vendor", "document_id", "kyc_documents", "id"),
];

/// 7: one user and key, at most one effect and one answer.
pub async fn once(stand: &Stand) -> anyhow::Result<Finding> {
    let mut found = Finding::default();
    for (service, db) in &stand.databases {
        found.checked += rows::count(db, "chassis.idempotency").await?;
        let open = rows::wrong(
            db,
            "select format('user %s used key %s at %s and never got an answer', scope, key, created_at)
               from chassis.idempotency where status is null
             union all
             select format('user %s has %s answers under key %s', scope, count(*), key)
               from chassis.idempotency group by scope, key having count(*) > 1",
        );
        found.violations.extend(open.await?.into_iter().map(|wrong| format!("{service}: {wrong}")));
        for (_, member, table, column) in MADE.iter().filter(|made| made.0 == *service) {
            found.violations.extend(made(service, db, (member, table, column)).await?);
        }
    }
    if let (Some(carts), Some(orders)) = (&stand.carts, stand.databases.get("order")) {
        found.add(checkouts(carts, orders).await?);
    }
    Ok(found)
}

/// What was answered exists, and no two keys made the same thing.
async fn made(
    service: &str,
    db: &PgPool,
    (member, table, column): (&str, &str, &str),
) -> anyhow::Result<Vec<String>> {
    let answers =
        sqlx::query("select scope, key, body from chassis.idempotency where status = 201")
            .fetch_all(db)
            .await?;
    let mut by_id: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for row in &answers {
        let body: Option<Vec<u8>> = row.try_get("body")?;
        let body: Value = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
        let Some(id) = body[member].as_str().and_then(|id| id.parse().ok()) else { continue };
        let (scope, key): (String, String) = (row.try_get("scope")?, row.try_get("key")?);
        by_id.entry(id).or_default().push(format!("{key} of user {scope}"));
    }
    let mut wrong = Vec::new();
    for (id, keys) in by_id.iter().filter(|(_, keys)| keys.len() > 1) {
        wrong.push(format!(
            "{service}: the {member} {id} was answered to two keys: {}",
            keys.join(", ")
        ));
    }
    let ids: Vec<Uuid> = by_id.keys().copied().collect();
    for id in rows::missing(db, (table, column), &ids).await? {
        wrong.push(format!(
            "{service}: key {} was answered with {member} {id}, but {table} has no such row",
            by_id[&id].join(", ")
        ));
    }
    Ok(wrong)
}

/// Every answer of the till has become one order, under one key.
async fn checkouts(carts: &Corner, orders: &PgPool) -> anyhow::Result<Finding> {
    let mut by_id: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for key in carts.keys("cart:answer:").await? {
        let kept: Option<String> =
            carts.redis.clone().get(format!("{}{key}", carts.prefix)).await?;
        let kept: Value = serde_json::from_str(&kept.unwrap_or_default()).unwrap_or_default();
        let body: Value =
            serde_json::from_str(kept["body"].as_str().unwrap_or_default()).unwrap_or_default();
        let Some(id) = body["checkout_id"].as_str().and_then(|id| id.parse().ok()) else {
            continue;
        };
        let key = key.strip_prefix("cart:answer:").unwrap_or_default().to_owned();
        by_id.entry(id).or_default().push(key);
    }
    let mut found = Finding { checked: by_id.len(), ..Finding::default() };
    for (id, keys) in by_id.iter().filter(|(_, keys)| keys.len() > 1) {
        found
            .violations
            .push(format!("cart: checkout {id} was answered to two keys: {}", keys.join(", ")));
    }
    let ids: Vec<Uuid> = by_id.keys().copied().collect();
    for id in rows::missing(orders, ("orders", "checkout_id"), &ids).await? {
        found.violations.push(format!(
            "cart: {} was answered with checkout {id}, but order has no order of it",
            by_id[&id].join(", ")
        ));
    }
    Ok(found)
}
