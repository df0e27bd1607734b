//! Scripts that do not part their words with blanks, or whose letters are more than one character.

use crate::shop::{Mall, PLAIN, Product};

#[test]
fn chinese_is_found_by_any_part_of_a_name() {
    let mall = Mall::open();
    mall.sell_titles(&["iPhone 快速充電線", "無線滑鼠", "電風扇"]);
    assert_eq!(mall.titles("充電"), ["iPhone 快速充電線"]);
    assert_eq!(mall.titles("充電線"), ["iPhone 快速充電線"]);
    assert_eq!(mall.titles("iphone充電"), ["iPhone 快速充電線"]);
    assert_eq!(mall.titles("電").len(), 2);
    assert_eq!(mall.titles("充滑"), Vec::<String>::new());
}

#[test]
fn hindi_is_found_with_or_without_its_dots() {
    let mall = Mall::open();
    mall.sell_titles(&["मसाला चाय", "ज़ाफ़रान", "हिन्दी किताब"]);
    assert_eq!(mall.titles("चाय"), ["मसाला चाय"]);
    assert_eq!(mall.titles("जाफरान"), ["ज़ाफ़रान"]);
    assert_eq!(mall.titles("\u{091C}\u{093C}ाफ़रान"), ["ज़ाफ़रान"]);
    assert_eq!(mall.titles("किताब हिन्दी"), ["हिन्दी किताब"]);
}

#[test]
fn korean_japanese_tamil_and_thai_are_found() {
    let mall = Mall::open();
    mall.sell_titles(&["무선 키보드", "抹茶クッキー", "தேநீர் கோப்பை", "ชาเย็น"]);
    assert_eq!(mall.titles("키보드"), ["무선 키보드"]);
    assert_eq!(mall.titles("クッキー"), ["抹茶クッキー"]);
    assert_eq!(mall.titles("தேநீர்"), ["தேநீர் கோப்பை"]);
    assert_eq!(mall.titles("เย็น"), ["ชาเย็น"]);
}

#[test]
fn full_width_letters_are_plain_letters_and_other_alphabets_have_cases() {
    let mall = Mall::open();
    mall.sell_titles(&["USB hub", "Чайник", "STRASSE map"]);
    assert_eq!(mall.titles("ＵＳＢ"), ["USB hub"]);
    assert_eq!(mall.titles("ЧАЙНИК"), ["Чайник"]);
    assert_eq!(mall.titles("straße"), ["STRASSE map"]);
}

#[test]
fn a_description_in_chinese_is_found_behind_a_title() {
    let mall = Mall::open();
    mall.sell(&Product { title: "Mug", description: "陶瓷杯", ..PLAIN });
    mall.sell(&Product { title: "陶瓷碗", ..PLAIN });
    assert_eq!(mall.titles("陶瓷"), ["陶瓷碗", "Mug"]);
}
