//! The characters that leave nothing to see.

/// Whether `c` has no shape: it is ignored where a font does not know it (`Default_Ignorable_Code_Point` of Unicode 17,
/// whose gaps are held free for more of them), or it is a blank that counts as a letter, a symbol or a note.
pub(super) const fn is_unseen(c: char) -> bool {
    is_ignorable(c) || is_blank(c)
}

const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// An empty braille cell, marks around annotations, blanks of hieroglyphs and of Khitan, and a note without a head.
const fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{2800}' | '\u{fff9}'
            ..='\u{fffb}' | '\u{13441}' | '\u{13442}' | '\u{16fe4}' | '\u{1d159}'
    )
}
