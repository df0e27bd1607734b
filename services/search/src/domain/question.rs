//! What search can be asked. A value of these types is answerable; anything else is refused here.

use kernel::VendorId;

use super::{Order, Piece, pieces};

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

/// The prices between which variants are looked for, both included, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRange {
    min: i64,
    max: i64,
}

impl PriceRange {
    pub const ANY: Self = Self { min: 0, max: i64::MAX };

    /// Takes the lowest and the highest price, each of which may be left open.
    pub fn new(min: Option<i64>, max: Option<i64>) -> Result<Self, QueryRefused> {
        let range = Self { min: min.unwrap_or(0), max: max.unwrap_or(i64::MAX) };
        if range.min < 0 || range.max < range.min {
            return Err(QueryRefused::BadPriceRange);
        }
        Ok(range)
    }

    /// Whether `price` lies between them.
    pub const fn holds(self, price: i64) -> bool {
        self.min <= price && price <= self.max
    }
}

/// The least average rating, in hundredths of a star.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MinRating(u16);

impl MinRating {
    /// Every rating, and none at all.
    pub const ANY: Self = Self(0);

    /// Reads `4`, `4.5` or `4.25`.
    pub fn parse(text: &str) -> Result<Self, QueryRefused> {
        Self::read(text).ok_or(QueryRefused::BadRating)
    }

    pub const fn hundredths(self) -> u16 {
        self.0
    }

    fn read(text: &str) -> Option<Self> {
        let (whole, decimals) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (text, ""),
        };
        let digits = whole.len() == 1 && decimals.len() <= 2;
        if !digits || !text.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit()) {
            return None;
        }
        let hundredths: u16 = format!("{whole}{decimals:0<2}").parse().ok()?;
        (hundredths <= 500).then_some(Self(hundredths))
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
mod tests {
    use super::*;

    #[test]
    fn a_text_of_200_characters_is_taken_and_of_201_refused() {
        assert!(SearchText::parse(&"म".repeat(200)).is_ok());
        assert_eq!(SearchText::parse(&"म".repeat(201)), Err(QueryRefused::TextTooLong));
    }

    #[test]
    fn twenty_words_are_taken_and_twenty_one_refused() {
        assert!(SearchText::parse(&"or ".repeat(20)).is_ok());
        assert_eq!(SearchText::parse(&"or ".repeat(21)), Err(QueryRefused::TooManyWords));
    }

    #[test]
    fn blanks_ask_for_everything_and_signs_for_nothing() {
        assert_eq!(SearchText::parse(" \t"), Ok(SearchText::Nothing));
        assert_eq!(SearchText::parse("%*"), Ok(SearchText::Pieces(vec![])));
    }

    #[test]
    fn ratings_have_up_to_two_decimals() {
        let read = |text| MinRating::parse(text).map(MinRating::hundredths);
        assert_eq!(read("4"), Ok(400));
        assert_eq!(read("4.5"), Ok(450));
        assert_eq!(read("3.05"), Ok(305));
        for wrong in ["", ".", "5.01", "6", "4.", "4.123", "-1", "+4", "4,5", "١", "NaN", "1e1"] {
            assert_eq!(read(wrong), Err(QueryRefused::BadRating), "{wrong}");
        }
    }

    #[test]
    fn impossible_prices_and_limits_are_refused() {
        assert!(PriceRange::new(Some(-1), None).is_err());
        assert!(PriceRange::new(Some(2), Some(1)).is_err());
        assert!(PriceRange::new(None, Some(-1)).is_err());
        assert!(PriceRange::new(Some(7), Some(7)).is_ok_and(|range| range.holds(7)));
        assert!(Limit::new(0).is_err() && Limit::new(101).is_err() && Limit::new(100).is_ok());
    }
}
