//! Texts under each other.

use crate::fonts::Faces;
use crate::line::{Length, Style, TextLine, lines};
use crate::page::{Page, Point, Role};
use crate::sheet::Side;
use crate::text::printable;

/// Lines under each other, broken to one width.
pub struct Stack {
    lines: Vec<(TextLine, Style, Length)>,
    pub height: Length,
    pub width: Length,
}

impl Stack {
    pub fn new() -> Self {
        Self { lines: vec![], height: 0, width: 0 }
    }

    /// Adds a text `gap` below what is there, in lines of at most `most`.
    pub fn add(
        mut self,
        faces: &Faces<'_>,
        text: &str,
        style: Style,
        gap: Length,
        most: Length,
    ) -> Self {
        let mut gap = if self.lines.is_empty() { 0 } else { gap };
        for line in lines(faces, &printable(text), style, most) {
            self.height += gap + style.capital();
            self.width = self.width.max(line.width);
            self.lines.push((line, style, self.height));
            gap = style.leading();
        }
        self
    }

    pub fn draw(self, page: &mut Page, at: Point, side: Side, width: Length, role: Role) {
        for (line, style, foot) in self.lines {
            let indent = if side == Side::Right { width - line.width } else { 0 };
            page.write(Point { x: at.x + indent, y: at.y + foot }, line, style, role);
        }
    }
}
