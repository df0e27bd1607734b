//! What is sent and answered about products.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{CategorySlug, Money, ProductId, Sku, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::price::Price;
use crate::domain::product::{Product, Variant};
use crate::domain::status::ListingStatus;
use crate::domain::text::{Description, Hsn, NewSku, Options, Title};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// One line, 1 to 200 characters.
    pub(super) title: Title,
    /// Plain text, up to 5000 characters.
    pub(super) description: Description,
    /// A category without children.
    pub(super) category: CategorySlug,
    /// Harmonised System of Nomenclature code: 4, 6 or 8 digits.
    pub(super) hsn: Hsn,
    /// GST contained in the prices, in basis points: 1800 is 18 %. It has to be a rate that is valid today.
    #[schema(maximum = 10_000)]
    pub(super) gst_rate_bp: u32,
    /// 1 to 50. None can be added or taken away later.
    #[schema(min_items = 1, max_items = 50)]
    pub(super) variants: Vec<NewVariant>,
}

/// One thing of a product that can be bought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVariant {
    /// Unique in the whole mall; neither `.` nor `..`, which stand in no address.
    #[schema(value_type = Sku)]
    pub(super) sku: NewSku,
    /// What makes it different: up to 5 names and values, such as `{"size": "M"}`.
    #[serde(default)]
    pub(super) options: Options,
    /// Price of one, tax included.
    pub(super) price: Price,
}

/// What is to be changed; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChanges {
    /// One line, 1 to 200 characters.
    pub(super) title: Option<Title>,
    /// Plain text, up to 5000 characters.
    pub(super) description: Option<Description>,
    /// A category without children.
    pub(super) category: Option<CategorySlug>,
    /// Harmonised System of Nomenclature code: 4, 6 or 8 digits.
    pub(super) hsn: Option<Hsn>,
    /// GST contained in the prices, in basis points: 1800 is 18 %. It has to be a rate that is valid today.
    #[schema(maximum = 10_000)]
    pub(super) gst_rate_bp: Option<u32>,
}

/// `draft`: being written. `proposed`: waiting for staff. `published`: on the shelf. `rejected`: turned down, or its
/// rate of GST has ended; may be proposed again. `unlisted`: taken off the shelf for good.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    Draft,
    Proposed,
    Published,
    Rejected,
    Unlisted,
}

impl From<&ListingStatus> for ProductStatus {
    fn from(status: &ListingStatus) -> Self {
        match status {
            ListingStatus::Draft => Self::Draft,
            ListingStatus::Proposed => Self::Proposed,
            ListingStatus::Published => Self::Published,
            ListingStatus::Rejected { .. } => Self::Rejected,
            ListingStatus::Unlisted { .. } => Self::Unlisted,
        }
    }
}

/// A product as its seller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnProduct {
    product_id: ProductId,
    vendor_id: VendorId,
    title: String,
    description: String,
    category: CategorySlug,
    /// Harmonised System of Nomenclature code.
    hsn: String,
    /// GST contained in the prices, in basis points.
    gst_rate_bp: u32,
    status: ProductStatus,
    /// Why staff turned it down or took it off the shelf; else `null`.
    #[schema(required)]
    reason: Option<String>,
    variants: Vec<OwnVariant>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// One thing of a product that can be bought.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnVariant {
    sku: Sku,
    options: BTreeMap<String, String>,
    /// Price of one, tax included.
    price: Money,
}

impl From<&Product> for OwnProduct {
    fn from(product: &Product) -> Self {
        let content = &product.content;
        Self {
            product_id: product.id,
            vendor_id: product.vendor_id,
            title: content.title.as_str().to_owned(),
            description: content.description.as_str().to_owned(),
            category: content.category.clone(),
            hsn: content.hsn.as_str().to_owned(),
            gst_rate_bp: content.gst_rate_bp,
            status: ProductStatus::from(&product.status),
            reason: product.status.reason().map(str::to_owned),
            variants: product.variants.iter().map(OwnVariant::from).collect(),
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }
}

impl From<&Variant> for OwnVariant {
    fn from(variant: &Variant) -> Self {
        Self {
            sku: variant.sku.clone(),
            options: variant.options.get().clone(),
            price: variant.price.money(),
        }
    }
}
