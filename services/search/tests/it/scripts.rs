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
fn a_number_is_found_in_the_digits_of_any_script() {
    let mall = Mall::open();
    mall.sell_titles(&["हल्दी २५० ग्राम", "चीनी 500 ग्राम", "ചായ ൨൫൦ ഗ്രാം"]);
    assert_eq!(mall.titles("250 ग्राम"), ["हल्दी २५० ग्राम"]);
    assert_eq!(mall.titles("५०० ग्राम"), ["चीनी 500 ग्राम"]);
    assert_eq!(mall.titles("२५०").len(), 2);
    assert_eq!(mall.titles("२५०")[0], "हल्दी २५० ग्राम", "as it was typed comes first");
    assert_eq!(mall.titles("25"), Vec::<String>::new());
}

#[test]
fn an_indian_word_is_found_as_it_sounds_and_the_other_way() {
    let mall = Mall::open();
    mall.sell_titles(&["हल्दी पाउडर", "बासमती चावल", "गेहूं का आटा", "മഞ്ഞൾ", "Toor dal"]);
    for (typed, title) in [
        ("haldi", "हल्दी पाउडर"),
        ("HALDEE", "हल्दी पाउडर"),
        ("chawal", "बासमती चावल"),
        ("basmati chaval", "बासमती चावल"),
        ("aata", "गेहूं का आटा"),
        ("atta", "गेहूं का आटा"),
        ("manjal", "മഞ്ഞൾ"),
        ("दाल", "Toor dal"),
        ("तूर दाल", "Toor dal"),
        ("ದಾಲ್", "Toor dal"),
    ] {
        assert_eq!(mall.titles(typed), [title], "{typed}");
    }
    assert_eq!(mall.titles("haldi chawal"), Vec::<String>::new());
    assert_eq!(mall.suggest("hal"), ["हल्दी पाउडर"]);
}

#[test]
fn what_was_typed_comes_before_what_sounds_like_it() {
    let mall = Mall::open();
    mall.sell_titles(&["हल्दी", "Haldi", "ಹಲ್ದಿ"]);
    assert_eq!(mall.titles("haldi")[0], "Haldi");
    assert_eq!(mall.titles("हल्दी")[0], "हल्दी");
    assert_eq!(mall.titles("ಹಲ್ದಿ")[0], "ಹಲ್ದಿ");
    for typed in ["haldi", "हल्दी", "ಹಲ್ದಿ"] {
        assert_eq!(mall.titles(typed).len(), 3, "{typed}");
    }
    mall.sell(&Product { title: "Rice", description: "goes with haldi", ..PLAIN });
    assert_eq!(mall.titles("haldi")[1], "Rice", "also where it is only described so");
}

#[test]
fn simplified_and_traditional_characters_find_each_other() {
    let mall = Mall::open();
    mall.sell_titles(&["iPhone 快速充電線", "快速充电线", "電風扇"]);
    assert_eq!(mall.titles("充电线"), ["快速充电线", "iPhone 快速充電線"]);
    assert_eq!(mall.titles("充電線"), ["iPhone 快速充電線", "快速充电线"]);
    assert_eq!(mall.titles("电风扇"), ["電風扇"]);
    assert_eq!(mall.titles("线充"), Vec::<String>::new());
}

#[test]
fn a_word_of_malayalam_is_found_in_its_old_and_new_spelling() {
    let mall = Mall::open();
    let (old, new) = ("പാല്\u{200d} പൊടി", "അവൽ");
    mall.sell_titles(&[old, new]);
    assert_eq!(mall.titles("പാൽ"), [old]);
    assert_eq!(mall.titles("അവല്\u{200d}"), [new]);
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
