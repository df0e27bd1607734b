//! Whatever is typed, an answer comes back.

use std::sync::LazyLock;

use proptest::prelude::*;
use search::domain::{ProductSort, QueryRefused, SearchText};

use crate::shop::{Mall, PLAIN, Product, filtered, question};

/// A shop that all cases share, since they change nothing.
static MALL: LazyLock<Mall> = LazyLock::new(|| {
    let mall = Mall::open();
    mall.sell_titles(&["100% cotton_shirt", "C++ for O'Reilly", "चाय", "充電線", "Keyboards"]);
    mall
});

/// Searches, suggests and filters by `text`.
fn try_all(text: &str) {
    match SearchText::parse(text) {
        Ok(parsed) => {
            let mut query = question("");
            query.text = parsed.clone();
            query.filter.category = Some(text.to_owned());
            MALL.ask(&query);
            MALL.titles(text);
            MALL.vendors(text);
            MALL.catalogue.suggest(&parsed).unwrap();
        }
        Err(refused) => {
            assert!(matches!(refused, QueryRefused::TextTooLong | QueryRefused::TooManyWords));
        }
    }
    assert!(ProductSort::parse(text).is_err());
}

#[test]
fn signs_with_a_meaning_elsewhere_have_none_here() {
    for text in ["'", "%", "_", "\\", "*a*b*c*", "title:x", "(((", "a AND OR", "-a", "\"a", "[1 TO"]
    {
        try_all(text);
    }
    assert_eq!(MALL.titles("o'reilly"), ["C++ for O'Reilly"]);
    assert_eq!(MALL.titles("100% cotton"), ["100% cotton_shirt"]);
    assert!(MALL.titles("%").is_empty());
    assert!(MALL.titles("*").is_empty(), "no wildcards");
    assert!(MALL.titles("shirt OR keyboards").is_empty(), "no operators");
}

#[test]
fn long_texts_are_refused_and_the_longest_are_answered() {
    assert_eq!(SearchText::parse(&"x".repeat(10_000)), Err(QueryRefused::TextTooLong));
    assert_eq!(SearchText::parse(&"a ".repeat(100)), Err(QueryRefused::TooManyWords));
    for text in ["x", "電", "क", "\u{202E}", "\u{1F9D1}\u{200D}", "ﷺ", "İ"] {
        try_all(&text.repeat(200 / text.chars().count()));
    }
    try_all(&"keyboardz ".repeat(20));
}

#[test]
fn nothing_that_is_typed_reaches_the_table_of_categories() {
    let mall = Mall::open();
    mall.sell(&PLAIN);
    let before = mall.ask(&question("")).facets;
    let mut filter = search::domain::ProductFilter::ANY;
    filter.category = Some("no/such".to_owned());
    assert_eq!(mall.ask(&filtered(filter)).total, 0);
    assert_eq!(mall.ask(&question("")).facets, before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_answered_or_refused(text in any::<String>()) {
        try_all(&text);
    }

    #[test]
    fn any_mixture_of_scripts_is_answered_or_refused(
        text in "[a-c0-9 '\u{0900}-\u{0980}一-三가-나\u{200B}-\u{2010}\u{0300}-\u{0305}%\\\\*]{0,60}"
    ) {
        try_all(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn any_product_can_be_listed_and_found_by_its_own_title(title in "\\PC{1,80}") {
        let mall = Mall::open();
        mall.sell(&Product { title: &title, description: &title, options: &title, ..PLAIN });
        if let Ok(SearchText::Pieces(pieces)) = SearchText::parse(&title) {
            let found = mall.titles(&title);
            prop_assert_eq!(found.len(), usize::from(!pieces.is_empty()));
        }
    }
}
