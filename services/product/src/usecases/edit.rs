//! A seller says something else about a product.

use kernel::{CategorySlug, ProductId, VendorId};

use chassis::etag::IfMatch;

use super::{check_place, events_out, lock_own};
use crate::App;
use crate::domain::product::{Content, Product};
use crate::domain::status::ListingStep;
use crate::domain::text::{Description, Hsn, Title};
use crate::error::Error;
use crate::store;

/// What is to be said instead; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    pub title: Option<Title>,
    pub description: Option<Description>,
    pub category: Option<CategorySlug>,
    pub hsn: Option<Hsn>,
    pub gst_rate_bp: Option<u32>,
}

impl Changes {
    fn of(self, before: &Content) -> Content {
        let before = before.clone();
        Content {
            title: self.title.unwrap_or(before.title),
            description: self.description.unwrap_or(before.description),
            category: self.category.unwrap_or(before.category),
            hsn: self.hsn.unwrap_or(before.hsn),
            gst_rate_bp: self.gst_rate_bp.unwrap_or(before.gst_rate_bp),
        }
    }
}

#[tracing::instrument(name = "product.edit", skip_all, fields(product.id = %product_id))]
pub async fn edit(
    app: &App,
    vendor_id: VendorId,
    product_id: ProductId,
    changes: Changes,
    seen: IfMatch,
) -> Result<Product, Error> {
    let mut tx = app.db.begin().await?;
    let mut product = lock_own(tx.conn(), vendor_id, product_id, seen).await?;
    let content = changes.of(&product.content);
    check_place(&mut tx, &content, Some(&product.content)).await?;

    if let ListingStep::Moved(_) = product.edit(content, tx.now()) {
        store::products::update(tx.conn(), &product).await?;
        events_out::product(&mut tx, &product).await?;
        tx.commit().await?;
    }
    Ok(product)
}
