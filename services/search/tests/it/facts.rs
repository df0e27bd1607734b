//! Facts come in any order, again, and late; what is found is what is true now.

use kernel::{Money, VendorId};
use search::domain::{CatalogueStep, ProductState, Publication, Rated, SellerStanding};

use crate::shop::{Mall, PLAIN, Product, question, sku};

fn price_of(mall: &Mall, text: &str) -> Option<i64> {
    mall.ask(&question(text)).hits.first().map(|hit| hit.price.minor())
}

fn at(state: &ProductState, version: u64, price: i64) -> ProductState {
    let mut next = state.clone();
    next.version = version;
    next.variants[0].price = Money::inr(price);
    next
}

#[test]
fn an_older_version_never_brings_an_old_price_back() {
    let mall = Mall::open();
    let state = mall.state(&Product { title: "Clock", ..PLAIN });
    assert_eq!(mall.deliver(&at(&state, 5, 500)), CatalogueStep::Moved);
    assert_eq!(mall.deliver(&at(&state, 4, 400)), CatalogueStep::Same, "late");
    assert_eq!(mall.deliver(&at(&state, 5, 999)), CatalogueStep::Same, "again");
    mall.catalogue.commit().unwrap();
    assert_eq!(price_of(&mall, "clock"), Some(500));
    assert_eq!(mall.deliver(&at(&state, 6, 600)), CatalogueStep::Moved);
    assert_eq!(price_of(&mall, "clock"), Some(600), "a price shows at once");
}

#[test]
fn a_product_that_is_gone_stays_gone() {
    let mall = Mall::open();
    let state = mall.state(&Product { title: "Vase", ..PLAIN });
    mall.deliver(&at(&state, 1, 100));
    assert_eq!(mall.catalogue.forget_product(state.product_id, 7), CatalogueStep::Moved);
    assert_eq!(mall.deliver(&at(&state, 6, 100)), CatalogueStep::Same);
    mall.catalogue.commit().unwrap();
    assert!(mall.titles("vase").is_empty());
    assert!(mall.titles("").is_empty());
    mall.deliver(&at(&state, 8, 100));
    mall.catalogue.commit().unwrap();
    assert_eq!(mall.titles("vase"), ["Vase"], "made anew by its owner");
}

#[test]
fn a_hidden_product_is_not_found_until_it_is_published() {
    let mall = Mall::open();
    let mut state = mall.state(&Product { title: "Draft book", ..PLAIN });
    state.publication = Publication::Hidden;
    mall.deliver(&state);
    mall.catalogue.commit().unwrap();
    assert!(mall.titles("book").is_empty());
    state.publication = Publication::Published;
    state.version = 2;
    mall.deliver(&state);
    mall.catalogue.commit().unwrap();
    assert_eq!(mall.titles("book"), ["Draft book"]);
}

#[test]
fn new_words_replace_the_old_ones() {
    let mall = Mall::open();
    let mut state = mall.state(&Product { title: "Wooden chair", ..PLAIN });
    mall.deliver(&state);
    mall.catalogue.commit().unwrap();
    state.version = 2;
    state.title = "Oak stool".to_owned();
    mall.deliver(&state);
    mall.catalogue.commit().unwrap();
    assert!(mall.titles("chair").is_empty());
    assert_eq!(mall.titles("stool"), ["Oak stool"]);
}

#[test]
fn the_products_of_a_suspended_seller_disappear_at_once_and_come_back() {
    let mall = Mall::open();
    let vendor = mall.new_vendor("Shady Deals");
    mall.sell(&Product { title: "Watch", vendor: Some(vendor), ..PLAIN });
    assert_eq!(mall.titles("watch"), ["Watch"]);

    mall.vendor(vendor, 3, "Shady Deals", SellerStanding::Suspended);
    assert!(mall.titles("watch").is_empty());
    assert!(mall.titles("").is_empty());
    assert!(mall.suggest("wat").is_empty());
    assert!(mall.vendors("shady").hits.is_empty());
    assert!(mall.ask(&question("")).facets.vendors.is_empty());

    assert_eq!(
        mall.vendor(vendor, 2, "Shady Deals", SellerStanding::Active),
        CatalogueStep::Same,
        "late"
    );
    assert!(mall.titles("watch").is_empty());
    mall.vendor(vendor, 4, "Shady Deals", SellerStanding::Active);
    assert_eq!(mall.titles("watch"), ["Watch"]);
}

