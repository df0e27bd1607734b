//! What staff keep an eye on.

use contracts::order::{ReturnChanged, ReturnState};
use contracts::payment::RefundRef;
use contracts::user::AccountUpdated;
use jiff_sqlx::ToSqlx;
use kernel::{MessageId, PaymentId, RefundId};
use sqlx::PgConnection;

use super::word;

/// Keeps an account's standing at `version`.
pub async fn upsert_account(
    conn: &mut PgConnection,
    account: &AccountUpdated,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into accounts as a (id, version, status) values ($1, $2, $3)
         on conflict (id) do update set version = excluded.version, status = excluded.status
          where a.version < excluded.version",
        account.user_id.as_uuid(),
        version,
        word(&account.status)?,
    );
    query.execute(conn).await.map(drop)
}

/// Money came that nobody asked for.
pub async fn payment_in_review(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into payments_in_review (id, open) values ($1, true)
         on conflict (id) do update set open = true",
        id.as_uuid(),
    );
    query.execute(conn).await.map(drop)
}

/// Nothing of what came for a payment waits any more.
pub async fn payment_reviewed(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<()> {
    sqlx::query!("update payments_in_review set open = false where id = $1", id.as_uuid())
        .execute(conn)
        .await
        .map(drop)
}

/// Somebody gave money back on the provider's own pages. What was taken over by a credit stays so.
pub async fn foreign_refund(conn: &mut PgConnection, refund: &RefundRef) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into foreign_refunds (id, open, amount, currency) values ($1, true, $2, $3)
         on conflict (id) do update set amount = excluded.amount, currency = excluded.currency",
        refund.refund_id.as_uuid(),
        refund.amount.minor(),
        refund.amount.currency().as_str(),
    );
    query.execute(conn).await.map(drop)
}

/// A refund has to be made by a person. One that was made stays made.
pub async fn refund_waits(conn: &mut PgConnection, id: RefundId) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into refunds_by_hand (id, open) values ($1, true) on conflict do nothing",
        id.as_uuid(),
    );
    query.execute(conn).await.map(drop)
}

/// A refund is made, by whomever.
pub async fn refund_made(conn: &mut PgConnection, id: RefundId) -> sqlx::Result<()> {
    let query = sqlx::query!("update refunds_by_hand set open = false where id = $1", id.as_uuid());
    query.execute(&mut *conn).await?;
    let query = sqlx::query!("update foreign_refunds set open = false where id = $1", id.as_uuid());
    query.execute(conn).await.map(drop)
}

/// A return came to stand elsewhere: it is contested there, or no more. Nothing is kept of those that never were.
pub async fn return_moved(conn: &mut PgConnection, event: &ReturnChanged) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "merge into returns_contested as r
         using (select $1::uuid as id, $2::boolean as open, $3::timestamptz as at) as now
         on r.id = now.id
         when matched and r.at <= now.at then update set open = now.open, at = now.at
         when not matched and now.open then insert (id, open, at) values (now.id, now.open, now.at)",
        event.return_id.as_uuid(),
        event.state == ReturnState::Contested,
        event.seller_order.at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
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
    let query = sqlx::query!(
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
    );
    query.execute(conn).await.map(drop)
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
    /// Refunds that somebody must make.
    pub refunds_by_hand: i64,
    /// Returns that somebody must decide about.
    pub returns_contested: i64,
    /// Refunds that somebody made at the provider.
    pub foreign_refunds: i64,
    /// Disputes that wait for the bank, or for somebody who says who bears them.
    pub disputes: i64,
    /// Payouts that wait for a second member of staff.
    pub payouts_waiting: i64,
}

pub async fn open(conn: &mut PgConnection) -> sqlx::Result<Open> {
    let query = sqlx::query_as!(
        Open,
        r#"select (select count(*) from vendors where status = 'submitted') as "sellers!",
                  (select count(*) from products where status = 'proposed') as "products!",
                  (select count(*) from reviews where status = 'submitted') as "reviews!",
                  (select count(*) from dead_letters where open) as "dead_letters!",
                  (select count(*) from accounts where status <> 'erased') as "users!",
                  (select count(*) from bounced_mails) as "bounced_mails!",
                  (select count(*) from payments_in_review where open) as "payments_in_review!",
                  (select count(*) from refunds_by_hand where open) as "refunds_by_hand!",
                  (select count(*) from foreign_refunds where open) as "foreign_refunds!",
                  (select count(*) from disputes where waiting) as "disputes!",
                  (select count(*) from payouts where state = 'waiting') as "payouts_waiting!",
                  (select count(*) from returns_contested where open) as "returns_contested!""#,
    );
    query.fetch_one(conn).await
}
