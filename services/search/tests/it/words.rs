//! Which products words lead to, and in what order.

use kernel::Rating;
use search::domain::{ProductSort, Rated, SellerStanding};

use crate::shop::{Mall, PLAIN, Product, question, sku, sorted, titles};

#[test]
fn a_product_is_found_by_any_of_its_texts() {
    let mall = Mall::open();
    let id = mall.sell(&Product {
        title: "Stainless kettle",
        description: "Boils water quickly",
        category: &["home", "home/kitchen-tools"],
        options: "silver large",
        ..PLAIN
    });
    mall.sell(&Product { title: "Umbrella", ..PLAIN });
    let sku = sku(id, 0);
    for text in ["kettle", "WATER", "kitchen", "silver", sku.as_str()] {
        assert_eq!(mall.titles(text), ["Stainless kettle"], "{text}");
    }
}

#[test]
fn a_product_is_found_by_the_name_of_its_shop_together_with_other_words() {
    let mall = Mall::open();
    let vendor = mall.new_vendor("Himalaya Outfitters");
    mall.sell(&Product { title: "Tent", vendor: Some(vendor), ..PLAIN });
    mall.sell(&Product { title: "Rope", vendor: Some(vendor), ..PLAIN });
    mall.sell(&Product { title: "Tent", ..PLAIN });
    assert_eq!(mall.titles("himalaya").len(), 2);
    assert_eq!(mall.titles("himalaya tent"), ["Tent"]);

    mall.vendor(vendor, 2, "Everest Outfitters", SellerStanding::Active);
    assert!(mall.titles("himalaya").is_empty(), "renamed without a word about its products");
    assert_eq!(mall.titles("everest rope"), ["Rope"]);
}

#[test]
fn all_words_must_be_found_but_small_words_need_not() {
    let mall = Mall::open();
    mall.sell(&Product { title: "Red cotton shirt", ..PLAIN });
    mall.sell(&Product { title: "Red silk scarf", ..PLAIN });
    assert_eq!(mall.titles("red shirt"), ["Red cotton shirt"]);
    assert_eq!(mall.titles("a scarf in red"), ["Red silk scarf"]);
    assert_eq!(mall.titles("red hammer"), Vec::<String>::new());
}

#[test]
fn singular_and_plural_find_each_other() {
    let mall = Mall::open();
    mall.sell_titles(&["Running shoes", "Shoe polish", "Crème brûlée torch", "Watch strap"]);
    assert_eq!(mall.titles("shoe").len(), 2);
    assert_eq!(mall.titles("shoes").len(), 2);
    assert_eq!(mall.titles("run"), ["Running shoes"]);
    assert_eq!(mall.titles("watches"), ["Watch strap"], "more than a typing error away");
    assert_eq!(mall.titles("creme brulee"), ["Crème brûlée torch"]);
}

#[test]
fn the_word_in_the_title_comes_before_the_word_in_the_description() {
    let mall = Mall::open();
    mall.sell(&Product { title: "Tea tray", description: "goes with any teapot", ..PLAIN });
    mall.sell(&Product { title: "Blue teapot", ..PLAIN });
    mall.sell(&Product { title: "Teapot", ..PLAIN });
    assert_eq!(mall.titles("teapot"), ["Teapot", "Blue teapot", "Tea tray"]);
}

#[test]
fn one_typing_error_is_forgiven_from_five_letters_and_two_from_nine() {
    let mall = Mall::open();
    mall.sell_titles(&["Soap", "Phone", "Headphones"]);
    assert_eq!(mall.titles("phnoe"), ["Phone"]);
    assert_eq!(mall.titles("phon"), Vec::<String>::new(), "four letters are taken at their word");
    assert_eq!(mall.titles("saop"), Vec::<String>::new());
    assert_eq!(mall.titles("haedpones"), ["Headphones"]);
    assert_eq!(mall.titles("pxhnoe"), Vec::<String>::new(), "two errors in six letters");
}

#[test]
fn numbers_are_taken_at_their_word() {
    let mall = Mall::open();
    mall.sell_titles(&["Battery 1234567890", "Model x1000v2"]);
    assert_eq!(mall.titles("1234567891"), Vec::<String>::new());
    assert_eq!(mall.titles("x1000v3"), Vec::<String>::new());
    assert_eq!(mall.titles("1234567890"), ["Battery 1234567890"]);
}

#[test]
fn what_was_typed_comes_before_what_may_have_been_meant() {
    let mall = Mall::open();
    mall.sell(&Product { title: "Horse saddle", ..PLAIN });
    mall.sell(&Product { title: "Garden set", description: "with a hose and a house", ..PLAIN });
    // "house" is one edit from "horse", which stands in a title.
    assert_eq!(mall.titles("house"), ["Garden set", "Horse saddle"]);
}

#[test]
fn what_is_sold_out_comes_last_even_when_it_matches_better() {
    let mall = Mall::open();
    mall.sell(&Product { title: "Lamp", variants: &[(100, false)], ..PLAIN });
    mall.sell(&Product { title: "Shade for a lamp", ..PLAIN });
    assert_eq!(mall.titles("lamp"), ["Shade for a lamp", "Lamp"]);
}

#[test]
fn among_equal_matches_the_better_rated_comes_first_as_soon_as_the_rating_is_heard() {
    let mall = Mall::open();
    let first = mall.sell(&Product { title: "Green mug", ..PLAIN });
    let second = mall.sell(&Product { title: "White mug", ..PLAIN });
    mall.rate(Rated::Product(first), 1, (30, 10));
    mall.rate(Rated::Product(second), 1, (48, 10));
    let page = mall.ask(&question("mug"));
    assert_eq!(titles(&page), ["White mug", "Green mug"]);
    assert_eq!(page.hits[0].rating, Rating { sum: 48, count: 10 });
    assert_eq!(page.hits[0].rating.average(), "4.80");
}

#[test]
fn products_can_be_sorted_by_price_age_and_rating() {
    let mall = Mall::open();
    let dear = mall.sell(&Product { title: "Dear", variants: &[(90_000, true)], ..PLAIN });
    mall.sell(&Product { title: "Cheap", variants: &[(1_000, false)], ..PLAIN });
    let middling = mall.sell(&Product { title: "Middling", variants: &[(5_000, true)], ..PLAIN });
    mall.rate(Rated::Product(dear), 1, (9, 2));
    mall.rate(Rated::Product(middling), 1, (900, 200));
    let by = |sort| titles(&mall.ask(&sorted(sort)));
    assert_eq!(by(ProductSort::PriceUp), ["Cheap", "Middling", "Dear"]);
    assert_eq!(by(ProductSort::PriceDown), ["Dear", "Middling", "Cheap"]);
    assert_eq!(by(ProductSort::Newest), ["Middling", "Cheap", "Dear"]);
    assert_eq!(by(ProductSort::Rating), ["Middling", "Dear", "Cheap"], "same average, more votes");
}
