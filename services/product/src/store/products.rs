//! Products, each with its variants.

use std::collections::BTreeMap;

use jiff_sqlx::{Timestamp, ToSqlx};
use kernel::{CategorySlug, ProductId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Unknown, read, variants};
use crate::domain::product::{Content, Product, Variant};
use crate::domain::status::Status;
use crate::domain::text::{Description, Hsn, Title};

struct Row {
    id: Uuid,
    vendor_id: Uuid,
    title: String,
    description: String,
    category: String,
    hsn: String,
    gst_rate_bp: i32,
    status: String,
    reason: Option<String>,
    decided_at: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Row {
    fn product(self, variants: Vec<Variant>) -> sqlx::Result<Product> {
        Ok(Product {
            id: ProductId::from_uuid(self.id),
            vendor_id: VendorId::from_uuid(self.vendor_id),
            content: Content {
                title: Title::kept(&self.title),
                description: Description::kept(&self.description),
                category: read("products.category", CategorySlug::parse(&self.category))?,
                hsn: read("products.hsn", Hsn::parse(&self.hsn))?,
                gst_rate_bp: read("products.gst_rate_bp", u32::try_from(self.gst_rate_bp))?,
            },
            status: status(&self.status, self.reason)?,
            variants,
            decided_at: self.decided_at.map(Timestamp::to_jiff),
            version: self.version,
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
        })
    }
}

fn status(text: &str, reason: Option<String>) -> sqlx::Result<Status> {
    match (text, reason) {
        ("draft", None) => Ok(Status::Draft),
        ("proposed", None) => Ok(Status::Proposed),
        ("published", None) => Ok(Status::Published),
        ("rejected", Some(reason)) => Ok(Status::Rejected { reason }),
        ("unlisted", Some(reason)) => Ok(Status::Unlisted { reason }),
        _ => read("products.status", Err(Unknown(text.to_owned()))),
    }
}

fn text(status: &Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Proposed => "proposed",
        Status::Published => "published",
        Status::Rejected { .. } => "rejected",
        Status::Unlisted { .. } => "unlisted",
    }
}

/// The products of these ids, newest first.
pub async fn list(conn: &mut PgConnection, ids: &[ProductId]) -> sqlx::Result<Vec<Product>> {
    let ids: Vec<Uuid> = ids.iter().map(ProductId::as_uuid).collect();
    let rows = sqlx::query_as!(
        Row,
        "select id, vendor_id, title, description, category, hsn, gst_rate_bp, status, reason,
                decided_at, version, created_at, updated_at
           from products
          where id = any($1)
          order by id desc",
        &ids,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut variants: BTreeMap<ProductId, Vec<Variant>> = variants::list(conn, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let variants = variants.remove(&ProductId::from_uuid(row.id)).unwrap_or_default();
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
    sqlx::query!(
        "insert into products (id, vendor_id, title, description, category, hsn, gst_rate_bp,
                               status, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        product.id.as_uuid(),
        product.vendor_id.as_uuid(),
        content.title.as_str(),
        content.description.as_str(),
        content.category.as_str(),
        content.hsn.as_str(),
        read("products.gst_rate_bp", i32::try_from(content.gst_rate_bp))?,
        text(&product.status),
        product.version,
        product.created_at.to_sqlx(),
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Keeps a locked product as it is now, without its variants.
pub async fn update(conn: &mut PgConnection, product: &Product) -> sqlx::Result<()> {
    let content = &product.content;
    let done = sqlx::query!(
        "update products
            set title = $2, description = $3, category = $4, hsn = $5, gst_rate_bp = $6,
                status = $7, reason = $8, decided_at = $9, version = $10, updated_at = $11
          where id = $1",
        product.id.as_uuid(),
        content.title.as_str(),
        content.description.as_str(),
        content.category.as_str(),
        content.hsn.as_str(),
        read("products.gst_rate_bp", i32::try_from(content.gst_rate_bp))?,
        text(&product.status),
        product.status.reason(),
        product.decided_at.map(ToSqlx::to_sqlx),
        product.version,
        product.updated_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}
