//! The catalogue: where facts are heard and questions answered.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use kernel::{ProductId, VendorId};

use super::Error;
use super::analysis::{Analyzer, Sought};
use super::matching::{Lead, Reach, query};
use super::product_search::Found;
use super::suggest::{self, Leads};
use super::table::Table;
use super::text_index::{IndexEntry, Match, TextIndex};
use super::{product_search, vendor_search};
use crate::domain::{
    CatalogueStep, Piece, ProductPage, ProductQuery, ProductState, Publication, RatingSummary,
    SearchText, StockLevel, VendorPage, VendorQuery, VendorState,
};

/// A word in the names of more vendors than this says nothing about any of them.
const MOST_SELLERS: usize = 256;

/// All products and vendors that can be found.
///
/// It may be shared among threads. Questions do not wait for texts to be written; hearing and
/// committing may block for a moment.
pub struct Catalogue {
    table: RwLock<Table>,
    products: TextIndex,
    vendors: TextIndex,
}

/// How much a catalogue holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Products ever heard of, those that are gone included.
    pub products: usize,
    /// Vendors ever heard of, those that are gone included.
    pub vendors: usize,
    /// Changes of texts that wait for a commit.
    pub pending: u64,
}

impl Catalogue {
    /// Makes an empty catalogue in memory.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            table: RwLock::new(Table::new()),
            products: TextIndex::new()?,
            vendors: TextIndex::new()?,
        })
    }

    /// Hears what a product is like.
    pub fn apply_product(&self, state: &ProductState) -> Result<CatalogueStep, Error> {
        match state.publication {
            Publication::Published => self.list_product(state),
            Publication::Hidden => Ok(self.forget_product(state.product_id, state.version)),
        }
    }

    /// Hears that a product is gone. Its version is remembered, so nothing older brings it back.
    pub fn forget_product(&self, product_id: ProductId, version: u64) -> CatalogueStep {
        let mut texts = self.products.write();
        let Some(slot) = self.change().unlist(product_id, version) else {
            return CatalogueStep::Same;
        };
        texts.remove(slot);
        CatalogueStep::Moved
    }

    pub fn apply_stock(&self, level: &StockLevel) -> CatalogueStep {
        self.change().note_stock(level).map_or(CatalogueStep::Same, |()| CatalogueStep::Moved)
    }

    /// Hears what reviews come to.
    pub fn apply_rating(&self, summary: &RatingSummary) -> CatalogueStep {
        self.change().note_rating(summary).map_or(CatalogueStep::Same, |()| CatalogueStep::Moved)
    }

    /// Hears what a vendor is like.
    pub fn apply_vendor(&self, state: &VendorState) -> Result<CatalogueStep, Error> {
        let mut texts = self.vendors.write();
        let Some(slot) = self.change().note_vendor(state) else { return Ok(CatalogueStep::Same) };
        texts.put(&IndexEntry { slot, owner: slot, title: &state.display_name, body: "" })?;
        Ok(CatalogueStep::Moved)
    }

    /// Hears that a vendor is gone, and its products with it.
    pub fn forget_vendor(&self, vendor_id: VendorId, version: u64) -> CatalogueStep {
        let mut texts = self.vendors.write();
        let Some(slot) = self.change().forget_vendor(vendor_id, version) else {
            return CatalogueStep::Same;
        };
        texts.remove(slot);
        CatalogueStep::Moved
    }

    /// Lets new texts be found, and says how many changes that were.
    ///
    /// Everything else that was heard shows without it.
    pub fn commit(&self) -> Result<u64, Error> {
        let changes = self.vendors.commit()? + self.products.commit()?;
        if changes > 0 {
            tracing::debug!(search.changes = changes, "committed {changes} changes of texts");
        }
        Ok(changes)
    }

    pub fn held(&self) -> Held {
        let pending = self.products.write().pending() + self.vendors.write().pending();
        let table = self.look();
        Held {
            products: table.products.entries().len(),
            vendors: table.vendors.entries().len(),
            pending,
        }
    }

    pub fn search_products(&self, query: &ProductQuery) -> Result<ProductPage, Error> {
        let found = found(&query.text, |mut leads| {
            self.add_sellers(&mut leads)?;
            self.products_by(&leads, Reach::Texts)
        })?;
        Ok(product_search::search(&self.look(), &found, query)?)
    }

    pub fn search_vendors(&self, query: &VendorQuery) -> Result<VendorPage, Error> {
        let found = found(&query.text, |leads| self.vendors_by(&leads, Reach::Texts))?;
        Ok(vendor_search::search(&self.look(), &found, query)?)
    }

    /// Completes what somebody is typing, in at most eight ways.
    pub fn suggest(&self, typed: &SearchText) -> Result<Vec<String>, Error> {
        let pieces = match typed {
            SearchText::Pieces(pieces) if suggest::is_enough(pieces) => pieces,
            SearchText::Pieces(_) | SearchText::Nothing => return Ok(Vec::new()),
        };
        let leads = plain_leads(pieces);
        let products = self.products_by(&leads, Reach::Beginnings)?;
        let vendors = self.vendors_by(&leads, Reach::Beginnings)?;
        Ok(suggest::suggest(&self.look(), Leads { pieces, products, vendors }))
    }

    fn list_product(&self, state: &ProductState) -> Result<CatalogueStep, Error> {
        // Taken first, so that texts are written in the order in which versions were accepted.
        let mut texts = self.products.write();
        let Some((slot, owner)) = self.change().list(state) else { return Ok(CatalogueStep::Same) };
        texts.put(&IndexEntry { slot, owner, title: &state.title, body: &body(state) })?;
        Ok(CatalogueStep::Moved)
    }

    fn add_sellers(&self, leads: &mut [Lead]) -> Result<(), Error> {
        for lead in leads {
            let sellers = self.vendors_by(std::slice::from_ref(lead), Reach::Names)?;
            if sellers.len() <= MOST_SELLERS {
                lead.sellers = sellers.into_iter().map(|one| one.slot).collect();
            }
        }
        Ok(())
    }

    fn products_by(&self, leads: &[Lead], reach: Reach) -> Result<Vec<Match>, Error> {
        find(&self.products, leads, reach)
    }

    fn vendors_by(&self, leads: &[Lead], reach: Reach) -> Result<Vec<Match>, Error> {
        find(&self.vendors, leads, reach)
    }

    fn look(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn found(
    text: &SearchText,
    find: impl FnOnce(Vec<Lead>) -> Result<Vec<Match>, Error>,
) -> Result<Found, Error> {
    match text {
        SearchText::Nothing => Ok(Found::Everything),
        SearchText::Pieces(pieces) => {
            Ok(Found::Only { matches: find(plain_leads(pieces))?, pieces: pieces.len() })
        }
    }
}

fn find(index: &TextIndex, leads: &[Lead], reach: Reach) -> Result<Vec<Match>, Error> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    Ok(index.find(&query(&index.fields, leads, reach))?)
}

fn plain_leads(pieces: &[Piece]) -> Vec<Lead> {
    let sought: Vec<Sought> = Analyzer::new().sought(pieces);
    sought.into_iter().map(|sought| Lead { sought, sellers: Vec::new() }).collect()
}

/// Every text of a product besides its title.
fn body(state: &ProductState) -> String {
    let category = state.category.last().map_or("", |shelf| shelf.path.as_str());
    let mut body = format!("{} {} {category}", state.description, state.options);
    for variant in &state.variants {
        body.push(' ');
        body.push_str(variant.sku.as_str());
    }
    body
}
