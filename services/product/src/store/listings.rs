//! Which products a list shows, newest first, and what the shelf says of them.

use std::collections::BTreeSet;

use kernel::{CategorySlug, ProductId, Sku, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::read;

/// Which products of the shelf are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// On this shelf or one below it.
    pub category: Option<CategorySlug>,
    /// Of this seller.
    pub vendor_id: Option<VendorId>,
    /// Only this one.
    pub product_id: Option<ProductId>,
}

/// Published products of sellers who may sell, older than `after`.
pub async fn list_published(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Option<ProductId>,
    rows: i64,
) -> sqlx::Result<Vec<ProductId>> {
    let ids = sqlx::query_scalar!(
        "with recursive below as (
             select slug from categories where slug = $1
             union all
             select c.slug from categories c join below b on c.parent = b.slug
         )
         select p.id
           from products p
           join sellers s on s.vendor_id = p.vendor_id and s.active
          where p.status = 'published'
            and ($1::text is null or p.category in (select slug from below))
            and ($2::uuid is null or p.vendor_id = $2)
            and ($3::uuid is null or p.id = $3)
            and ($4::uuid is null or p.id < $4)
          order by p.id desc
          limit $5",
        filter.category.as_ref().map(CategorySlug::as_str),
        filter.vendor_id.map(|id| id.as_uuid()),
        filter.product_id.map(|id| id.as_uuid()),
        after.map(|id| id.as_uuid()),
        rows,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(ProductId::from_uuid).collect())
}

/// All products of a seller, older than `after`.
pub async fn list_own(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    after: Option<ProductId>,
    rows: i64,
) -> sqlx::Result<Vec<ProductId>> {
    let ids = sqlx::query_scalar!(
        "select id from products
          where vendor_id = $1 and ($2::uuid is null or id < $2)
          order by id desc
          limit $3",
        vendor_id.as_uuid(),
        after.map(|id| id.as_uuid()),
        rows,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(ProductId::from_uuid).collect())
}

/// The SKUs of these products of which some are left.
pub async fn list_in_stock(
    conn: &mut PgConnection,
    products: &[ProductId],
) -> sqlx::Result<BTreeSet<Sku>> {
    let ids: Vec<Uuid> = products.iter().map(ProductId::as_uuid).collect();
    let skus = sqlx::query_scalar!(
        "select s.sku
           from stock s
           join variants v on v.sku = s.sku
          where v.product_id = any($1) and s.available > 0",
        &ids,
    )
    .fetch_all(conn)
    .await?;
    skus.iter().map(|sku| read("stock.sku", Sku::parse(sku))).collect()
}
