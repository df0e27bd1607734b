//! Text of one face and one direction becomes glyphs.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, GlyphBuffer, GlyphInfo, GlyphPosition, UnicodeBuffer, script};

use super::{Length, Run, Style, float};
use crate::fonts::{Found, Type, tabular};

impl Found<'_> {
    pub(super) fn font(&self) -> &Font {
        &self.kind().font
    }

    fn kind(&self) -> &Type<'_> {
        match self {
            Self::Latin(latin) => &latin.kind,
            Self::Other(kind) => kind,
        }
    }
}

pub(super) fn shape(found: &Found<'_>, text: &str, style: Style, way: Direction) -> Run {
    let kind = found.kind();
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.set_direction(way);
    let shaped = match found {
        Found::Latin(latin) if way == Direction::LeftToRight => {
            buffer.set_script(script::LATIN);
            rustybuzz::shape_with_plan(&kind.face, &latin.plan, buffer)
        }
        Found::Latin(_) | Found::Other(_) => rustybuzz::shape(&kind.face, &[tabular()], buffer),
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
    let starts = starts(shaped, text);
    let mut sum = 0;
    let set = |(info, at): (&GlyphInfo, &GlyphPosition)| {
        let start = usize::try_from(info.cluster).unwrap_or_default();
        let end = starts.iter().copied().find(|next| *next > start).unwrap_or(text.len());
        let advance = Length::from(at.x_advance) + tracking;
        sum += advance;
        let id = GlyphId::new(info.glyph_id);
        let [x, y, down] = [at.x_offset, at.y_offset, at.y_advance].map(|n| share(n.into(), em));
        KrillaGlyph::new(id, share(advance, em), x, y, down, start..end, None)
    };
    let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(set).collect();
    (glyphs, sum)
}

/// Where in `text` its clusters start, and where it ends.
fn starts(shaped: &GlyphBuffer, text: &str) -> Vec<usize> {
    let infos = shaped.glyph_infos().iter();
    let mut starts: Vec<_> = infos.filter_map(|info| usize::try_from(info.cluster).ok()).collect();
    starts.sort_unstable();
    starts.dedup();
    starts.push(text.len());
    starts
}

#[expect(clippy::float_arithmetic, reason = "the writer takes distances as shares of an em")]
fn share(part: Length, em: Length) -> f32 {
    float(part) / float(em)
}
