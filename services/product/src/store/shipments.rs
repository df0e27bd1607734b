//! Which parcels were shipped, so that each counts once, and those that came before their commit.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::CheckoutId;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::demand::Demand;
use crate::domain::parcel::ParcelRef;

/// Notes a parcel down. Returns whether it is news.
pub async fn insert(
    conn: &mut PgConnection,
    checkout_id: CheckoutId,
    parcel: ParcelRef,
    contents: &Demand,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "insert into parcels (parcel_id, seller_order_id, checkout_id, lines, created_at)
         select $1, $2, $3, $4, $5
          where not exists (select from shipments where seller_order_id = $1)
         on conflict (parcel_id) do nothing",
        parcel.id.as_uuid(),
        parcel.seller_order_id.as_uuid(),
        checkout_id.as_uuid(),
        Json(contents) as _,
        now.to_sqlx(),
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Parcels of a checkout that left before their pieces were sold.
pub async fn list_waiting(
    conn: &mut PgConnection,
    checkout_id: CheckoutId,
) -> sqlx::Result<Vec<(ParcelRef, Demand)>> {
    let query = sqlx::query!(
        r#"select parcel_id as "id!: kernel::ParcelId",
                  seller_order_id as "seller_order_id!: kernel::SellerOrderId",
                  lines as "lines!: Json<Demand>"
             from (select parcel_id, seller_order_id, lines
                     from parcels
                    where checkout_id = $1 and applied_at is null
                    union all
                   select seller_order_id, seller_order_id, lines
                     from shipments
                    where checkout_id = $1 and applied_at is null) waiting
            order by parcel_id"#,
        checkout_id.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    let parcel = |(id, seller_order_id)| ParcelRef { id, seller_order_id };
    Ok(rows.into_iter().map(|r| (parcel((r.id, r.seller_order_id)), r.lines.0)).collect())
}

/// The pieces of a parcel have left the books.
pub async fn set_applied(
    conn: &mut PgConnection,
    parcel: ParcelRef,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "with earlier as (
             update shipments set applied_at = $2 where seller_order_id = $1 and applied_at is null)
         update parcels set applied_at = $2 where parcel_id = $1 and applied_at is null",
        parcel.id.as_uuid(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}
