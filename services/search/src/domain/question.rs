//! What search can be asked. A value of these types is answerable; anything else is refused here.

use kernel::VendorId;

use super::{Order, Piece, pieces};

mod bounds;
pub use bounds::{MinRating, PriceRange};

/// The longest search text, in characters.
const LONGEST_TEXT: usize = 200;

/// The most words of a search text.
const MOST_WORDS: usize = 20;

/// Why a question is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueryRefused {
    #[error("the search text has more than {LONGEST_TEXT} characters")]
    TextTooLong,
    #[error("the search text has more than {MOST_WORDS} words")]
    TooManyWords,
    /// A page of that size is not given.
    #[error("the limit must be 1 to 100")]
    BadLimit,
    /// A price is negative, or the highest is below the lowest.
    #[error("the prices must not be negative, and the lowest not above the highest")]
    BadPriceRange,
    /// The least rating is not one.
    #[error("the least rating must be 0 to 5, with at most two decimals")]
    BadRating,
    /// There is no such order of products.
    #[error("products are sorted by relevance, price_asc, price_desc, newest or rating")]
    BadSort,
    /// The cursor was not given by this list.
    #[error("the cursor does not belong to this list")]
    BadCursor,
}

/// What somebody typed, cut into pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchText {
    /// Nothing was typed: everything is looked at.
    Nothing,
    /// All of these are looked for. Without any piece (only signs were typed) nothing is found.
    Pieces(Vec<Piece>),
}

impl SearchText {
    /// Takes what somebody typed.
    pub fn parse(typed: &str) -> Result<Self, QueryRefused> {
        if typed.chars().nth(LONGEST_TEXT).is_some() {
            return Err(QueryRefused::TextTooLong);
        }
        if typed.trim().is_empty() {
            return Ok(Self::Nothing);
        }
        let pieces = pieces(typed);
        if pieces.len() > MOST_WORDS {
            Err(QueryRefused::TooManyWords)
        } else {
            Ok(Self::Pieces(pieces))
        }
    }
}

/// How many hits a page has at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(usize);

impl Limit {
    /// Takes 1 to 100.
    pub fn new(limit: u64) -> Result<Self, QueryRefused> {
        match usize::try_from(limit) {
            Ok(limit @ 1..=100) => Ok(Self(limit)),
            _ => Err(QueryRefused::BadLimit),
        }
    }

    pub const fn get(self) -> usize {
        self.0
    }
}

/// Whether things that are sold out are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// Everything is shown.
    Any,
    /// Only what can be had now.
    InStock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductSort {
    /// The best match first; what is sold out comes last.
    Relevance,
    /// The cheapest first.
    PriceUp,
    /// The dearest first.
    PriceDown,
    /// The newest first.
    Newest,
    /// The best rated first.
    Rating,
}

impl ProductSort {
    /// Reads the name of an order.
    pub fn parse(name: &str) -> Result<Self, QueryRefused> {
        match name {
            "relevance" => Ok(Self::Relevance),
            "price_asc" => Ok(Self::PriceUp),
            "price_desc" => Ok(Self::PriceDown),
            "newest" => Ok(Self::Newest),
            "rating" => Ok(Self::Rating),
            _ => Err(QueryRefused::BadSort),
        }
    }

    /// The order of the list.
    pub const fn order(self) -> Order {
        match self {
            Self::Relevance => Order::Relevance,
            Self::PriceUp => Order::PriceUp,
            Self::PriceDown => Order::PriceDown,
            Self::Newest => Order::Newest,
            Self::Rating => Order::Rating,
        }
    }
}

#[derive(Debug, Clone)]
pub struct PageRequest {
    /// How many hits at most.
    pub limit: Limit,
    /// The `next` of the page before, if it is not the first.
    pub after: Option<String>,
}

/// What products must be like.
#[derive(Debug, Clone)]
pub struct ProductFilter {
    /// In this category or below it, such as `home` or `home/kitchen`.
    pub category: Option<String>,
    pub vendor_id: Option<VendorId>,
    /// With a variant at such a price.
    pub price: PriceRange,
    pub min_rating: MinRating,
    /// With a variant that can be had (at such a price).
    pub availability: Availability,
}

impl ProductFilter {
    pub const ANY: Self = Self {
        category: None,
        vendor_id: None,
        price: PriceRange::ANY,
        min_rating: MinRating::ANY,
        availability: Availability::Any,
    };
}

#[derive(Debug, Clone)]
pub struct ProductQuery {
    pub text: SearchText,
    /// What the products must be like.
    pub filter: ProductFilter,
    pub sort: ProductSort,
    pub page: PageRequest,
}

#[derive(Debug, Clone)]
pub struct VendorQuery {
    pub text: SearchText,
    pub min_rating: MinRating,
    pub page: PageRequest,
}

#[cfg(test)]
mod tests;
