//! What people write in more than one way: digits, and Chinese characters.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The zeros of all scripts; the nine other digits follow each.
const ZEROS: [u32; 75] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0,
    0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50,
    0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce,
    0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950,
];

/// Traditional characters with their simplified ones. Where the two are not one to one, the traditional ones are what
/// differs, so they are folded, and never the other way.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let lines = include_str!("../../data/simplified.txt").lines();
    let pairs = lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    let both = |pair: &str| {
        let mut chars = pair.chars();
        Some((chars.next()?, chars.next()?))
    };
    pairs.filter_map(both).collect()
});

/// The ASCII digit that `c` is in its script; `None` for what is no digit, or one of ASCII.
pub fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    char::from_digit(code - ZEROS.get(zero)?, 10)
}

/// `word` with the digits of every script as those of ASCII.
pub fn with_plain_digits(word: &str) -> String {
    word.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

/// `run` with simplified characters in the place of traditional ones.
pub fn simplified(run: &str) -> String {
    run.chars().map(|c| SIMPLIFIED.get(&c).copied().unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::{SIMPLIFIED, ZEROS, digit, simplified, with_plain_digits};

    #[test]
    fn digits_of_all_scripts_are_plain_digits() {
        for ten in [
            "०१२३४५६७८९",
            "০১২৩৪৫৬৭৮৯",
            "௦௧௨௩௪௫௬௭௮௯",
            "٠١٢٣٤٥٦٧٨٩",
            "０１２３４５６７８９",
            "๐๑๒๓๔๕๖๗๘๙",
        ] {
            assert_eq!(with_plain_digits(ten), "0123456789");
        }
        assert_eq!(["5", "क", "a", "二", "²"].map(with_plain_digits), ["5", "क", "a", "二", "²"]);
        assert!(ZEROS.is_sorted());
        assert!(ZEROS.iter().filter_map(|zero| char::from_u32(*zero)).all(char::is_numeric));
        assert_eq!(digit('\u{966}'), Some('0'));
    }

    #[test]
    fn traditional_characters_are_folded_to_simplified_ones_at_once() {
        assert_eq!(simplified("充電線 滑鼠 後面"), "充电线 滑鼠 后面");
        assert_eq!(simplified("充电线 クッキー"), "充电线 クッキー");
        assert!(SIMPLIFIED.len() > 3_000);
        assert!(SIMPLIFIED.values().all(|simple| !SIMPLIFIED.contains_key(simple)));
    }
}
