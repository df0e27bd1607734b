//! What buyers have open, as far as it was heard.

use contracts::cart::PaymentMethod;
use contracts::order::{OrderFact, SellerOrderRef};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CheckoutId, UserId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::domain::standing::Standing;

/// How a way to pay is written in the tables.
pub const fn word(method: PaymentMethod) -> Option<&'static str> {
    match method {
        PaymentMethod::Upi => Some("upi"),
        PaymentMethod::Cod => Some("cod"),
        PaymentMethod::Unknown => None,
    }
}

/// What a buyer has open. Checkouts before `unanswered_since` count as answered; parcels that were turned away before
/// `remembered_since` are forgotten.
pub async fn find(
    conn: &mut PgConnection,
    buyer: UserId,
    unanswered_since: Timestamp,
    remembered_since: Timestamp,
) -> sqlx::Result<Standing> {
    let query = sqlx::query!(
        r#"with unanswered as (
             select checkout_id, method
               from checkouts
              where buyer_id = $1 and requested_at > $2 and answered_at is null
           )
           select (select count(*) from unanswered where method = 'upi') as "unpaid!",
                  (select count(*)
                     from (select checkout_id from cash_parcels where buyer_id = $1 and ended_at is null
                           union select checkout_id from unanswered where method = 'cod') as cash) as "cash!",
                  (select count(*) from cash_parcels
                    where buyer_id = $1 and turned_away_at > $3) as "turned_away!""#,
        buyer.as_uuid(),
        unanswered_since.to_sqlx(),
        remembered_since.to_sqlx(),
    );
    let row = query.fetch_one(conn).await?;
    Ok(Standing { unpaid: row.unpaid, cash: row.cash, turned_away: row.turned_away })
}

/// What was checked out is paid for, or ended.
pub async fn answer(conn: &mut PgConnection, id: CheckoutId, at: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update checkouts set answered_at = $2 where checkout_id = $1 and answered_at is null",
        id.as_uuid(),
        at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Every part of an order will be paid for at the door.
pub async fn insert_parcels(conn: &mut PgConnection, order: &OrderFact) -> sqlx::Result<()> {
    let parts: Vec<Uuid> = order.parts.iter().map(|part| part.seller_order_id.as_uuid()).collect();
    let query = sqlx::query!(
        "insert into cash_parcels (seller_order_id, checkout_id, buyer_id)
         select part, $2, $3 from unnest((select $1::uuid[])) as part
         on conflict do nothing",
        &parts,
        order.checkout_id.as_uuid(),
        order.buyer.as_uuid(),
    );
    query.execute(conn).await.map(drop)
}

/// What became of a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParcelNews {
    /// It arrived, or nothing of it is left.
    pub ended: bool,
    /// It is back, because the buyer did not take it.
    pub turned_away: bool,
}

/// Keeps what became of a parcel. Those that are not paid for at the door are not known here.
pub async fn keep_news(
    conn: &mut PgConnection,
    parcel: &SellerOrderRef,
    news: ParcelNews,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update cash_parcels
            set ended_at = case when $3 then coalesce(ended_at, $2) else ended_at end,
                turned_away_at = case when $4 then $2 else turned_away_at end
          where seller_order_id = $1 and ($3 or $4)",
        parcel.seller_order_id.as_uuid(),
        parcel.at.to_sqlx(),
        news.ended,
        news.turned_away,
    );
    query.execute(conn).await.map(drop)
}
