//! Filters, and the counts beside them.

use kernel::{Money, VendorId};
use search::domain::{
    Availability, Facets, MinRating, PriceRange, ProductFilter, ProductQuery, Rated,
};

use crate::shop::{Mall, PLAIN, Product, filtered, question, titles};

const ANY: ProductFilter = ProductFilter::ANY;

/// Six products over two vendors, two categories, several prices, ratings and stock.
fn varied() -> (Mall, VendorId) {
    let mall = Mall::open();
    let other = mall.new_vendor("Other Shop");
    let kitchen: &[&str] = &["home", "home/kitchen"];
    let toys: &[&str] = &["toys"];
    for (at, (category, variants, vendor)) in [
        (kitchen, &[(5_000, true)][..], None),
        (kitchen, &[(15_000, false), (60_000, true)][..], None),
        (kitchen, &[(15_000, true)][..], Some(other)),
        (toys, &[(700, true), (900, false)][..], Some(other)),
        (toys, &[(15_000, false)][..], None),
        (toys, &[(60_000, true)][..], Some(other)),
    ]
    .into_iter()
    .enumerate()
    {
        let id = mall.sell(&Product { category, variants, vendor, ..PLAIN });
        let stars = u64::try_from(at).unwrap();
        mall.rate(Rated::Product(id), 1, (stars, 1));
    }
    (mall, other)
}

fn price(min: i64, max: i64) -> PriceRange {
    PriceRange::new(Some(min), Some(max)).unwrap()
}

fn rated(text: &str) -> MinRating {
    MinRating::parse(text).unwrap()
}

fn total(mall: &Mall, filter: ProductFilter) -> u64 {
    mall.ask(&filtered(filter)).total
}

#[test]
fn each_filter_keeps_what_meets_it() {
    let (mall, other) = varied();
    let category = |path: &str| ProductFilter { category: Some(path.to_owned()), ..ANY };
    assert_eq!(total(&mall, ANY), 6);
    assert_eq!(total(&mall, category("home")), 3, "a category holds those below it");
    assert_eq!(total(&mall, category("home/kitchen")), 3);
    assert_eq!(total(&mall, category("kitchen")), 0);
    assert_eq!(total(&mall, ProductFilter { vendor_id: Some(other), ..ANY }), 3);
    assert_eq!(total(&mall, ProductFilter { vendor_id: Some(VendorId::new()), ..ANY }), 0);
    assert_eq!(total(&mall, ProductFilter { price: price(900, 15_000), ..ANY }), 5);
    assert_eq!(total(&mall, ProductFilter { min_rating: rated("3.5"), ..ANY }), 2);
    assert_eq!(total(&mall, ProductFilter { availability: Availability::InStock, ..ANY }), 5);
}

#[test]
fn price_and_stock_must_be_met_by_the_same_variant() {
    let (mall, _) = varied();
    let filter =
        ProductFilter { price: price(15_000, 15_000), availability: Availability::InStock, ..ANY };
    let page = mall.ask(&filtered(filter));
    assert_eq!(page.total, 1, "the others with that price have it sold out");
    assert_eq!(page.hits[0].price, Money::inr(15_000));
    assert!(page.hits[0].in_stock);
}

#[test]
fn the_price_shown_is_the_lowest_that_meets_the_question_and_can_be_had() {
    let mall = Mall::open();
    mall.sell(&Product { variants: &[(100, false), (300, true), (200, true)], ..PLAIN });
    let shown = |price| {
        let hit = mall.ask(&filtered(ProductFilter { price, ..ANY })).hits.remove(0);
        (hit.price.minor(), hit.in_stock)
    };
    assert_eq!(shown(PriceRange::ANY), (200, true));
    assert_eq!(shown(price(250, 999)), (300, true));
    assert_eq!(shown(price(0, 150)), (100, false));
}

#[test]
fn counts_leave_their_own_filter_aside_and_obey_all_others() {
    let (mall, other) = varied();
    let filter = ProductFilter { category: Some("toys".to_owned()), vendor_id: Some(other), ..ANY };
    let facets = mall.ask(&filtered(filter)).facets;

    let categories: Vec<_> =
        facets.categories.iter().map(|one| (one.category.as_str(), one.count)).collect();
    assert_eq!(categories, [("toys", 2), ("home", 1), ("home/kitchen", 1)]);
    let vendors: Vec<_> =
        facets.vendors.iter().map(|one| (one.vendor_name.as_str(), one.count)).collect();
    assert_eq!(vendors, [("Other Shop", 2), ("Corner Store", 1)]);
    assert_eq!(facets.in_stock, 2);
}

#[test]
fn choosing_an_entry_gives_as_many_products_as_it_says() {
    let (mall, other) = varied();
    let filters = [
        ANY,
        ProductFilter { category: Some("home".to_owned()), ..ANY },
        ProductFilter { vendor_id: Some(other), min_rating: rated("2"), ..ANY },
        ProductFilter { price: price(800, 20_000), ..ANY },
        ProductFilter { price: price(800, 20_000), availability: Availability::InStock, ..ANY },
        ProductFilter { min_rating: rated("4"), availability: Availability::InStock, ..ANY },
    ];
    let mut chosen = 0;
    for filter in filters {
        let facets = mall.ask(&filtered(filter.clone())).facets;
        for (choice, count) in choices(&filter, &facets) {
            assert_eq!(total(&mall, choice.clone()), count, "{choice:?} within {filter:?}");
            chosen += 1;
        }
    }
    assert!(chosen > 40, "only {chosen} choices");
}

/// Every filter that the counts offer, with what they promise.
fn choices(from: &ProductFilter, facets: &Facets) -> Vec<(ProductFilter, u64)> {
    let mut list = vec![(
        ProductFilter { availability: Availability::InStock, ..from.clone() },
        facets.in_stock,
    )];
    for one in &facets.categories {
        list.push((
            ProductFilter { category: Some(one.category.clone()), ..from.clone() },
            one.count,
        ));
    }
    for one in &facets.vendors {
        list.push((ProductFilter { vendor_id: Some(one.vendor_id), ..from.clone() }, one.count));
    }
    for one in &facets.prices {
        let price = PriceRange::new(Some(one.min), one.max).unwrap();
        list.push((ProductFilter { price, ..from.clone() }, one.count));
    }
    for one in &facets.ratings {
        let min_rating = rated(&one.at_least.to_string());
        list.push((ProductFilter { min_rating, ..from.clone() }, one.count));
    }
    list
}

#[test]
fn words_and_filters_work_together() {
    let mall = Mall::open();
    mall.sell(&Product { title: "Steel pan", category: &["home"], ..PLAIN });
    mall.sell(&Product { title: "Toy pan", category: &["toys"], ..PLAIN });
    let filter = ProductFilter { category: Some("toys".to_owned()), ..ANY };
    let page = mall.ask(&ProductQuery { filter, ..question("pan") });
    assert_eq!(titles(&page), ["Toy pan"]);
    assert_eq!(page.facets.categories.len(), 2, "both categories have a pan");
}
