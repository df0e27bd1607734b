//! Lines of text: shaped, measured and broken.

use krilla::text::{Font, KrillaGlyph};
use rustybuzz::Direction;
use unicode_bidi::{BidiInfo, Level};

use crate::fonts::Faces;
use crate::text::{BREAK_HERE, joined};

mod shaping;
use shaping::shape;

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
    // Each piece is measured by itself, so that a long text costs as much more as it is longer.
    let width = |text: &str| line(faces, text, style).width;
    let (mut lines, mut kept, mut so_far) = (vec![], String::new(), 0);
    for piece in pieces(text).flat_map(|piece| fitting(faces, piece, style, most)) {
        if !kept.is_empty() && so_far + width(piece.trim_end()) > most {
            lines.push(line(faces, kept.trim_end(), style));
            kept.clear();
            so_far = 0;
        }
        kept.push_str(piece);
        so_far += width(piece);
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

/// Lengths on a page and in a glyph are small enough to be exact.
pub fn float(length: Length) -> f32 {
    f32::from(i16::try_from(length).unwrap_or(i16::MAX))
}

#[cfg(test)]
mod tests;
