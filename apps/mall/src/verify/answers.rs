//! One key, one effect, one answer.

use std::collections::BTreeMap;

use redis::AsyncCommands as _;
use serde_json::Value;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::check::Finding;
use super::rows;
use super::stack::{RedisKeyspace, StackHandles};

/// What an answer names, and where it must be: service, member of the answer, table, column.
const MADE: [(&str, &str, &str, &str); 6] = [
    ("cart", "checkout_id", "checkouts", "checkout_id"),
    ("email", "message_id", "messages", "message_id"),
    ("product", "product_id", "products", "id"),
    ("rating", "review_id", "reviews", "id"),
    ("vendor", "vendor_id", "vendors", "id"),
    ("vendor", "document_id", "kyc_documents", "id"),
];

/// 7: one user and key, at most one effect and one answer.
pub async fn once(stack: &StackHandles) -> anyhow::Result<Finding> {
    let mut found = Finding::default();
    for (service, db) in &stack.databases {
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
            found.violations.extend(made(service, db, member, table, column).await?);
        }
    }
    if let (Some(till), Some(orders)) = (stack.databases.get("cart"), stack.databases.get("order"))
    {
        found.add(ordered(till, orders).await?);
    }
    if let (Some(till), Some(carts)) = (stack.databases.get("cart"), &stack.carts) {
        found.add(left(till, carts).await?);
    }
    Ok(found)
}

/// What was answered exists, and no two keys made the same thing.
async fn made(
    service: &str,
    db: &PgPool,
    member: &str,
    table: &str,
    column: &str,
) -> anyhow::Result<Vec<String>> {
    let answers =
        sqlx::query("select scope, key, body from chassis.idempotency where status in (201, 202)")
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
    for id in rows::missing(db, table, column, &ids).await? {
        wrong.push(format!(
            "{service}: key {} was answered with {member} {id}, but {table} has no such row",
            by_id[&id].join(", ")
        ));
    }
    Ok(wrong)
}

const SAID: &str = "
    select format('cart: checkout %s of user %s was never said', checkout_id, buyer_id)
      from checkouts c
     where not exists (select from chassis.event_version
                        where topic = 'cart.checkout.evt.v1' and key = c.checkout_id::text)";

/// Every checkout was said and became an order.
async fn ordered(till: &PgPool, orders: &PgPool) -> anyhow::Result<Finding> {
    let ids: Vec<Uuid> =
        sqlx::query_scalar("select checkout_id from checkouts").fetch_all(till).await?;
    let mut violations = rows::wrong(till, SAID).await?;
    for id in rows::missing(orders, "orders", "checkout_id", &ids).await? {
        violations.push(format!("cart: checkout {id} was kept, but order has no order of it"));
    }
    Ok(Finding { checked: ids.len(), violations, unseen: Vec::new() })
}

/// Up to which version each buyer's cart was ordered, unless it is still to be emptied.
const ORDERED: &str = "
    select buyer_id, max(cart_version)
      from checkouts c
     where not exists (select from chassis.job
                        where kind = 'settle' and payload ->> 'buyer' = c.buyer_id::text)
     group by buyer_id";

/// What was ordered has left the cart.
async fn left(till: &PgPool, carts: &RedisKeyspace) -> anyhow::Result<Finding> {
    let ordered: Vec<(Uuid, i64)> = sqlx::query_as(ORDERED).fetch_all(till).await?;
    let mut found = Finding { checked: ordered.len(), ..Finding::default() };
    for (buyer, version) in ordered {
        let name = format!("{}cart:of:{buyer}", carts.prefix);
        let fields: BTreeMap<String, String> = carts.redis.clone().hgetall(name).await?;
        for (field, line) in fields {
            let Some(sku) = field.strip_prefix("l:") else { continue };
            let set_at = line.split(' ').next().and_then(|v| v.parse::<i64>().ok()).unwrap_or(0);
            if set_at <= version {
                found.violations.push(format!(
                    "cart: {sku} of user {buyer} was ordered at version {version}, but is in the cart since {set_at}"
                ));
            }
        }
    }
    Ok(found)
}
