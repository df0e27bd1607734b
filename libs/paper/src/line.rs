//! Lines of text: shaped, measured and broken.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, GlyphBuffer, UnicodeBuffer, script};
use unicode_bidi::{BidiInfo, Level};

use crate::fonts::{Faces, Found, Type, tabular};
use crate::text::{BREAK_HERE, joined};

/// Lengths are whole 32nds of a point.
pub type Length = i64;

/// `tenths` of a point.
pub const fn tenths(tenths: Length) -> Length {
    tenths * 32 / 10
}

/// How text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub size: Length,
    pub bold: bool,
    pub color: [u8; 3],
    /// Added after every letter.
    pub tracking: Length,
}

impl Style {
    /// From the foot of a capital to its head.
    pub fn capital(self) -> Length {
        self.size * 727 / 1000
    }

    /// Between two lines.
    pub fn leading(self) -> Length {
        self.size * 55 / 100
    }
}

/// Glyphs of one face.
#[derive(Debug)]
pub struct Run {
    pub font: Font,
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: Length,
}

/// One line, its runs from left to right.
#[derive(Debug, Default)]
pub struct TextLine {
    pub runs: Vec<Run>,
    pub width: Length,
}

/// Sets `text` in lines of at most `most`.
pub fn lines(faces: &Faces<'_>, text: &str, style: Style, most: Length) -> Vec<TextLine> {
    let whole = line(faces, text, style);
    if whole.width <= most {
        return vec![whole];
    }
    let (mut lines, mut kept) = (vec![], String::new());
    for piece in pieces(text) {
        for piece in fitting(faces, piece, style, most) {
            let longer = format!("{kept}{piece}");
            if !kept.is_empty() && line(faces, longer.trim_end(), style).width > most {
                lines.push(line(faces, kept.trim_end(), style));
                piece.clone_into(&mut kept);
            } else {
                kept = longer;
            }
        }
    }
    lines.push(line(faces, kept.trim_end(), style));
    lines
}

/// What may not be torn: words with the space after them, and single characters of East Asia.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(|c: char| {
        c.is_whitespace() || c == BREAK_HERE || ('\u{2e80}'..='\u{ffef}').contains(&c)
    })
}

/// A piece that is wider than a line is cut, but never within a syllable.
fn fitting<'t>(faces: &Faces<'_>, piece: &'t str, style: Style, most: Length) -> Vec<&'t str> {
    let wide = |text: &str| line(faces, text.trim_end(), style).width > most;
    if !wide(piece) {
        return vec![piece];
    }
    let (mut parts, mut start, mut end) = (vec![], 0, 0);
    let follows = piece.char_indices().zip(piece.char_indices().skip(1));
    let seams = follows.filter(|((_, before), (_, c))| !joined(*before, *c)).map(|(_, (at, _))| at);
    for seam in seams.chain([piece.len()]) {
        if end > start && piece.get(start..seam).is_some_and(wide) {
            parts.extend(piece.get(start..end));
            start = end;
        }
        end = seam;
    }
    parts.extend(piece.get(start..));
    parts
}

/// Sets `text` in one line.
pub fn line(faces: &Faces<'_>, text: &str, style: Style) -> TextLine {
    let text = text.replace(BREAK_HERE, "");
    let mut line = TextLine::default();
    if text.chars().all(|c| c < '\u{590}') {
        push(&mut line, faces, &text, style, Direction::LeftToRight);
        return line;
    }
    let bidi = BidiInfo::new(&text, Some(Level::ltr()));
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let rtl = levels.get(run.start).is_some_and(Level::is_rtl);
            let way = if rtl { Direction::RightToLeft } else { Direction::LeftToRight };
            push(&mut line, faces, text.get(run).unwrap_or_default(), style, way);
        }
    }
    line
}

/// Adds `text`, which goes one way, face by face.
fn push(line: &mut TextLine, faces: &Faces<'_>, text: &str, style: Style, way: Direction) {
    let mut runs = vec![];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = faces.find(first, style.bold);
        let own = found.font();
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| !clings(*c) && faces.find(*c, style.bold).font() != own)
            .map_or(rest.len(), |(at, _)| at);
        let (run, after) = rest.split_at(end);
        runs.push(shape(&found, run, style, way));
        rest = after;
    }
    if way == Direction::RightToLeft {
        runs.reverse();
    }
    line.width += runs.iter().map(|run| run.width).sum::<Length>();
    line.runs.extend(runs);
}

