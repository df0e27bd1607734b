//! The faces that text is set in, and which of them has a character.

use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use krilla::text::Font;
use rustybuzz::{Direction, Face, Feature, ShapePlan, script, ttf_parser::Tag};

use crate::error::RenderError;

const REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.otf");
const SEMIBOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.otf");

/// In a collection of East Asian faces, the one with the shapes of Hong Kong.
const HONG_KONG: u32 = 4;
const EAST_ASIAN: [RangeInclusive<char>; 5] = [
    '\u{2e80}'..='\u{a4cf}',
    '\u{ac00}'..='\u{d7ff}',
    '\u{f900}'..='\u{faff}',
    '\u{fe30}'..='\u{ffef}',
    '\u{20000}'..='\u{3ffff}',
];

type Block = (RangeInclusive<char>, &'static [u8]);
/// What the Latin face does not have; where two blocks share a face, its bytes are in the program once.
const SCRIPTS: [Block; 13] = [
    ('\u{600}'..='\u{77f}', include_bytes!("../fonts/NotoSansArabic-Regular.ttf")),
    ('\u{900}'..='\u{97f}', include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf")),
    ('\u{980}'..='\u{9ff}', include_bytes!("../fonts/NotoSansBengali-Regular.ttf")),
    ('\u{a00}'..='\u{a7f}', include_bytes!("../fonts/NotoSansGurmukhi-Regular.ttf")),
    ('\u{a80}'..='\u{aff}', include_bytes!("../fonts/NotoSansGujarati-Regular.ttf")),
    ('\u{b00}'..='\u{b7f}', include_bytes!("../fonts/NotoSansOriya-Regular.ttf")),
    ('\u{b80}'..='\u{bff}', include_bytes!("../fonts/NotoSansTamil-Regular.ttf")),
    ('\u{c00}'..='\u{c7f}', include_bytes!("../fonts/NotoSansTelugu-Regular.ttf")),
    ('\u{c80}'..='\u{cff}', include_bytes!("../fonts/NotoSansKannada-Regular.ttf")),
    ('\u{d00}'..='\u{d7f}', include_bytes!("../fonts/NotoSansMalayalam-Regular.ttf")),
    ('\u{a8e0}'..='\u{a8ff}', include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf")),
    ('\u{fb50}'..='\u{fdff}', include_bytes!("../fonts/NotoSansArabic-Regular.ttf")),
    ('\u{fe70}'..='\u{feff}', include_bytes!("../fonts/NotoSansArabic-Regular.ttf")),
];

/// A face, ready to shape text and to be written.
pub struct Type<'a> {
    pub face: Face<'a>,
    pub font: Font,
}

impl<'a> Type<'a> {
    fn open(bytes: &'a [u8], font: krilla::Data, index: u32) -> Option<Self> {
        Some(Self { face: Face::from_slice(bytes, index)?, font: Font::new(font, index)? })
    }
}

/// The Latin face in one weight, with the plan that shapes most of a document.
pub struct Latin {
    pub kind: Type<'static>,
    pub plan: ShapePlan,
}

impl Latin {
    fn open(bytes: &'static [u8]) -> Result<Self, RenderError> {
        let kind = Type::open(bytes, bytes.into(), 0).ok_or(RenderError::Fonts)?;
        let plan = ShapePlan::new(
            &kind.face,
            Direction::LeftToRight,
            Some(script::LATIN),
            None,
            &[tabular()],
        );
        Ok(Self { kind, plan })
    }
}

/// Figures of one width, so that columns of amounts line up.
pub fn tabular() -> Feature {
    Feature::new(Tag::from_bytes(b"tnum"), 1, ..)
}

/// All faces. Only the Latin one is opened before a document needs another.
pub struct Case {
    regular: Latin,
    semibold: Latin,
    scripts: Vec<OnceLock<Option<Type<'static>>>>,
    east_asian: PathBuf,
    /// What is in that file, once a document needed it: whoever writes Chinese once does so again.
    read: OnceLock<Option<Arc<Vec<u8>>>>,
}

impl Case {
    /// Opens the Latin face; `east_asian` is the file of the face that is too large for the program.
    pub fn open(east_asian: PathBuf) -> Result<Self, RenderError> {
        let (regular, semibold) = (Latin::open(REGULAR)?, Latin::open(SEMIBOLD)?);
        Ok(Self {
            regular,
            semibold,
            scripts: SCRIPTS.iter().map(|_| OnceLock::new()).collect(),
            east_asian,
            read: OnceLock::new(),
        })
    }

    /// The Latin face.
    pub fn latin(&self, bold: bool) -> &Latin {
        if bold { &self.semibold } else { &self.regular }
    }

    fn script(&self, c: char) -> Option<&Type<'static>> {
        let nth = SCRIPTS.iter().position(|(block, _)| block.contains(&c))?;
        let (_, bytes) = SCRIPTS.get(nth)?;
        self.scripts.get(nth)?.get_or_init(|| Type::open(bytes, (*bytes).into(), 0)).as_ref()
    }

    fn east_asian(&self) -> Option<&Arc<Vec<u8>>> {
        self.read.get_or_init(|| fs::read(&self.east_asian).ok().map(Arc::new)).as_ref()
    }
}

/// The faces of one document.
pub struct Faces<'a> {
    case: &'a Case,
    /// Opened once: its tables of shapes are large, and each character asks for it.
    east_asian: OnceLock<Option<Type<'a>>>,
}

/// Which face has a character.
pub enum Found<'a> {
    Latin(&'a Latin),
    /// Of another script.
    Other(&'a Type<'a>),
}

impl<'a> Faces<'a> {
    pub fn of(case: &'a Case) -> Self {
        Self { case, east_asian: OnceLock::new() }
    }

    /// The face for `c`. What no face has is shown as the box of the Latin one.
    pub fn find(&self, c: char, bold: bool) -> Found<'_> {
        let latin = self.case.latin(bold);
        if latin.kind.face.glyph_index(c).is_some() {
            return Found::Latin(latin);
        }
        let other = self.case.script(c).or_else(|| self.east_asian(c));
        other.map_or(Found::Latin(latin), Found::Other)
    }

    fn east_asian(&self, c: char) -> Option<&Type<'_>> {
        EAST_ASIAN.iter().find(|block| block.contains(&c))?;
        let opened = self.east_asian.get_or_init(|| {
            let bytes = self.case.east_asian()?;
            Type::open(bytes, Arc::clone(bytes).into(), HONG_KONG)
        });
        opened.as_ref().filter(|kind| kind.face.glyph_index(c).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_text_opens_no_other_face() {
        let case = Case::open("/nowhere".into()).unwrap();
        let faces = Faces::of(&case);
        for c in "Ānand & Söhne, ₹1,051.22 − 50 %".chars() {
            assert!(matches!(faces.find(c, false), Found::Latin(_)), "{c:?}");
        }
        assert!(case.scripts.iter().all(|script| script.get().is_none()));

        assert!(matches!(faces.find('अ', false), Found::Other(_)));
        assert_eq!(case.scripts.iter().filter(|script| script.get().is_some()).count(), 1);
    }
}
