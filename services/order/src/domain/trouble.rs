//! Lines that cannot be sold, and how to tell from copies that may be a little behind.

pub use contracts::product::{LineTrouble, Trouble};
use kernel::VendorId;
use strum::{EnumString, IntoStaticStr};

use super::placing::Wanted;

/// Whether something may be sold, as far as its copy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum SaleStatus {
    /// It never could: either the copy is behind, or nobody should have it in a cart.
    Coming,
    /// It may.
    On,
    /// It could once and may not now.
    Off,
}

/// A product, as far as the sale of a line depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    pub vendor_id: VendorId,
    pub standing: SaleStatus,
    /// What of it can be bought.
    pub skus: Vec<String>,
}

/// What the copies say about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Nothing is known against it.
    Sellable,
    /// It cannot be sold.
    Trouble(Trouble),
    /// It cannot be sold unless the copies are behind, which they may well be.
    Doubt(Trouble),
}

impl Finding {
    /// Judges `line` by what its product and its seller look like.
    pub fn about(line: &Wanted, shelf: &Shelf, seller: SaleStatus) -> Self {
        let has_sku = shelf.skus.iter().any(|sku| sku == line.sku.as_str());
        match (seller, shelf.standing) {
            (SaleStatus::Off, _) => Self::Trouble(Trouble::SellerNotActive),
            (_, SaleStatus::Off) => Self::Trouble(Trouble::NotSellable),
            (SaleStatus::Coming, _) => Self::Doubt(Trouble::SellerNotActive),
            (SaleStatus::On, SaleStatus::Coming) => Self::Doubt(Trouble::NotSellable),
            (SaleStatus::On, SaleStatus::On) if !has_sku || shelf.vendor_id != line.vendor_id => {
                Self::Doubt(Trouble::NotSellable)
            }
            (SaleStatus::On, SaleStatus::On) => Self::Sellable,
        }
    }
}

#[cfg(test)]
mod tests;
