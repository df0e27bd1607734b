//! Pages: every hit once, also while the catalogue changes.

use std::collections::HashSet;

use kernel::ProductId;
use search::domain::{
    Limit, PageRequest, ProductQuery, ProductSort, QueryRefused, Rated, VendorQuery,
};
use search::index::Error;

use crate::shop::{Mall, PLAIN, Product, first_page, question, sorted};

const SORTS: [ProductSort; 5] = [
    ProductSort::Relevance,
    ProductSort::PriceUp,
    ProductSort::PriceDown,
    ProductSort::Newest,
    ProductSort::Rating,
];

fn shelf(many: i64) -> Mall {
    let mall = Mall::open();
    for at in 0..many {
        let price = 100 * (at % 7);
        let id = mall.sell(&Product { title: "Cup", variants: &[(price, at % 3 > 0)], ..PLAIN });
        mall.rate(Rated::Product(id), 1, (u64::try_from(at % 5).unwrap(), 1));
    }
    mall
}

fn page(limit: u64, after: Option<String>) -> PageRequest {
    PageRequest { limit: Limit::new(limit).unwrap(), after }
}

/// Turns all pages of `query`, doing `between` after each.
fn turn(mall: &Mall, query: &ProductQuery, limit: u64, between: impl Fn()) -> Vec<ProductId> {
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let answer = mall.ask(&ProductQuery { page: page(limit, after), ..query.clone() });
        assert!(!answer.hits.is_empty(), "a next page always has something");
        seen.extend(answer.hits.iter().map(|hit| hit.product_id));
        after = answer.next;
        if after.is_none() {
            return seen;
        }
        between();
    }
}

#[test]
fn pages_of_any_size_hold_every_hit_once_and_in_the_same_order() {
    let mall = shelf(23);
    for sort in SORTS {
        for text in ["", "cup"] {
            let query = ProductQuery { sort, ..question(text) };
            let whole: Vec<_> =
                mall.ask(&query).hits.into_iter().map(|hit| hit.product_id).collect();
            assert_eq!(whole.len(), 23);
            for limit in [1, 5, 22, 23, 24] {
                assert_eq!(turn(&mall, &query, limit, || ()), whole, "{sort:?} by {limit}");
            }
        }
    }
}

#[test]
fn the_total_is_that_of_all_pages() {
    let mall = shelf(7);
    let first = mall.ask(&ProductQuery { page: page(3, None), ..question("cup") });
    assert_eq!((first.total, first.hits.len()), (7, 3));
    let second = mall.ask(&ProductQuery { page: page(3, first.next), ..question("cup") });
    assert_eq!((second.total, second.facets), (7, first.facets));
}

#[test]
fn no_hit_is_lost_or_repeated_when_products_come_between_two_pages() {
    let mall = shelf(20);
    for sort in SORTS {
        let query = ProductQuery { sort, ..question("cup") };
        let before: Vec<_> = mall.ask(&query).hits.into_iter().map(|hit| hit.product_id).collect();
        // Some of the new ones sort before the cursor and some behind it.
        let seen = turn(&mall, &query, 6, || {
            mall.sell(&Product { title: "Cup and saucer", variants: &[(0, true)], ..PLAIN });
            mall.sell(&Product { title: "Cup", variants: &[(900, true)], ..PLAIN });
        });
        let distinct: HashSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "{sort:?} repeats nothing");
        assert!(before.iter().all(|id| distinct.contains(id)), "{sort:?} loses nothing");
    }
}

#[test]
fn a_page_goes_on_when_the_hit_it_ended_with_is_gone() {
    let mall = shelf(6);
    let query = sorted(ProductSort::Newest);
    let first = mall.ask(&ProductQuery { page: page(2, None), ..query.clone() });
    mall.catalogue.forget_product(first.hits[1].product_id, 9);
    let second = mall.ask(&ProductQuery { page: page(10, first.next), ..query });
    assert_eq!(second.hits.len(), 4);
}

#[test]
fn a_cursor_that_was_not_given_by_the_list_is_refused() {
    let mall = shelf(4);
    let next = mall.ask(&ProductQuery { page: page(2, None), ..question("") }).next;
    let cursors = [Some("x".to_owned()), Some("A".repeat(5_000)), Some(String::new()), next];
    for after in cursors {
        let query = ProductQuery { page: page(2, after.clone()), ..sorted(ProductSort::PriceUp) };
        let refused = mall.catalogue.search_products(&query);
        assert!(matches!(refused, Err(Error::Refused(QueryRefused::BadCursor))), "{after:?}");
        let query = VendorQuery {
            text: search::domain::SearchText::Nothing,
            min_rating: search::domain::MinRating::ANY,
            page: page(2, after),
        };
        assert!(mall.catalogue.search_vendors(&query).is_err());
    }
    assert!(
        mall.catalogue
            .search_products(&ProductQuery { page: first_page(1), ..question("") })
            .is_ok()
    );
}
