//! Everything search knows, apart from the texts to look for. Each part of it carries the version
//! of the fact it came from, so that facts may arrive in any order.

use kernel::{Currency, ProductId, Rating, Sku, VendorId};

use super::slots::Slots;
use crate::domain::{
    ProductState, Rated, RatingSummary, SellerStanding, StockLevel, Variant, VendorState, pieces,
};

mod rows;
pub use rows::{CategoryRow, Listing, Offer, ProductRow, Shop, VendorRow};

#[derive(Debug)]
pub struct Table {
    /// Every product ever heard of.
    pub products: Slots<ProductId, ProductRow>,
    /// Every vendor ever heard of.
    pub vendors: Slots<VendorId, VendorRow>,
    /// Every category that a product was ever in.
    pub categories: Slots<Box<str>, CategoryRow>,
    stock: Slots<Sku, Level>,
}

#[derive(Debug, Default)]
struct Level {
    version: u64,
    in_stock: bool,
}

impl Table {
    pub fn new() -> Self {
        Self {
            products: Slots::new(),
            vendors: Slots::new(),
            categories: Slots::new(),
            stock: Slots::new(),
        }
    }

    /// Shows a product, unless something newer is known. Gives the slots of product and vendor.
    pub fn list(&mut self, state: &ProductState) -> Option<(usize, usize)> {
        let slot = self.product_slot(state.product_id);
        let known = self.products.get(slot)?.version;
        if state.version <= known {
            return None;
        }
        let listing = self.listing(state);
        let vendor = listing.vendor;
        let row = self.products.get_mut(slot)?;
        row.version = state.version;
        row.listing = Some(listing);
        Some((slot, vendor))
    }

    /// Shows a product no more, unless something newer is known. Gives its slot.
    pub fn unlist(&mut self, product_id: ProductId, version: u64) -> Option<usize> {
        let slot = self.product_slot(product_id);
        let row = self.products.get_mut(slot)?;
        if version <= row.version {
            return None;
        }
        row.version = version;
        row.listing = None;
        Some(slot)
    }

    /// Takes note of a stock level, unless something newer is known.
    pub fn note_stock(&mut self, level: &StockLevel) -> Option<()> {
        let slot = self.stock.slot_or(level.sku.clone(), Level::default);
        let known = self.stock.get_mut(slot)?;
        if level.version <= known.version {
            return None;
        }
        *known = Level { version: level.version, in_stock: level.in_stock };
        Some(())
    }

    /// Takes note of a rating, unless something newer is known.
    pub fn note_rating(&mut self, summary: &RatingSummary) -> Option<()> {
        let (version, rating) = match summary.subject {
            Rated::Product(id) => {
                let slot = self.product_slot(id);
                let row = self.products.get_mut(slot)?;
                (&mut row.rating_version, &mut row.rating)
            }
            Rated::Vendor(id) => {
                let slot = self.vendor_slot(id);
                let row = self.vendors.get_mut(slot)?;
                (&mut row.rating_version, &mut row.rating)
            }
        };
        if summary.version <= *version {
            return None;
        }
        *version = summary.version;
        *rating = summary.rating;
        Some(())
    }

    /// Takes note of a vendor, unless something newer is known. Gives its slot.
    pub fn note_vendor(&mut self, state: &VendorState) -> Option<usize> {
        let shop = Shop {
            display_name: state.display_name.as_str().into(),
            since: state.since,
            standing: state.standing,
        };
        self.set_shop(state.vendor_id, state.version, Some(shop))
    }

    /// Forgets a vendor but not its version, unless something newer is known. Gives its slot.
    pub fn forget_vendor(&mut self, vendor_id: VendorId, version: u64) -> Option<usize> {
        self.set_shop(vendor_id, version, None)
    }

    /// The vendor in `slot` with what is shown of it, if it may sell.
    pub fn open_shop(&self, slot: usize) -> Option<(&VendorRow, &Shop)> {
        let row = self.vendors.get(slot)?;
        let shop = row.shop.as_ref()?;
        match shop.standing {
            SellerStanding::Active => Some((row, shop)),
            SellerStanding::Suspended => None,
        }
    }

    /// What is shown of `row`, if its vendor may sell.
    pub fn visible<'a>(&self, row: &'a ProductRow) -> Option<&'a Listing> {
        let listing = row.listing.as_ref()?;
        self.open_shop(listing.vendor)?;
        Some(listing)
    }

    /// Whether `offer` can be had now.
    pub fn in_stock(&self, offer: &Offer) -> bool {
        self.stock.get(offer.sku).is_some_and(|level| level.in_stock)
    }

    fn listing(&mut self, state: &ProductState) -> Listing {
        let currency = state.variants.first().map_or(Currency::Inr, |one| one.price.currency());
        let offers = self.offers(state, currency);
        Listing {
            categories: self.shelves(state),
            vendor: self.vendor_slot(state.vendor_id),
            title: state.title.as_str().into(),
            title_pieces: pieces(&state.title).len(),
            offers: offers.into(),
            currency,
            created_ms: state.created_at.as_millisecond(),
        }
    }

    /// The slots of the product's categories, which are called what it says.
    fn shelves(&mut self, state: &ProductState) -> Box<[usize]> {
        let shelves = state.category.iter().map(|shelf| {
            let path: Box<str> = shelf.path.as_str().into();
            let new = || CategoryRow { path: path.clone(), name: path.clone() };
            let slot = self.categories.slot_or(path.clone(), new);
            if let (Some(row), Some(name)) = (self.categories.get_mut(slot), &shelf.name) {
                row.name = name.as_str().into();
            }
            slot
        });
        shelves.collect()
    }

    /// Amounts of two currencies cannot be compared, so one product has one currency.
    fn offers(&mut self, state: &ProductState, currency: Currency) -> Vec<Offer> {
        let comparable = state.variants.iter().filter(|one| one.price.currency() == currency);
        let offer = |variant: &Variant| Offer {
            sku: self.stock.slot_or(variant.sku.clone(), Level::default),
            price: variant.price.minor(),
        };
        comparable.map(offer).collect()
    }

    fn set_shop(&mut self, id: VendorId, version: u64, shop: Option<Shop>) -> Option<usize> {
        let slot = self.vendor_slot(id);
        let row = self.vendors.get_mut(slot)?;
        if version <= row.version {
            return None;
        }
        row.version = version;
        row.shop = shop;
        Some(slot)
    }

    fn product_slot(&mut self, id: ProductId) -> usize {
        self.products.slot_or(id, || ProductRow {
            id,
            version: 0,
            rating_version: 0,
            rating: Rating::NONE,
            listing: None,
        })
    }

    fn vendor_slot(&mut self, id: VendorId) -> usize {
        self.vendors.slot_or(id, || VendorRow {
            id,
            version: 0,
            rating_version: 0,
            rating: Rating::NONE,
            shop: None,
        })
    }
}
