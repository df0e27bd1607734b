//! A small mall to search in.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use kernel::{Money, ProductId, Rating, Sku, VendorId};
use search::domain::{
    CatalogueStep, Category, Limit, PageRequest, ProductFilter, ProductPage, ProductQuery,
    ProductSort, ProductState, Publication, Rated, RatingSummary, SearchText, SellerStanding,
    StockLevel, Variant, VendorPage, VendorQuery, VendorState,
};
use search::index::Catalogue;

/// A catalogue with one open shop, "Corner Store".
pub struct Mall {
    pub catalogue: Catalogue,
    pub corner: VendorId,
    made: AtomicI64,
}

/// A product, as far as a test cares.
pub struct Product<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub category: &'a [&'a str],
    pub options: &'a str,
    /// Price in paise, and whether it is in stock.
    pub variants: &'a [(i64, bool)],
    pub vendor: Option<VendorId>,
}

/// What products are made from.
pub const PLAIN: Product<'static> = Product {
    title: "Thing",
    description: "",
    category: &["home"],
    options: "",
    variants: &[(10_000, true)],
    vendor: None,
};

impl Mall {
    pub fn open() -> Self {
        let catalogue = Catalogue::new().unwrap();
        let corner = VendorId::new();
        let mall = Self { catalogue, corner, made: AtomicI64::new(0) };
        mall.vendor(corner, 1, "Corner Store", SellerStanding::Active);
        mall
    }

    /// Hears of a vendor and commits.
    pub fn vendor(
        &self,
        id: VendorId,
        version: u64,
        name: &str,
        standing: SellerStanding,
    ) -> CatalogueStep {
        let state = VendorState {
            vendor_id: id,
            version,
            display_name: name.to_owned(),
            since: Timestamp::UNIX_EPOCH,
            standing,
        };
        let step = self.catalogue.apply_vendor(&state).unwrap();
        self.catalogue.commit().unwrap();
        step
    }

    /// A new vendor that may sell.
    pub fn new_vendor(&self, name: &str) -> VendorId {
        let id = VendorId::new();
        self.vendor(id, 1, name, SellerStanding::Active);
        id
    }

    /// Puts a product on the shelf, with its stock, and commits.
    pub fn sell(&self, product: &Product<'_>) -> ProductId {
        let state = self.state(product);
        self.stock_up(&state, product);
        self.deliver(&state);
        self.catalogue.commit().unwrap();
        state.product_id
    }

    pub fn sell_titles(&self, titles: &[&str]) {
        for title in titles {
            self.sell(&Product { title, ..PLAIN });
        }
    }

    /// The first state of a new product; each is a minute younger than the one before.
    pub fn state(&self, product: &Product<'_>) -> ProductState {
        let made = self.made.fetch_add(1, Ordering::Relaxed);
        let product_id = ProductId::new();
        let variants = product.variants.iter().enumerate().map(|(at, (price, _))| Variant {
            sku: sku(product_id, at),
            price: Money::inr(*price),
        });
        let category =
            product.category.iter().map(|&path| Category { path: path.to_owned(), name: None });
        ProductState {
            product_id,
            version: 1,
            vendor_id: product.vendor.unwrap_or(self.corner),
            title: product.title.to_owned(),
            description: product.description.to_owned(),
            category: category.collect(),
            options: product.options.to_owned(),
            variants: variants.collect(),
            created_at: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(made),
            publication: Publication::Published,
        }
    }

    pub fn deliver(&self, state: &ProductState) -> CatalogueStep {
        self.catalogue.apply_product(state).unwrap()
    }

    pub fn stock(&self, sku: Sku, version: u64, in_stock: bool) -> CatalogueStep {
        self.catalogue.apply_stock(&StockLevel { sku, version, in_stock })
    }

    pub fn rate(&self, subject: Rated, version: u64, (sum, count): (u64, u64)) -> CatalogueStep {
        let rating = Rating { sum, count };
        self.catalogue.apply_rating(&RatingSummary { subject, version, rating })
    }

    pub fn ask(&self, query: &ProductQuery) -> ProductPage {
        self.catalogue.search_products(query).unwrap()
    }

    /// The titles that `text` leads to, in order.
    pub fn titles(&self, text: &str) -> Vec<String> {
        titles(&self.ask(&question(text)))
    }

    pub fn vendors(&self, text: &str) -> VendorPage {
        let query = VendorQuery {
            text: SearchText::parse(text).unwrap(),
            min_rating: search::domain::MinRating::ANY,
            page: first_page(20),
        };
        self.catalogue.search_vendors(&query).unwrap()
    }

    pub fn suggest(&self, typed: &str) -> Vec<String> {
        self.catalogue.suggest(&SearchText::parse(typed).unwrap()).unwrap()
    }

    fn stock_up(&self, state: &ProductState, product: &Product<'_>) {
        for (variant, (_, in_stock)) in state.variants.iter().zip(product.variants) {
            self.stock(variant.sku.clone(), 1, *in_stock);
        }
    }
}

/// The SKU of a product's variant.
pub fn sku(product_id: ProductId, at: usize) -> Sku {
    Sku::parse(&format!("{}-{at}", product_id.as_uuid().simple())).unwrap()
}

pub fn first_page(limit: u64) -> PageRequest {
    PageRequest { limit: Limit::new(limit).unwrap(), after: None }
}

/// Everything `text` leads to, the best match first.
pub fn question(text: &str) -> ProductQuery {
    ProductQuery {
        text: SearchText::parse(text).unwrap(),
        filter: ProductFilter::ANY,
        sort: ProductSort::Relevance,
        page: first_page(100),
    }
}

pub fn sorted(sort: ProductSort) -> ProductQuery {
    ProductQuery { sort, ..question("") }
}

pub fn filtered(filter: ProductFilter) -> ProductQuery {
    ProductQuery { filter, ..question("") }
}

pub fn titles(page: &ProductPage) -> Vec<String> {
    page.hits.iter().map(|hit| hit.title.clone()).collect()
}
