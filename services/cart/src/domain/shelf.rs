//! What is for sale, as overheard: enough to price a cart without asking anybody.

use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock};

use contracts::product::{ProductStatus, ProductUpserted, StockLevel, StockLevelChanged};
use contracts::user::AccountUpdated;
use contracts::vendor::{VendorChanged, VendorStatus};
use kernel::{AddressId, Money, ProductId, Sku, UserId, VendorId};

/// A thing that can be put into a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    pub product_id: ProductId,
    pub vendor_id: VendorId,
    pub vendor_name: String,
    pub title: String,
    /// What makes it different from the other variants of the product.
    pub options: Options,
    pub price: Money,
    /// Whether it is on the shelf of a seller who may sell.
    pub listed: bool,
    /// Whether none is left.
    pub out: bool,
}

/// Their names and values, such as `colour` and `red`.
pub type Options = BTreeMap<String, String>;

/// Which edition of an address is the present one; open while user-service has not said editions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition(pub Option<i32>);

#[derive(Debug, Clone)]
struct Product {
    version: i64,
    vendor_id: VendorId,
    title: String,
    published: bool,
    variants: Vec<(Sku, Money, Options)>,
}

/// The addresses of a user and their present editions, as far as those were said.
type Book = HashMap<AddressId, Option<i32>>;

#[derive(Debug, Default)]
struct Known {
    products: HashMap<ProductId, Product>,
    by_sku: HashMap<Sku, ProductId>,
    levels: HashMap<Sku, (i64, StockLevel)>,
    vendors: HashMap<VendorId, (i64, String, bool)>,
    addresses: HashMap<UserId, (i64, Book)>,
}

/// Everything overheard. Older versions never overwrite newer ones.
#[derive(Debug, Default)]
pub struct Shelf {
    known: RwLock<Known>,
}

impl Shelf {
    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A product as it stands at `version`.
    pub fn product(&self, state: ProductUpserted, version: i64) {
        let mut known = self.write();
        let known = &mut *known;
        if known.products.get(&state.product_id).is_some_and(|old| old.version >= version) {
            return;
        }
        for variant in &state.variants {
            known.by_sku.insert(variant.sku.clone(), state.product_id);
        }
        let product = Product {
            version,
            vendor_id: state.vendor_id,
            title: state.title,
            published: state.status == ProductStatus::Published,
            variants: state.variants.into_iter().map(|v| (v.sku, v.price, v.options)).collect(),
        };
        known.products.insert(state.product_id, product);
    }

    /// A SKU's stock level at `version`.
    pub fn level(&self, state: StockLevelChanged, version: i64) {
        let mut known = self.write();
        let entry = known.levels.entry(state.sku).or_insert((version, state.level));
        if entry.0 < version {
            *entry = (version, state.level);
        }
    }

    /// A seller as it stands at `version`.
    pub fn vendor(&self, state: VendorChanged, version: i64) {
        let mut known = self.write();
        let active = state.status == VendorStatus::Approved;
        let new = (version, state.display_name, active);
        let entry = known.vendors.entry(state.vendor_id).or_insert_with(|| new.clone());
        if entry.0 < version {
            *entry = new;
        }
    }

    /// A user's address book, without what stands in it, at `version`.
    pub fn addresses(&self, state: &AccountUpdated, version: i64) {
        let mut known = self.write();
        if known.addresses.get(&state.user_id).is_none_or(|(old, _)| *old < version) {
            let edition = |id| state.address_editions.iter().find(|e| e.address_id == id);
            let book = state.address_ids.iter().map(|id| (*id, edition(*id).map(|e| e.version)));
            known.addresses.insert(state.user_id, (version, book.collect()));
        }
    }

    /// The present edition of an address; nothing if it is not in the user's book.
    pub fn address(&self, user: UserId, address: AddressId) -> Option<Edition> {
        let known = self.read();
        let (_, book) = known.addresses.get(&user)?;
        book.get(&address).copied().map(Edition)
    }

    /// The article with this SKU; nothing if nobody ever offered it.
    pub fn article(&self, sku: &Sku) -> Option<Article> {
        let known = self.read();
        let product_id = *known.by_sku.get(sku)?;
        let product = known.products.get(&product_id)?;
        let vendor = known.vendors.get(&product.vendor_id);
        let variant = product.variants.iter().find(|(s, ..)| s == sku);
        let price = variant.map(|(_, price, _)| *price);
        let last = price.or_else(|| product.variants.first().map(|(_, price, _)| *price))?;
        Some(Article {
            product_id,
            vendor_id: product.vendor_id,
            vendor_name: vendor.map(|v| v.1.clone()).unwrap_or_default(),
            title: product.title.clone(),
            options: variant.map(|(.., options)| options.clone()).unwrap_or_default(),
            price: last,
            listed: product.published && price.is_some() && vendor.is_some_and(|v| v.2),
            out: known.levels.get(sku).is_none_or(|(_, level)| *level == StockLevel::Out),
        })
    }
}

#[cfg(test)]
mod tests {
    use contracts::product::{ProductStatus, ProductUpserted, StockLevel, StockLevelChanged};
    use contracts::vendor::{VendorChanged, VendorStatus};
    use testkit::sample;

    use super::Shelf;

    fn stocked() -> (Shelf, ProductUpserted) {
        let shelf = Shelf::default();
        let product = sample::<ProductUpserted>();
        shelf.product(product.clone(), 2);
        shelf.vendor(sample::<VendorChanged>(), 1);
        shelf.level(sample::<StockLevelChanged>(), 1);
        (shelf, product)
    }

    #[test]
    fn a_published_stocked_article_of_an_active_seller_is_for_sale() {
        let (shelf, product) = stocked();
        let article = shelf.article(&product.variants[0].sku).unwrap();
        assert!(article.listed && !article.out);
        assert_eq!(article.price, product.variants[0].price);
    }

    #[test]
    fn an_older_version_never_brings_an_old_price_back() {
        let (shelf, product) = stocked();
        let mut older = product.clone();
        older.variants[0].price = kernel::Money::inr(1);
        shelf.product(older, 1);
        let article = shelf.article(&product.variants[0].sku).unwrap();
        assert_eq!(article.price, product.variants[0].price);
    }

    #[test]
    fn an_article_of_a_suspended_seller_or_off_the_shelf_is_not_listed() {
        let (shelf, product) = stocked();
        let sku = &product.variants[0].sku;
        shelf.vendor(VendorChanged { status: VendorStatus::Suspended, ..sample() }, 2);
        assert!(!shelf.article(sku).unwrap().listed);
        shelf.vendor(sample::<VendorChanged>(), 3);
        assert!(shelf.article(sku).unwrap().listed);
        shelf.product(ProductUpserted { status: ProductStatus::Unlisted, ..product.clone() }, 3);
        assert!(!shelf.article(sku).unwrap().listed);
    }

    #[test]
    fn an_article_without_stock_is_out() {
        let (shelf, product) = stocked();
        let level = StockLevelChanged { level: StockLevel::Out, ..sample() };
        shelf.level(level, 2);
        assert!(shelf.article(&product.variants[0].sku).unwrap().out);
    }
}
