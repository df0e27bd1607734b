//! What was checked out, in `PostgreSQL`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CheckoutId, UserId};
use sqlx::PgConnection;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout<'a> {
    pub id: CheckoutId,
    pub buyer: UserId,
    /// The key under which it was asked for.
    pub key: &'a str,
    /// What was asked, hashed.
    pub request: &'a [u8],
    /// The cart it was made of.
    pub cart_version: i64,
    /// How it will be paid for, in the word for it.
    pub method: Option<&'static str>,
    pub at: Timestamp,
}

/// Waits until no other checkout of the buyer is under way, and keeps it so until the commit.
pub async fn take_turn(conn: &mut PgConnection, buyer: UserId) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))",
        format!("checkout {buyer}"),
    );
    query.fetch_one(conn).await.map(drop)
}

/// The checkout that was asked for under this key, and what was asked.
pub async fn find(
    conn: &mut PgConnection,
    buyer: UserId,
    key: &str,
) -> sqlx::Result<Option<(CheckoutId, Vec<u8>)>> {
    let query = sqlx::query!(
        "select checkout_id, request from checkouts where buyer_id = $1 and key = $2",
        buyer.as_uuid(),
        key,
    );
    let found = query.fetch_optional(conn).await?;
    Ok(found.map(|row| (row.checkout_id, row.request)))
}

/// The version up to which the buyer's cart was ordered.
pub async fn find_last_version(
    conn: &mut PgConnection,
    buyer: UserId,
) -> sqlx::Result<Option<i64>> {
    let query = sqlx::query_scalar!(
        "select max(cart_version) from checkouts where buyer_id = $1",
        buyer.as_uuid(),
    );
    query.fetch_one(conn).await
}

/// When the buyer checked out the `nth` last time.
pub async fn find_nth_last(
    conn: &mut PgConnection,
    buyer: UserId,
    nth: u32,
) -> sqlx::Result<Option<Timestamp>> {
    let query = sqlx::query_scalar!(
        "select requested_at
           from checkouts
          where buyer_id = $1
          order by requested_at desc
         offset $2
          limit 1",
        buyer.as_uuid(),
        i64::from(nth.saturating_sub(1)),
    );
    let at = query.fetch_optional(conn).await?;
    Ok(at.map(jiff_sqlx::Timestamp::to_jiff))
}

pub async fn insert(conn: &mut PgConnection, new: &Checkout<'_>) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into checkouts (checkout_id, buyer_id, key, request, cart_version, requested_at, method)
         values ($1, $2, $3, $4, $5, $6, $7)",
        new.id.as_uuid(),
        new.buyer.as_uuid(),
        new.key,
        new.request,
        new.cart_version,
        new.at.to_sqlx(),
        new.method,
    );
    query.execute(conn).await.map(drop)
}
