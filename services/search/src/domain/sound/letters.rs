//! The letters of nine Indian scripts. Unicode has them in one order in each of their blocks, that of ISCII, so one table
//! serves Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada and Malayalam.

/// What a letter adds to a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letter {
    Consonant(&'static str),
    /// A vowel by itself.
    Vowel(&'static str),
    /// The vowel of the consonant before it.
    Sign(&'static str),
    /// The consonant before it has no vowel.
    NoVowel,
    Nasal,
    Silent,
}

pub(super) fn is_tamil(c: char) -> bool {
    matches!(c, '\u{b80}'..='\u{bff}')
}

/// What `c` is; `None` for what stands in none of the scripts, or is no letter.
pub(super) fn letter(c: char) -> Option<Letter> {
    match c {
        '\u{9ce}' => return Some(Letter::Consonant("t")),
        '\u{a5c}' => return Some(Letter::Consonant("D")),
        '\u{a70}' => return Some(Letter::Nasal),
        '\u{a71}' => return Some(Letter::Silent),
        '\u{d1e}' => return Some(Letter::Consonant("nj")),
        '\u{b71}' => return Some(Letter::Consonant("v")),
        '\u{900}'..='\u{d7f}' => {}
        _ => return None,
    }
    let at = u32::from(c) & 0x7f;
    Some(match at {
        0x01 | 0x02 => Letter::Nasal,
        0x03 | 0x3c | 0x3d => Letter::Silent,
        0x05..=0x14 => Letter::Vowel(vowel(at)?),
        0x15..=0x39 => Letter::Consonant(consonant(at)?),
        0x3e..=0x4c => Letter::Sign(vowel(at - 0x38)?),
        0x4d => Letter::NoVowel,
        _ => return None,
    })
}

fn vowel(at: u32) -> Option<&'static str> {
    Some(match at {
        0x05 | 0x06 => "a",
        0x07 | 0x08 => "i",
        0x09 | 0x0a => "u",
        0x0b | 0x0c => "ri",
        0x0d..=0x0f => "e",
        0x10 => "ai",
        0x11..=0x14 => "o",
        _ => return None,
    })
}

fn consonant(at: u32) -> Option<&'static str> {
    Some(match at {
        0x15 => "k",
        0x16 => "kh",
        0x17 => "g",
        0x18 => "gh",
        0x19 => "ng",
        0x1a | 0x1b => "ch",
        0x1c => "j",
        0x1d => "jh",
        0x1e => "ñ",
        0x1f | 0x20 | 0x24 | 0x25 => "t",
        0x21 | 0x22 => "D",
        0x23 | 0x28 | 0x29 => "n",
        0x26 | 0x27 => "d",
        0x2a => "p",
        0x2b => "f",
        0x2c => "b",
        0x2d => "bh",
        0x2e => "m",
        0x2f => "y",
        0x30 | 0x31 => "r",
        0x32..=0x34 => "l",
        0x35 => "v",
        0x36..=0x38 => "s",
        0x39 => "h",
        _ => return None,
    })
}
