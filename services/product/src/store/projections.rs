//! Copies of what the neighbours own: sellers and ratings. An older version never overwrites a newer one.

use chassis::row;
use kernel::{ProductId, Rating, VendorId};
use sqlx::PgConnection;

/// Keeps whether a seller may sell.
pub async fn set_seller(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    active: bool,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into sellers as s (vendor_id, active, version) values ($1, $2, $3)
         on conflict (vendor_id) do update
            set active = excluded.active, version = excluded.version
          where s.version < excluded.version",
        vendor_id.as_uuid(),
        active,
        version,
    );
    query.execute(conn).await.map(drop)
}

/// Whether a seller may sell, as far as was heard.
pub async fn is_active(conn: &mut PgConnection, vendor_id: VendorId) -> sqlx::Result<bool> {
    let active =
        sqlx::query_scalar!("select active from sellers where vendor_id = $1", vendor_id.as_uuid())
            .fetch_optional(conn)
            .await?;
    Ok(active.unwrap_or(false))
}

/// Keeps the stars of a product.
pub async fn set_rating(
    conn: &mut PgConnection,
    product_id: ProductId,
    stars: i64,
    reviews: i64,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into ratings as r (product_id, stars, reviews, version) values ($1, $2, $3, $4)
         on conflict (product_id) do update
            set stars = excluded.stars, reviews = excluded.reviews, version = excluded.version
          where r.version < excluded.version",
        product_id.as_uuid(),
        stars,
        reviews,
        version,
    );
    query.execute(conn).await.map(drop)
}

/// What buyers thought, of (stars, reviews); nothing before the first review.
pub(super) fn rating(row: Option<(i64, i64)>) -> sqlx::Result<Rating> {
    let Some((stars, reviews)) = row else { return Ok(Rating::NONE) };
    let sum = row::fit("ratings.stars", u64::try_from(stars))?;
    let count = row::fit("ratings.reviews", u64::try_from(reviews))?;
    Ok(Rating { sum, count })
}
