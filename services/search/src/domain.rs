//! The words of search: facts it hears, questions it is asked, answers it gives.

mod alike;
mod answer;
mod cursor;
mod fact;
mod pieces;
mod price_steps;
mod question;
mod sound;
mod standing;

pub use alike::{digit, simplified, with_plain_digits};
pub use answer::{
    CategoryCount, Facets, PriceCount, ProductHit, ProductPage, RatingCount, VendorCount,
    VendorHit, VendorPage,
};
pub use cursor::{Order, Place};
pub use fact::{
    CatalogueStep, Category, ProductState, Publication, Rated, RatingSummary, SellerStanding,
    StockLevel, Variant, VendorState,
};
pub use pieces::{Piece, pieces};
pub use price_steps::{PRICE_STEPS, price_step};
pub use question::{
    Availability, Limit, MinRating, PageRequest, PriceRange, ProductFilter, ProductQuery,
    ProductSort, QueryRefused, SearchText, VendorQuery,
};
pub use sound::{spoken, typed};
pub use standing::{hundredths, merit};
