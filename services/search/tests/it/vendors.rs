//! Vendors are found too.

use kernel::VendorId;
use search::domain::{
    Limit, MinRating, PageRequest, Rated, SearchText, SellerStanding, VendorQuery,
};

use crate::shop::Mall;

fn names(mall: &Mall, text: &str) -> Vec<String> {
    mall.vendors(text).hits.into_iter().map(|hit| hit.display_name).collect()
}

#[test]
fn a_vendor_is_found_by_its_name_even_mistyped() {
    let mall = Mall::open();
    mall.new_vendor("Sharma Electronics");
    mall.new_vendor("Golden Bakery");
    assert_eq!(names(&mall, "bakery"), ["Golden Bakery"]);
    assert_eq!(names(&mall, "electronisc"), ["Sharma Electronics"]);
    assert_eq!(names(&mall, "sharma bakery"), Vec::<String>::new());
    assert_eq!(mall.vendors("").total, 3);
}

#[test]
fn the_better_rated_vendor_comes_first_and_the_least_rating_is_obeyed() {
    let mall = Mall::open();
    let (good, bad) = (mall.new_vendor("Good Books"), mall.new_vendor("Bad Books"));
    mall.rate(Rated::Vendor(good), 1, (45, 10));
    mall.rate(Rated::Vendor(bad), 1, (20, 10));
    assert_eq!(names(&mall, "books"), ["Good Books", "Bad Books"]);

    let query = VendorQuery {
        text: SearchText::parse("book").unwrap(),
        min_rating: MinRating::parse("4.5").unwrap(),
        page: PageRequest { limit: Limit::new(5).unwrap(), after: None },
    };
    let page = mall.catalogue.search_vendors(&query).unwrap();
    assert_eq!(page.total, 1);
    assert_eq!(page.hits[0].vendor_id, good);
    assert_eq!(page.hits[0].rating.average(), "4.50");
}

#[test]
fn a_vendor_that_may_not_sell_is_not_found() {
    let mall = Mall::open();
    let id = VendorId::new();
    mall.vendor(id, 1, "Closed Shop", SellerStanding::Suspended);
    assert!(names(&mall, "closed").is_empty());
    mall.vendor(id, 2, "Open Shop", SellerStanding::Active);
    assert!(names(&mall, "closed").is_empty());
    assert_eq!(names(&mall, "open"), ["Open Shop"]);
    mall.catalogue.forget_vendor(id, 3);
    mall.vendor(id, 2, "Open Shop", SellerStanding::Active);
    assert!(names(&mall, "open").is_empty());
}

#[test]
fn vendors_come_in_pages() {
    let mall = Mall::open();
    for at in 0..9 {
        mall.new_vendor(&format!("Shop {at}"));
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let query = VendorQuery {
            text: SearchText::parse("shop").unwrap(),
            min_rating: MinRating::ANY,
            page: PageRequest { limit: Limit::new(4).unwrap(), after },
        };
        let page = mall.catalogue.search_vendors(&query).unwrap();
        assert_eq!(page.total, 9);
        seen.extend(page.hits.into_iter().map(|hit| hit.vendor_id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let distinct: std::collections::HashSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), distinct.len()), (9, 9));
}
