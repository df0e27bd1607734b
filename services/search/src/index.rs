//! The search index: facts go in, pages of hits come out.
//!
//! Two halves work together. A text index (tantivy, in memory) knows which products the words of
//! a question lead to, and how well. A table knows everything else: prices, stock, ratings, who
//! sells it and whether they may. A change of stock or of a vendor's standing therefore touches
//! one row and shows at once; only new texts wait for [`Catalogue::commit`].

mod analysis;
mod catalogue;
mod counts;
mod matching;
mod product_search;
mod sieve;
mod slots;
mod suggest;
mod table;
mod text_index;
mod top;
mod vendor_search;

pub use catalogue::{Catalogue, Held};

use crate::domain::QueryRefused;

/// Why the index did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The question is not answered.
    #[error(transparent)]
    Refused(#[from] QueryRefused),
    /// The text index is broken. Nothing repairs it but a new catalogue, filled anew.
    #[error("the text index failed")]
    Engine(#[from] tantivy::TantivyError),
}