#[test]
fn a_product_waits_for_its_vendor() {
    let mall = Mall::open();
    let vendor = VendorId::new();
    mall.sell(&Product { title: "Early bird", vendor: Some(vendor), ..PLAIN });
    assert!(mall.titles("bird").is_empty(), "nobody said that the vendor may sell");
    mall.vendor(vendor, 1, "Late Vendor", SellerStanding::Active);
    assert_eq!(mall.titles("bird"), ["Early bird"]);
    assert_eq!(mall.catalogue.forget_vendor(vendor, 2), CatalogueStep::Moved);
    assert!(mall.titles("bird").is_empty());
}

#[test]
fn stock_and_rating_may_come_before_their_product() {
    let mall = Mall::open();
    let state = mall.state(&Product { title: "Drum", ..PLAIN });
    mall.stock(sku(state.product_id, 0), 9, true);
    mall.rate(Rated::Product(state.product_id), 4, (9, 2));
    assert_eq!(mall.stock(sku(state.product_id, 0), 8, false), CatalogueStep::Same);
    assert_eq!(mall.rate(Rated::Product(state.product_id), 3, (1, 1)), CatalogueStep::Same);
    mall.deliver(&state);
    mall.catalogue.commit().unwrap();
    let hit = mall.ask(&question("drum")).hits.remove(0);
    assert!(hit.in_stock);
    assert_eq!(hit.rating.average(), "4.50");
}

#[test]
fn a_product_is_sold_out_until_stock_is_heard_of() {
    let mall = Mall::open();
    let state = mall.state(&Product { title: "Flute", ..PLAIN });
    mall.deliver(&state);
    mall.catalogue.commit().unwrap();
    let in_stock = || mall.ask(&question("flute")).hits[0].in_stock;
    assert!(!in_stock());
    mall.stock(sku(state.product_id, 0), 1, true);
    assert!(in_stock(), "a level shows at once");
    mall.stock(sku(state.product_id, 0), 2, false);
    assert!(!in_stock());
}

#[test]
fn any_order_of_facts_ends_in_the_same_answer() {
    let mall = Mall::open();
    let state = mall.state(&Product { title: "Compass", ..PLAIN });
    let vendor = mall.corner;
    let answers: Vec<_> = orders(5)
        .into_iter()
        .map(|order| {
            let fresh = Mall::open();
            for fact in order {
                let step = match fact {
                    0 => fresh.deliver(&at(&state, 1, 100)),
                    1 => fresh.deliver(&at(&state, 2, 200)),
                    2 => fresh.stock(sku(state.product_id, 0), 1, true),
                    3 => fresh.rate(Rated::Product(state.product_id), 1, (4, 1)),
                    _ => fresh.vendor(vendor, 1, "Shop", SellerStanding::Active),
                };
                assert!(
                    step == CatalogueStep::Moved || fact == 0,
                    "only the older price may be no news"
                );
            }
            fresh.catalogue.commit().unwrap();
            fresh.ask(&question("compass"))
        })
        .collect();
    assert_eq!(answers.len(), 120);
    assert_eq!(answers[0].hits[0].price, Money::inr(200));
    assert!(answers.iter().all(|page| *page == answers[0]));
}

/// All orders of `0..many`.
fn orders(many: usize) -> Vec<Vec<usize>> {
    if many == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(many - 1);
    let insert = |order: &Vec<usize>, place| {
        let mut longer = order.clone();
        longer.insert(place, many - 1);
        longer
    };
    shorter.iter().flat_map(|order| (0..many).map(move |place| insert(order, place))).collect()
}

#[test]
fn committing_without_news_does_nothing() {
    let mall = Mall::open();
    mall.deliver(&mall.state(&PLAIN));
    assert_eq!(mall.catalogue.held().pending, 1);
    assert_eq!(mall.catalogue.commit().unwrap(), 1);
    assert_eq!(mall.catalogue.commit().unwrap(), 0);
    assert_eq!(mall.catalogue.held().products, 1);
}
