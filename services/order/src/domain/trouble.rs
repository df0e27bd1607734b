//! Lines that cannot be sold, and how to tell from copies that may be a little behind.

use kernel::{Money, Sku, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::placing::Wanted;

/// Why a line cannot be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Fewer are left than wanted.
    OutOfStock,
    /// The price is another one now.
    PriceChanged,
    /// The product is not on the shelf any more.
    NotSellable,
    /// Its seller may not sell.
    SellerNotActive,
    /// Another reason, newer than this service.
    Unknown,
}

/// A line that cannot be sold, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineTrouble {
    /// Which line.
    pub sku: Sku,
    /// Why.
    pub trouble: Trouble,
    /// The price now, when that is the trouble.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

/// Whether something may be sold, as far as its copy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
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
    /// Whose it is.
    pub vendor_id: VendorId,
    /// Where it stands.
    pub standing: Standing,
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
    pub fn about(line: &Wanted, shelf: &Shelf, seller: Standing) -> Self {
        let has_sku = shelf.skus.iter().any(|sku| sku == line.sku.as_str());
        match (seller, shelf.standing) {
            (Standing::Off, _) => Self::Trouble(Trouble::SellerNotActive),
            (_, Standing::Off) => Self::Trouble(Trouble::NotSellable),
            (Standing::Coming, _) => Self::Doubt(Trouble::SellerNotActive),
            (Standing::On, Standing::Coming) => Self::Doubt(Trouble::NotSellable),
            (Standing::On, Standing::On) if !has_sku || shelf.vendor_id != line.vendor_id => {
                Self::Doubt(Trouble::NotSellable)
            }
            (Standing::On, Standing::On) => Self::Sellable,
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Money, ProductId, Sku, VendorId};

    use super::{Finding, Shelf, Standing, Trouble};
    use crate::domain::placing::Wanted;

    fn about(seller: Standing, product: Standing, skus: &[&str]) -> Finding {
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
        let (on, off) = (Standing::On, Standing::Off);
        assert_eq!(about(on, on, &["LAMP-18"]), Finding::Sellable);
        assert_eq!(about(on, off, &["LAMP-18"]), Finding::Trouble(Trouble::NotSellable));
        assert_eq!(about(off, on, &["LAMP-18"]), Finding::Trouble(Trouble::SellerNotActive));
    }

    #[test]
    fn what_was_never_offered_may_only_be_news_to_us() {
        let (on, coming) = (Standing::On, Standing::Coming);
        assert_eq!(about(on, coming, &["LAMP-18"]), Finding::Doubt(Trouble::NotSellable));
        assert_eq!(about(coming, on, &["LAMP-18"]), Finding::Doubt(Trouble::SellerNotActive));
        assert_eq!(about(on, on, &["LAMP-20"]), Finding::Doubt(Trouble::NotSellable));
    }
}
