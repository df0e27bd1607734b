//! Products, each with its variants.

use std::collections::BTreeMap;

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CategorySlug, ProductId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::variants;
use crate::domain::product::{Content, Product, Variant};
use crate::domain::status::ListingStatus;
use crate::domain::text::{Description, Hsn, Title};

struct Row {
    id: ProductId,
    vendor_id: VendorId,
    title: String,
    description: String,
    category: CategorySlug,
    hsn: Hsn,
    gst_rate_bp: i32,
    status: String,
    reason: Option<String>,
    decided_at: Option<jiff_sqlx::Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Row {
    fn product(self, variants: Vec<Variant>) -> sqlx::Result<Product> {
        Ok(Product {
            id: self.id,
            vendor_id: self.vendor_id,
            content: Content {
                title: Title::kept(&self.title),
                description: Description::kept(&self.description),
                category: self.category,
                hsn: self.hsn,
                gst_rate_bp: row::fit("products.gst_rate_bp", u32::try_from(self.gst_rate_bp))?,
            },
            status: status(&self.status, self.reason)?,
            variants,
            decided_at: self.decided_at.map(jiff_sqlx::Timestamp::to_jiff),
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

fn status(text: &str, reason: Option<String>) -> sqlx::Result<ListingStatus> {
    match (text, reason) {
        ("draft", None) => Ok(ListingStatus::Draft),
        ("proposed", None) => Ok(ListingStatus::Proposed),
        ("published", None) => Ok(ListingStatus::Published),
        ("rejected", Some(reason)) => Ok(ListingStatus::Rejected { reason }),
        ("unlisted", Some(reason)) => Ok(ListingStatus::Unlisted { reason }),
        _ => Err(row::unknown("products.status", text)),
    }
}

/// The products of these ids, newest first.
pub async fn list(conn: &mut PgConnection, ids: &[ProductId]) -> sqlx::Result<Vec<Product>> {
    let ids: Vec<Uuid> = ids.iter().map(ProductId::as_uuid).collect();
    let query = sqlx::query_as!(
        Row,
        "select id, vendor_id, title, description, category, hsn, gst_rate_bp, status, reason,
                decided_at, version, created_at, updated_at
           from products
          where id = any($1)
          order by id desc",
        &ids,
    );
    let rows = query.fetch_all(&mut *conn).await?;
    let mut variants: BTreeMap<ProductId, Vec<Variant>> = variants::list(conn, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let variants = variants.remove(&row.id).unwrap_or_default();
            row.product(variants)
        })
        .collect()
}

/// One product.
pub async fn find(conn: &mut PgConnection, id: ProductId) -> sqlx::Result<Option<Product>> {
    Ok(list(conn, &[id]).await?.pop())
}

/// One product, locked, so that two changes of it take turns.
pub async fn lock(conn: &mut PgConnection, id: ProductId) -> sqlx::Result<Option<Product>> {
    sqlx::query!("select id from products where id = $1 for update", id.as_uuid())
        .fetch_optional(&mut *conn)
        .await?;
    find(conn, id).await
}

/// Keeps a new product, without its variants.
pub async fn insert(conn: &mut PgConnection, product: &Product) -> sqlx::Result<()> {
    let content = &product.content;
    let query = sqlx::query!(
        "insert into products (id, vendor_id, title, description, category, hsn, gst_rate_bp,
                               status, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        product.id.as_uuid(),
        product.vendor_id.as_uuid(),
        content.title.as_str(),
        content.description.as_str(),
        content.category.as_str(),
        content.hsn.as_str(),
        row::fit("products.gst_rate_bp", i32::try_from(content.gst_rate_bp))?,
        product.status.into_str(),
        product.version,
        product.created_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps a locked product as it is now, without its variants.
pub async fn update(conn: &mut PgConnection, product: &Product) -> sqlx::Result<()> {
    let content = &product.content;
    let query = sqlx::query!(
        "update products
            set title = $2, description = $3, category = $4, hsn = $5, gst_rate_bp = $6,
                status = $7, reason = $8, decided_at = $9, version = $10, updated_at = $11
          where id = $1",
        product.id.as_uuid(),
        content.title.as_str(),
        content.description.as_str(),
        content.category.as_str(),
        content.hsn.as_str(),
        row::fit("products.gst_rate_bp", i32::try_from(content.gst_rate_bp))?,
        product.status.into_str(),
        product.status.reason(),
        product.decided_at.map(ToSqlx::to_sqlx),
        product.version,
        product.updated_at.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

#[cfg(test)]
mod tests {
    use super::{ListingStatus, status};

    #[test]
    fn a_status_is_read_as_it_was_written() {
        let reason = || "a photo is missing".to_owned();
        for written in [
            ListingStatus::Draft,
            ListingStatus::Proposed,
            ListingStatus::Published,
            ListingStatus::Rejected { reason: reason() },
            ListingStatus::Unlisted { reason: reason() },
        ] {
            let read = status(written.into_str(), written.reason().map(str::to_owned));
            assert_eq!(read.unwrap(), written);
        }
    }
}
