//! Somebody asks while facts are heard.

use std::thread;

use kernel::Money;
use search::domain::{ProductQuery, ProductSort};

use crate::shop::{Mall, PLAIN, Product, question, sku};

#[test]
fn questions_are_answered_in_full_while_prices_and_texts_change() {
    let mall = Mall::open();
    let mut states: Vec<_> =
        (0..40).map(|_| mall.state(&Product { title: "Lantern", ..PLAIN })).collect();
    for state in &states {
        mall.deliver(state);
    }
    mall.catalogue.commit().unwrap();

    thread::scope(|threads| {
        let changing = threads.spawn(|| {
            for version in 2..12_u64 {
                for state in &mut states {
                    state.version = version;
                    state.title = format!("Lantern {version}");
                    state.variants[0].price = Money::inr(i64::try_from(version).unwrap());
                    mall.deliver(state);
                    mall.stock(sku(state.product_id, 0), version, version % 2 > 0);
                }
                mall.catalogue.commit().unwrap();
            }
        });
        while !changing.is_finished() {
            for sort in [ProductSort::Relevance, ProductSort::PriceUp] {
                let page = mall.ask(&ProductQuery { sort, ..question("lantern") });
                assert_eq!((page.total, page.hits.len()), (40, 40));
            }
        }
    });
    let page = mall.ask(&question("11"));
    assert_eq!(page.total, 40);
    assert!(page.hits.iter().all(|hit| hit.price == Money::inr(11) && hit.in_stock));
}
