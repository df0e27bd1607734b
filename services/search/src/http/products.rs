//! Products.

use axum::extract::State;
use chassis::{Json, Problem, Query};
use kernel::{CategorySlug, Money, ProductId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::RatingView;
use crate::App;
use crate::domain::{
    Availability, CategoryCount, Facets, Limit, MinRating, PageRequest, PriceCount, PriceRange,
    ProductFilter, ProductHit, ProductQuery, ProductSort, RatingCount, SearchText, VendorCount,
};
use crate::error::Error;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductsQuery {
    /// Up to twenty words, all of which are looked for; without any, everything is found.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// A category; products of the categories below it are found, too.
    #[param(inline)]
    category: Option<CategorySlug>,
    /// One seller's products only.
    vendor_id: Option<VendorId>,
    /// In the currency's smallest unit, such as paise: a variant costs so much or more.
    #[param(minimum = 0)]
    min_price: Option<i64>,
    /// In the currency's smallest unit: a variant costs so much or less.
    #[param(minimum = 0)]
    max_price: Option<i64>,
    /// The lowest average of stars, from 0 to 5, with at most two decimals.
    #[param(pattern = "^([0-4](\\.[0-9]{1,2})?|5(\\.0{1,2})?)$")]
    min_rating: Option<String>,
    /// Only what can be had now.
    #[serde(default)]
    in_stock: bool,
    /// `relevance` (default; what is sold out comes last), `price_asc`, `price_desc`, `newest` or `rating`.
    #[param(pattern = "^(relevance|price_asc|price_desc|newest|rating)$")]
    sort: Option<String>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u64>,
    /// The `next` of the page before.
    #[param(max_length = 100, pattern = "^[A-Za-z0-9_-]+$")]
    after: Option<String>,
}

impl ProductsQuery {
    fn question(self) -> Result<ProductQuery, Error> {
        let min_rating = self.min_rating.as_deref().map(MinRating::parse).transpose()?;
        Ok(ProductQuery {
            text: SearchText::parse(&self.q)?,
            filter: ProductFilter {
                category: self.category.map(|category| category.as_str().to_owned()),
                vendor_id: self.vendor_id,
                price: PriceRange::new(self.min_price, self.max_price)?,
                min_rating: min_rating.unwrap_or(MinRating::ANY),
                availability: if self.in_stock { Availability::InStock } else { Availability::Any },
            },
            sort: ProductSort::parse(self.sort.as_deref().unwrap_or("relevance"))?,
            page: PageRequest { limit: Limit::new(self.limit.unwrap_or(20))?, after: self.after },
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FoundProduct {
    product_id: ProductId,
    title: String,
    vendor_id: VendorId,
    vendor_name: String,
    /// The lowest among the variants that match, those in stock first.
    price: Money,
    rating: RatingView,
    /// Whether the variant at that price is in stock.
    in_stock: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FacetChoice {
    /// What to send to choose it.
    value: String,
    /// What to call it when it is shown.
    name: String,
    count: u64,
}

/// What each choice of a filter would find, with all other filters as they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetsView {
    /// The fifty with most hits.
    categories: Vec<FacetChoice>,
    /// The fifty with most hits.
    vendors: Vec<FacetChoice>,
    /// `value` is `min-max` in the currency's smallest unit; without `max` it is open above.
    price_ranges: Vec<FacetChoice>,
    /// `value` is the lowest average of stars.
    ratings: Vec<FacetChoice>,
    /// How many can be had now.
    in_stock: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProductsView {
    items: Vec<FoundProduct>,
    /// Pass it as `after` to get the next page; `null` on the last one.
    #[schema(required)]
    next: Option<String>,
    /// Hits on all pages together.
    total: u64,
    facets: FacetsView,
}

fn item(hit: ProductHit) -> FoundProduct {
    FoundProduct {
        product_id: hit.product_id,
        title: hit.title,
        vendor_id: hit.vendor_id,
        vendor_name: hit.vendor_name,
        price: hit.price,
        rating: RatingView::of(hit.rating),
        in_stock: hit.in_stock,
    }
}

/// Prices are in rupees, as everywhere on the shelf.
fn price_name(range: &PriceCount) -> String {
    let from = Money::inr(range.min);
    range
        .max
        .map_or_else(|| format!("{from} and up"), |max| format!("{from} to {}", Money::inr(max)))
}

fn facets(facets: Facets) -> FacetsView {
    let choice = |value: String, name: String, count: u64| FacetChoice { value, name, count };
    let category = |c: CategoryCount| choice(c.category, c.name, c.count);
    let vendor = |v: VendorCount| choice(v.vendor_id.to_string(), v.vendor_name, v.count);
    let price = |p: PriceCount| {
        let range = format!("{}-{}", p.min, p.max.map(|m| m.to_string()).unwrap_or_default());
        choice(range, price_name(&p), p.count)
    };
    let rating =
        |r: RatingCount| choice(r.at_least.to_string(), format!("{} and up", r.at_least), r.count);
    FacetsView {
        categories: facets.categories.into_iter().map(category).collect(),
        vendors: facets.vendors.into_iter().map(vendor).collect(),
        price_ranges: facets.prices.into_iter().map(price).collect(),
        ratings: facets.ratings.into_iter().map(rating).collect(),
        in_stock: facets.in_stock,
    }
}

/// Finds products, and counts what each choice of a filter would find.
#[utoipa::path(
    get, path = "/v1/search/products", operation_id = "searchProducts", tag = "search",
    params(ProductsQuery), responses((status = 200, body = ProductsView)),
)]
pub async fn search(
    State(app): State<App>,
    Query(query): Query<ProductsQuery>,
) -> Result<Json<ProductsView>, Problem> {
    let question = query.question()?;
    let page = app.look_up(move |catalogue| catalogue.search_products(&question)).await?;
    Ok(Json(ProductsView {
        items: page.hits.into_iter().map(item).collect(),
        next: page.next,
        total: page.total,
        facets: facets(page.facets),
    }))
}
