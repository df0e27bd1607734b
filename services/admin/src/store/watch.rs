//! What staff keep an eye on.

use contracts::user::AccountUpdated;
use kernel::{MessageId, PaymentId};
use sqlx::PgConnection;

use super::word;

/// Keeps an account's standing at `version`.
pub async fn upsert_account(
    conn: &mut PgConnection,
    account: &AccountUpdated,
    version: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into accounts as a (id, version, status) values ($1, $2, $3)
         on conflict (id) do update set version = excluded.version, status = excluded.status
          where a.version < excluded.version",
        account.user_id.as_uuid(),
        version,
        word(&account.status)?,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Money came that nobody asked for.
pub async fn payment_in_review(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments_in_review (id) values ($1) on conflict do nothing",
        id.as_uuid(),
    )
    .execute(conn)
    .await
    .map(drop)
}

/// A mail was refused for good.
pub async fn mail_bounced(conn: &mut PgConnection, id: MessageId) -> sqlx::Result<()> {
    sqlx::query!("insert into bounced_mails (id) values ($1) on conflict do nothing", id.as_uuid(),)
        .execute(conn)
        .await
        .map(drop)
}

/// An event was put aside, or handled after all. Once handled it stays handled.
pub async fn letter(
    conn: &mut PgConnection,
    service: &str,
    consumer: &str,
    topic: &str,
    partition: i32,
    offset: i64,
    open: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into dead_letters as d (service, consumer, topic, partition, record_offset, open)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (service, consumer, topic, partition, record_offset)
            do update set open = d.open and excluded.open",
        service,
        consumer,
        topic,
        partition,
        offset,
        open,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// How much of everything waits for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Sellers that wait for a decision.
    pub sellers: i64,
    /// Products that wait for moderation.
    pub products: i64,
    /// Reviews that wait for moderation.
    pub reviews: i64,
    /// Events that could not be handled.
    pub dead_letters: i64,
    /// Accounts there are.
    pub users: i64,
    /// Mails that were refused for good.
    pub bounced_mails: i64,
    /// Payments somebody must look at.
    pub payments_in_review: i64,
}

/// Counts what waits.
pub async fn open(conn: &mut PgConnection) -> sqlx::Result<Open> {
    sqlx::query_as!(
        Open,
        r#"select (select count(*) from vendors where status = 'submitted') as "sellers!",
                  (select count(*) from products where status = 'proposed') as "products!",
                  (select count(*) from reviews where status = 'submitted') as "reviews!",
                  (select count(*) from dead_letters where open) as "dead_letters!",
                  (select count(*) from accounts where status <> 'erased') as "users!",
                  (select count(*) from bounced_mails) as "bounced_mails!",
                  (select count(*) from payments_in_review) as "payments_in_review!""#,
    )
    .fetch_one(conn)
    .await
}
