//! The cells of a table before they are set.

use crate::fonts::Faces;
use crate::layout::{QUIET, Stack, plain};
use crate::line::{Length, Style, tenths};
use crate::sheet::{Cell, Column};

/// A text, another one under it, and how the first looks.
pub(super) struct Styled<'a> {
    text: &'a str,
    under: Option<&'a str>,
    style: Style,
}

impl<'a> Styled<'a> {
    pub fn new(text: &'a str, style: Style) -> Self {
        Self { text, under: None, style }
    }

    pub fn of(cell: &'a Cell, style: Style) -> Self {
        Self { under: cell.under.as_deref(), ..Self::new(&cell.text, style) }
    }

    pub fn stack(&self, faces: &Faces<'_>, most: Length) -> Stack {
        let stack = Stack::new().add(faces, self.text, self.style, 0, most);
        match self.under {
            Some(under) => stack.add(faces, under, plain(65, QUIET), tenths(35), most),
            None => stack,
        }
    }
}

/// The cells of one row, as high as the highest of them.
pub(super) struct Row {
    pub cells: Vec<Stack>,
    pub height: Length,
}

impl Row {
    pub fn of(
        faces: &Faces<'_>,
        cells: &[Styled<'_>],
        widths: &[Length],
        inset: (Length, Length),
    ) -> Self {
        let (across, down) = inset;
        let cells = cells.iter().zip(widths);
        let cells: Vec<_> =
            cells.map(|(cell, width)| cell.stack(faces, width - across * 2)).collect();
        let height = cells.iter().map(|cell| cell.height).max().unwrap_or(0) + down * 2;
        Self { cells, height }
    }
}

pub(super) fn heading(columns: &[Column], style: Style) -> Vec<Styled<'_>> {
    columns.iter().map(|column| Styled::new(&column.head, style)).collect()
}
