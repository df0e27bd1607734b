//! Copies of what sellers and products are called.

use kernel::{ProductId, VendorId};
use sqlx::PgConnection;

/// Keeps the name of a seller, unless a newer one is known.
pub async fn keep_vendor(
    conn: &mut PgConnection,
    id: VendorId,
    name: &str,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into vendors as v (vendor_id, name, version)
         values ($1, $2, $3)
         on conflict (vendor_id) do update set name = excluded.name, version = excluded.version
          where v.version < excluded.version",
        id.as_uuid(),
        name,
        version,
    );
    query.execute(conn).await.map(drop)
}

/// Keeps the title of a product, unless a newer one is known.
pub async fn keep_product(
    conn: &mut PgConnection,
    id: ProductId,
    title: &str,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into products as p (product_id, title, version)
         values ($1, $2, $3)
         on conflict (product_id) do update set title = excluded.title, version = excluded.version
          where p.version < excluded.version",
        id.as_uuid(),
        title,
        version,
    );
    query.execute(conn).await.map(drop)
}
