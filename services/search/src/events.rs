//! Events in: everything search knows, it overheard.

use chassis::{InMemoryProjection, Meta};
use contracts::product::{ProductStatus, ProductUpserted, StockLevelChanged};
use contracts::rating::{self, Subject};
use contracts::vendor::{VendorChanged, VendorStatus};
use kernel::Rating;

use crate::App;
use crate::domain::{
    Category, ProductState, Publication, Rated, RatingSummary, SellerStanding, StockLevel, Variant,
    VendorState,
};

fn version(meta: &Meta) -> u64 {
    u64::try_from(meta.version).unwrap_or(0)
}

fn logged(heard: Result<impl Sized, crate::index::Error>) {
    if let Err(error) = heard {
        tracing::error!(error = %chassis::problem::chain(&error), "the index did not take a fact in");
    }
}

fn product_state(state: ProductUpserted, version: u64) -> ProductState {
    let options = state.variants.iter().flat_map(|v| v.options.values().cloned());
    let options = options.collect::<Vec<_>>().join(" ");
    let mut names = state.category_names.into_iter();
    let category = state
        .category_path
        .iter()
        .map(|slug| Category { path: slug.to_string(), name: names.next() });
    let variants = state.variants.into_iter().map(|v| Variant { sku: v.sku, price: v.price });
    ProductState {
        product_id: state.product_id,
        version,
        vendor_id: state.vendor_id,
        title: state.title,
        description: state.description,
        category: category.collect(),
        options,
        variants: variants.collect(),
        created_at: state.created_at,
        publication: publication(state.status),
    }
}

fn publication(status: ProductStatus) -> Publication {
    match status {
        ProductStatus::Published => Publication::Published,
        ProductStatus::Draft
        | ProductStatus::Proposed
        | ProductStatus::Rejected
        | ProductStatus::Unlisted
        | ProductStatus::Unknown => Publication::Hidden,
    }
}

fn standing(status: VendorStatus) -> SellerStanding {
    match status {
        VendorStatus::Approved => SellerStanding::Active,
        VendorStatus::Draft
        | VendorStatus::Submitted
        | VendorStatus::Rejected
        | VendorStatus::Suspended
        | VendorStatus::Unknown => SellerStanding::Suspended,
    }
}

impl InMemoryProjection<ProductUpserted> for App {
    fn apply(&self, state: Option<ProductUpserted>, meta: &Meta) {
        let Some(state) = state else {
            if let Ok(product) = meta.key.parse() {
                self.catalogue.forget_product(product, version(meta));
            }
            return;
        };
        self.heard_text(meta.time);
        logged(self.catalogue.apply_product(&product_state(state, version(meta))));
    }
}

impl InMemoryProjection<StockLevelChanged> for App {
    fn apply(&self, state: Option<StockLevelChanged>, meta: &Meta) {
        let Some(state) = state else { return };
        let in_stock = match state.level {
            contracts::product::StockLevel::Low | contracts::product::StockLevel::In => true,
            contracts::product::StockLevel::Out | contracts::product::StockLevel::Unknown => false,
        };
        self.catalogue.apply_stock(&StockLevel {
            sku: state.sku,
            version: version(meta),
            in_stock,
        });
    }
}

impl InMemoryProjection<rating::RatingSummary> for App {
    fn apply(&self, state: Option<rating::RatingSummary>, meta: &Meta) {
        let Some(state) = state else { return };
        let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
        self.catalogue.apply_rating(&RatingSummary {
            subject: match state.subject {
                Subject::Product(product) => Rated::Product(product),
                Subject::Vendor(vendor) => Rated::Vendor(vendor),
            },
            version: version(meta),
            rating: Rating { sum: unsigned(state.sum), count: unsigned(state.count) },
        });
    }
}

impl InMemoryProjection<VendorChanged> for App {
    fn apply(&self, state: Option<VendorChanged>, meta: &Meta) {
        let Some(state) = state else {
            if let Ok(vendor) = meta.key.parse() {
                self.catalogue.forget_vendor(vendor, version(meta));
            }
            return;
        };
        self.heard_text(meta.time);
        logged(self.catalogue.apply_vendor(&VendorState {
            vendor_id: state.vendor_id,
            version: version(meta),
            display_name: state.display_name,
            since: state.since,
            standing: standing(state.status),
        }));
    }
}
