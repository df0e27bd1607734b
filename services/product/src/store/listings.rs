//! Which products a list shows, newest first, and what the shelf says of them.

use kernel::{CategorySlug, ProductId, Rating, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{projections, variants};
use crate::domain::product::Variant;

/// Which products of the shelf are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// On this shelf or one below it.
    pub category: Option<CategorySlug>,
    pub vendor_id: Option<VendorId>,
}

/// A published product as the shelf shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    pub id: ProductId,
    pub vendor_id: VendorId,
    /// What it is called.
    pub title: String,
    pub description: String,
    /// The shelf it stands on.
    pub category: CategorySlug,
    /// What can be bought, and whether some are left.
    pub variants: Vec<(Variant, bool)>,
    /// What buyers thought of it.
    pub rating: Rating,
}

/// Published products of sellers who may sell, older than `after`.
pub async fn list_published(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Option<ProductId>,
    rows: i64,
) -> sqlx::Result<Vec<ProductId>> {
    if *filter == Filter::default() {
        return list_newest(conn, after, rows).await;
    }
    let query = sqlx::query_scalar!(
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
            and ($3::uuid is null or p.id < $3)
          order by p.id desc
          limit $4",
        filter.category.as_ref().map(CategorySlug::as_str),
        filter.vendor_id.map(|id| id.as_uuid()),
        after.map(|id| id.as_uuid()),
        rows,
    );
    query.fetch_all(conn).await
}

/// The page that most people see, without a filter: its plan is kept.
async fn list_newest(
    conn: &mut PgConnection,
    after: Option<ProductId>,
    rows: i64,
) -> sqlx::Result<Vec<ProductId>> {
    let query = sqlx::query_scalar!(
        "select p.id
           from products p
           join sellers s on s.vendor_id = p.vendor_id and s.active
          where p.status = 'published' and p.id < $1
          order by p.id desc
          limit (select $2::bigint)",
        after.map_or(Uuid::max(), |id| id.as_uuid()),
        rows,
    );
    query.fetch_all(conn).await
}

/// Whether a product stands on the shelf.
pub async fn is_published(conn: &mut PgConnection, id: ProductId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (
               select from products p join sellers s on s.vendor_id = p.vendor_id and s.active
                where p.id = $1 and p.status = 'published') as "published!""#,
        id.as_uuid(),
    );
    query.fetch_one(conn).await
}

/// What the shelf shows of these products, newest first.
pub async fn list_shelved(
    conn: &mut PgConnection,
    ids: &[ProductId],
) -> sqlx::Result<Vec<Shelved>> {
    let ids: Vec<Uuid> = ids.iter().map(ProductId::as_uuid).collect();
    let query = sqlx::query!(
        r#"select p.id, p.vendor_id, p.title, p.description, p.category, v.sku, v.options,
                  v.price_minor, v.currency,
                  coalesce(s.available > 0, false) as "in_stock!", r.stars as "stars?", r.reviews as "reviews?"
             from products p
             join variants v on v.product_id = p.id
             left join stock s on s.sku = v.sku
             left join ratings r on r.product_id = p.id
            where p.id = any((select $1::uuid[])::uuid[])
            order by p.id desc, v.position"#,
        &ids,
    );
    let mut shelf: Vec<Shelved> = Vec::with_capacity(ids.len());
    for row in query.fetch_all(conn).await? {
        let price = variants::price(row.price_minor, row.currency)?;
        let variant = Variant { sku: row.sku, options: row.options.0, price };
        let variant = (variant, row.in_stock);
        match shelf.last_mut().filter(|last| last.id == row.id) {
            Some(last) => last.variants.push(variant),
            None => shelf.push(Shelved {
                id: row.id,
                vendor_id: row.vendor_id,
                title: row.title,
                description: row.description,
                category: row.category,
                variants: vec![variant],
                rating: projections::rating(row.stars.zip(row.reviews))?,
            }),
        }
    }
    Ok(shelf)
}

/// All products of a seller, older than `after`.
pub async fn list_own(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    after: Option<ProductId>,
    rows: i64,
) -> sqlx::Result<Vec<ProductId>> {
    let query = sqlx::query_scalar!(
        "select id from products
          where vendor_id = $1 and ($2::uuid is null or id < $2)
          order by id desc
          limit $3",
        vendor_id.as_uuid(),
        after.map(|id| id.as_uuid()),
        rows,
    );
    query.fetch_all(conn).await
}
