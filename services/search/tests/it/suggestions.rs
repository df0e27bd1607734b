//! Completing what somebody is typing.

use search::domain::Rated;

use crate::shop::{Mall, PLAIN, Product};

#[test]
fn the_last_word_may_be_unfinished_and_the_others_not() {
    let mall = Mall::open();
    mall.sell_titles(&["Blue bottle", "Blue box", "Red bottle", "Bottle opener"]);
    let mut found = mall.suggest("blue bo");
    found.sort();
    assert_eq!(found, ["Blue bottle", "Blue box"]);
    assert!(mall.suggest("blu bottle").is_empty());
    assert_eq!(mall.suggest("bott").len(), 3);
}

#[test]
fn categories_and_vendors_are_suggested_with_products() {
    let mall = Mall::open();
    mall.new_vendor("Kitchen World");
    mall.sell(&Product { title: "Kite", category: &["home", "home/kitchen-tools"], ..PLAIN });
    assert_eq!(mall.suggest("kit"), ["kitchen tools", "Kitchen World", "Kite"]);
}

#[test]
fn at_most_eight_are_suggested_each_once_and_the_best_rated_first() {
    let mall = Mall::open();
    for at in 0..12 {
        mall.sell(&Product { title: &format!("Pencil {at}"), ..PLAIN });
        mall.sell(&Product { title: &format!("pencil {at}"), ..PLAIN });
    }
    let best = mall.sell(&Product { title: "Pencil case", ..PLAIN });
    mall.rate(Rated::Product(best), 1, (500, 100));
    let found = mall.suggest("penc");
    assert_eq!(found.len(), 8);
    assert_eq!(found[0], "Pencil case");
    let distinct: std::collections::HashSet<_> =
        found.iter().map(|one| one.to_lowercase()).collect();
    assert_eq!(distinct.len(), 8);
}

#[test]
fn one_letter_is_too_little_but_one_chinese_character_is_not() {
    let mall = Mall::open();
    mall.sell_titles(&["Apple", "充電線"]);
    assert!(mall.suggest("a").is_empty());
    assert!(mall.suggest("").is_empty());
    assert!(mall.suggest("?").is_empty());
    assert_eq!(mall.suggest("ap"), ["Apple"]);
    assert_eq!(mall.suggest("電"), ["充電線"]);
}

#[test]
fn a_typing_error_is_forgiven_while_typing() {
    let mall = Mall::open();
    mall.sell_titles(&["Keyboard", "Keyring"]);
    assert_eq!(mall.suggest("keyborad"), ["Keyboard"]);
    assert_eq!(mall.suggest("kybo"), Vec::<String>::new(), "too short to guess");
}

#[test]
fn empty_categories_are_not_suggested() {
    let mall = Mall::open();
    let id = mall.sell(&Product { title: "Rake", category: &["garden"], ..PLAIN });
    assert_eq!(mall.suggest("gard"), ["garden"]);
    mall.catalogue.forget_product(id, 2);
    assert!(mall.suggest("gard").is_empty());
}
