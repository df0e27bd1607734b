//! Products of a seller that may not be sold here.

use contracts::product::ProductsBarred;
use serde::{Deserialize, Serialize};

/// What left the shelf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barred {
    /// How many products.
    pub products: u32,
    /// Some of their SKUs.
    pub skus: Vec<String>,
}

impl Barred {
    #[must_use]
    pub fn of(event: &ProductsBarred) -> Self {
        let skus = event.skus.iter().map(|sku| sku.as_str().to_owned());
        Self { products: event.products, skus: skus.collect() }
    }
}