/// Marks and joiners stay with the letter before them, whichever face that one is in.
fn clings(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

impl Found<'_> {
    fn font(&self) -> &Font {
        &self.kind().font
    }

    fn kind(&self) -> &Type<'_> {
        match self {
            Self::Latin(latin) => &latin.kind,
            Self::Script(kind) => kind,
            Self::EastAsian(kind) => kind,
        }
    }
}

fn shape(found: &Found<'_>, text: &str, style: Style, way: Direction) -> Run {
    let kind = found.kind();
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.set_direction(way);
    let shaped = match found {
        Found::Latin(latin) if way == Direction::LeftToRight => {
            buffer.set_script(script::LATIN);
            rustybuzz::shape_with_plan(&kind.face, &latin.plan, buffer)
        }
        Found::Latin(_) | Found::Script(_) | Found::EastAsian(_) => {
            rustybuzz::shape(&kind.face, &[tabular()], buffer)
        }
    };
    let em = Length::from(kind.face.units_per_em()).max(1);
    let tracking = style.tracking * em / style.size;
    let (glyphs, advance) = glyphs(&shaped, text, tracking, em);
    Run { font: kind.font.clone(), text: text.to_owned(), glyphs, width: advance * style.size / em }
}

fn glyphs(
    shaped: &GlyphBuffer,
    text: &str,
    tracking: Length,
    em: Length,
) -> (Vec<KrillaGlyph>, Length) {
    let mut starts: Vec<usize> =
        shaped.glyph_infos().iter().filter_map(|info| usize::try_from(info.cluster).ok()).collect();
    starts.sort_unstable();
    starts.dedup();
    starts.push(text.len());
    let mut sum = 0;
    let set = |(info, at): (&rustybuzz::GlyphInfo, &rustybuzz::GlyphPosition)| {
        let start = usize::try_from(info.cluster).unwrap_or_default();
        let end = starts.iter().copied().find(|next| *next > start).unwrap_or(text.len());
        let advance = Length::from(at.x_advance) + tracking;
        sum += advance;
        KrillaGlyph::new(
            GlyphId::new(info.glyph_id),
            share(advance, em),
            share(at.x_offset.into(), em),
            share(at.y_offset.into(), em),
            share(at.y_advance.into(), em),
            start..end,
            None,
        )
    };
    let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(set).collect();
    (glyphs, sum)
}

#[expect(clippy::float_arithmetic, reason = "the writer takes distances as shares of an em")]
fn share(part: Length, em: Length) -> f32 {
    float(part) / float(em)
}

/// Lengths on a page and in a glyph are small enough to be exact.
pub fn float(length: Length) -> f32 {
    f32::from(i16::try_from(length).unwrap_or(i16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::Case;

    const CJK: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
    const STYLE: Style = Style { size: tenths(85), bold: false, color: [0; 3], tracking: 0 };

    #[test]
    fn every_letter_of_the_scripts_we_carry_has_a_glyph() {
        let case = Case::open(CJK.into()).unwrap();
        let faces = Faces::of(&case);
        for name in [
            "அருண்",
            "অরুণ",
            "അരുൺ",
            "అరుణ్",
            "ಅರುಣ್",
            "અરુણ",
            "ਅਰੁਣ",
            "ଅରୁଣ",
            "अनिता शर्मा",
            "क्\u{200d}ष",
            "陳大文 (Chan)",
            "김철수",
            "محمد علی ۱۲",
            "José Müller-Šťastný",
        ] {
            let line = line(&faces, name, STYLE);
            let glyphs = || line.runs.iter().flat_map(|run| &run.glyphs);
            assert!(glyphs().count() > 0);
            assert!(glyphs().all(|glyph| glyph.glyph_id.to_u32() != 0), "{name}: {line:?}");
        }
    }

    #[test]
    fn right_to_left_words_are_set_from_their_end() {
        let case = Case::open(CJK.into()).unwrap();
        let line = line(&Faces::of(&case), "علی 42 Rao", STYLE);
        let texts: Vec<&str> = line.runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts.concat().trim_end().rsplit(' ').next(), Some("Rao"), "{texts:?}");
    }

    #[test]
    fn no_line_is_wider_than_it_may_be() {
        let case = Case::open(CJK.into()).unwrap();
        let faces = Faces::of(&case);
        let long = ["W".repeat(90), "क्षि".repeat(30), "陳大文".repeat(5), "ab cd ".repeat(40)];
        for text in long {
            let lines = lines(&faces, &text, STYLE, tenths(900));
            assert!(lines.len() > 1);
            assert!(lines.iter().all(|line| line.width <= tenths(900)), "{text}");
            let kept: String =
                lines.iter().flat_map(|line| &line.runs).map(|r| r.text.as_str()).collect();
            assert_eq!(kept.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
