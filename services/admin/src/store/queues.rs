//! Sellers, products and reviews that staff decide about.

use contracts::product::ProductUpserted;
use contracts::vendor::{KycDocument, VendorChanged};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{UserId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::word;
use crate::domain::decide::Subject;
use crate::domain::queue::{KycDocumentItem, QueuedProduct};

mod reviews;
pub use reviews::{insert_review, list_reviews, set_review_status};

/// Keeps a seller as it stands at `version`.
pub async fn upsert_vendor(
    conn: &mut PgConnection,
    vendor: &VendorChanged,
    version: i64,
) -> sqlx::Result<()> {
    let members: Vec<Uuid> = vendor.members.iter().map(kernel::Id::as_uuid).collect();
    let query = sqlx::query!(
        "insert into vendors as v
             (id, version, display_name, legal_name, gstin, status, since, scheme, enrolment,
              members)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (id) do update
            set version = excluded.version, display_name = excluded.display_name,
                legal_name = excluded.legal_name, gstin = excluded.gstin, status = excluded.status,
                scheme = excluded.scheme, enrolment = excluded.enrolment,
                members = excluded.members
          where v.version < excluded.version",
        vendor.vendor_id.as_uuid(),
        version,
        vendor.display_name,
        vendor.legal_name,
        vendor.gstin.as_ref().map(kernel::Gstin::as_str),
        word(&vendor.status)?,
        vendor.since.to_sqlx(),
        vendor.scheme.as_ref().map(word).transpose()?,
        vendor.enrolment,
        &members,
    );
    query.execute(conn).await.map(drop)
}

/// Keeps a document a seller handed in.
pub async fn insert_document(
    conn: &mut PgConnection,
    vendor: VendorId,
    document: &KycDocument,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into vendor_documents (id, vendor_id, kind, content_type, sha256)
         values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        document.document_id.as_uuid(),
        vendor.as_uuid(),
        document.kind,
        document.content_type,
        document.sha256,
    );
    query.execute(conn).await.map(drop)
}

/// Keeps a product as it stands at `version`.
pub async fn upsert_product(
    conn: &mut PgConnection,
    product: &ProductUpserted,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into products as p (id, version, vendor_id, title, category, status, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update
            set version = excluded.version, title = excluded.title, category = excluded.category,
                status = excluded.status
          where p.version < excluded.version",
        product.product_id.as_uuid(),
        version,
        product.vendor_id.as_uuid(),
        product.title,
        product.category.to_string(),
        word(&product.status)?,
        product.created_at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    pub id: Uuid,
    /// The name buyers see.
    pub display_name: String,
    /// The name on documents.
    pub legal_name: String,
    /// GST registration.
    pub gstin: Option<String>,
    /// Under which scheme of GST it supplies.
    pub scheme: Option<String>,
    /// Its enrolment, where it has no registration.
    pub enrolment: Option<String>,
    pub status: String,
    /// Since when it is here.
    pub since: Timestamp,
}

/// Sellers, oldest first, after the one given.
pub async fn list_vendors(
    conn: &mut PgConnection,
    status: Option<&str>,
    after: Option<Uuid>,
    rows: i64,
) -> sqlx::Result<Vec<Vendor>> {
    let query = sqlx::query_as!(
        Vendor,
        "select id, display_name, legal_name, gstin, scheme, enrolment, status, since
           from vendors
          where ($1::text is null or status = $1) and ($2::uuid is null or id > $2)
          order by id
          limit $3",
        status,
        after,
        rows,
    );
    query.fetch_all(conn).await
}

/// One seller, if it was heard of.
pub async fn find_vendor(conn: &mut PgConnection, id: VendorId) -> sqlx::Result<Option<Vendor>> {
    let query = sqlx::query_as!(
        Vendor,
        "select id, display_name, legal_name, gstin, scheme, enrolment, status, since
           from vendors
          where id = $1",
        id.as_uuid(),
    );
    query.fetch_optional(conn).await
}

pub async fn list_documents(
    conn: &mut PgConnection,
    vendors: &[Uuid],
) -> sqlx::Result<Vec<KycDocumentItem>> {
    let query = sqlx::query_as!(
        KycDocumentItem,
        "select id as document_id, vendor_id, kind, content_type, sha256
           from vendor_documents
          where vendor_id = any($1)
          order by id",
        vendors,
    );
    query.fetch_all(conn).await
}

/// Products, oldest first, after the one given.
pub async fn list_products(
    conn: &mut PgConnection,
    status: Option<&str>,
    after: Option<Uuid>,
    rows: i64,
) -> sqlx::Result<Vec<QueuedProduct>> {
    let query = sqlx::query_as!(
        QueuedProduct,
        "select id as product_id, vendor_id, title, category, status
           from products
          where ($1::text is null or status = $1) and ($2::uuid is null or id > $2)
          order by id
          limit $3",
        status,
        after,
        rows,
    );
    query.fetch_all(conn).await
}

/// Where a thing stands, if it was heard of.
pub async fn find_status(conn: &mut PgConnection, of: Subject) -> sqlx::Result<Option<String>> {
    let query = sqlx::query_scalar!(
        r#"select status as "status!" from vendors where $2 = 'vendor' and id = $1
           union all
           select status from products where $2 = 'product' and id = $1
           union all
           select status from reviews where $2 = 'review' and id = $1"#,
        of.id(),
        of.kind(),
    );
    query.fetch_optional(conn).await
}

/// The seller a thing belongs to, and who may act for it as far as was heard.
#[derive(Debug)]
pub struct Behind {
    pub vendor_id: VendorId,
    pub members: Vec<UserId>,
}

/// The seller behind a thing: a review is about a seller or about what one sells.
pub async fn find_seller(conn: &mut PgConnection, of: Subject) -> sqlx::Result<Option<Behind>> {
    let query = sqlx::query_as!(
        Behind,
        r#"with behind (id) as (
               select $1::uuid where $2 = 'vendor'
               union all
               select vendor_id from products where $2 = 'product' and id = $1
               union all
               select target_id from reviews
                where $2 = 'review' and id = $1 and target_kind = 'vendor'
               union all
               select p.vendor_id from reviews r join products p on p.id = r.target_id
                where $2 = 'review' and r.id = $1 and r.target_kind = 'product'
           )
           select b.id as "vendor_id!: VendorId",
                  coalesce(v.members, '{}') as "members!: Vec<UserId>"
             from behind b
             left join vendors v on v.id = b.id"#,
        of.id(),
        of.kind(),
    );
    query.fetch_optional(conn).await
}
