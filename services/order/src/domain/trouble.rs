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
mod tests {
    use kernel::{Money, ProductId, Sku, VendorId};

    use super::{Finding, SaleStatus, Shelf, Trouble};
    use crate::domain::placing::Wanted;

    fn about(seller: SaleStatus, product: SaleStatus, skus: &[&str]) -> Finding {
        let vendor_id = VendorId::new();
        let line = Wanted {
            sku: Sku::parse("LAMP-18").unwrap(),
            product_id: ProductId::new(),
            vendor_id,
            quantity: 1,
            unit_price: Money::inr(1),
        };
        let skus = skus.iter().map(|sku| (*sku).to_owned()).collect();
        Finding::about(&line, &Shelf { vendor_id, standing: product, skus }, seller)
    }

    #[test]
    fn what_was_taken_back_is_known_not_to_be_sellable() {
        let (on, off) = (SaleStatus::On, SaleStatus::Off);
        assert_eq!(about(on, on, &["LAMP-18"]), Finding::Sellable);
        assert_eq!(about(on, off, &["LAMP-18"]), Finding::Trouble(Trouble::NotSellable));
        assert_eq!(about(off, on, &["LAMP-18"]), Finding::Trouble(Trouble::SellerNotActive));
    }

    #[test]
    fn what_was_never_offered_may_only_be_news_to_us() {
        let (on, coming) = (SaleStatus::On, SaleStatus::Coming);
        assert_eq!(about(on, coming, &["LAMP-18"]), Finding::Doubt(Trouble::NotSellable));
        assert_eq!(about(coming, on, &["LAMP-18"]), Finding::Doubt(Trouble::SellerNotActive));
        assert_eq!(about(on, on, &["LAMP-20"]), Finding::Doubt(Trouble::NotSellable));
    }
}
