//! Tables: columns take the width their cells need, one takes the rest, and the heading comes again on every page.

use super::{
    ACCENT, Desk, INK, LEFT, Point, QUIET, RULE, Role, Size, TINT, WHITE, WIDTH, plain, strong,
};
use crate::fonts::Faces;
use crate::line::{Length, Style, tenths};
use crate::sheet::{self, Column, Look, Side};

mod row;
use row::{Row, Styled, heading};

/// To which side the columns stand, and how much of what is left over each takes.
fn shape(columns: &[Column]) -> Vec<(Side, Length)> {
    columns.iter().map(|column| (column.side, column.wide.into())).collect()
}

const fn style(look: Look) -> Style {
    match look {
        Look::Plain => plain(75, INK),
        Look::Quiet => plain(75, QUIET),
        Look::Strong => strong(75, INK),
    }
}

/// Columns that take the rest of `width` share it.
fn share_out(widths: &mut [Length], columns: &[(Side, Length)], width: Length) {
    let shares: Length = columns.iter().map(|(_, share)| share).sum();
    // Where amounts are so long that nothing is left, the widest of them gives way.
    while width - widths.iter().sum::<Length>() < shares.min(1) * NARROWEST {
        let Some(widest) = widths.iter_mut().max() else { break };
        *widest -= tenths(20);
    }
    let left = width - widths.iter().sum::<Length>();
    for ((_, share), width) in columns.iter().zip(widths) {
        *width += left * share / shares.max(1);
    }
}

/// Rows of cells; the first is the heading, where there is one.
pub struct Table<'a> {
    number: u8,
    sides: Vec<Side>,
    widths: Vec<Length>,
    rows: Vec<Row>,
    /// The heading, to be set again on the next page.
    head: Option<(&'a [Column], Style)>,
    tint: Option<[u8; 3]>,
    ruled: bool,
    inset: (Length, Length),
    x: Length,
}

/// The narrowest a column is made that others leave little room.
const NARROWEST: Length = tenths(700);

impl<'a> Table<'a> {
    /// The positions of the document.
    pub fn main(faces: &Faces<'_>, table: &'a sheet::Table) -> Self {
        let columns = &table.columns;
        let head = strong(70, WHITE);
        let mut rows = vec![heading(columns, head)];
        rows.extend(table.rows.iter().map(|row| {
            let cells = row.iter().zip(columns);
            cells.map(|(cell, column)| Styled::of(cell, style(column.look))).collect()
        }));
        let empty = Self {
            head: Some((columns, head)),
            tint: Some(ACCENT),
            ruled: true,
            inset: (tenths(45), tenths(55)),
            ..Self::empty(1)
        };
        empty.filled(faces, &shape(columns), WIDTH, &rows)
    }

    /// A small table at the foot.
    pub fn summary(faces: &Faces<'_>, table: &'a sheet::Table, width: Length) -> Self {
        let (columns, style) = (&table.columns, plain(70, INK));
        let mut rows = vec![heading(columns, style)];
        rows.extend(
            table.rows.iter().map(|row| row.iter().map(|cell| Styled::of(cell, style)).collect()),
        );
        let empty = Self {
            head: Some((columns, style)),
            tint: Some(TINT),
            ruled: true,
            inset: (tenths(40), tenths(40)),
            ..Self::empty(2)
        };
        empty.filled(faces, &shape(columns), width, &rows)
    }

    /// What adds up to the total.
    pub fn of_sums(faces: &Faces<'_>, sums: &[(String, String)], x: Length, width: Length) -> Self {
        let rows: Vec<_> = sums
            .iter()
            .map(|(key, value)| {
                vec![Styled::new(key, plain(85, QUIET)), Styled::new(value, plain(85, INK))]
            })
            .collect();
        let empty = Self { inset: (tenths(80), tenths(35)), x, ..Self::empty(3) };
        empty.filled(faces, &[(Side::Left, 1), (Side::Right, 0)], width, &rows)
    }

    fn empty(number: u8) -> Self {
        Self {
            number,
            sides: vec![],
            widths: vec![],
            rows: vec![],
            head: None,
            tint: None,
            ruled: false,
            inset: (0, 0),
            x: LEFT,
        }
    }

    fn filled(
        mut self,
        faces: &Faces<'_>,
        columns: &[(Side, Length)],
        width: Length,
        rows: &[Vec<Styled<'_>>],
    ) -> Self {
        let mut widths = self.needs(faces, columns, rows);
        share_out(&mut widths, columns, width);
        self.rows = rows.iter().map(|row| Row::of(faces, row, &widths, self.inset)).collect();
        self.sides = columns.iter().map(|(side, _)| *side).collect();
        self.widths = widths;
        self
    }

    /// How wide the cells of each column are; those that share the rest need nothing.
    fn needs(
        &self,
        faces: &Faces<'_>,
        columns: &[(Side, Length)],
        rows: &[Vec<Styled<'_>>],
    ) -> Vec<Length> {
        let need = |(nth, (_, share)): (usize, &(Side, Length))| {
            let cells = rows.iter().filter_map(|row| row.get(nth));
            let widest = cells.map(|cell| cell.stack(faces, Length::MAX).width).max();
            if *share > 0 { 0 } else { widest.unwrap_or(0) + self.inset.0 * 2 }
        };
        columns.iter().enumerate().map(need).collect()
    }

    pub fn height(&self) -> Length {
        self.rows.iter().map(|row| row.height).sum()
    }

    /// Draws the table where the desk is, over as many pages as it takes.
    pub fn draw(mut self, desk: &mut Desk<'_, '_>) {
        let rows = std::mem::take(&mut self.rows);
        for (nth, row) in rows.into_iter().enumerate() {
            if desk.make_room(row.height) {
                self.head_again(desk);
            }
            self.row(desk, row, Some(nth));
        }
    }

    /// The heading once more, on a new page.
    fn head_again(&self, desk: &mut Desk<'_, '_>) {
        if let Some((columns, style)) = self.head {
            let head = Row::of(desk.faces, &heading(columns, style), &self.widths, self.inset);
            self.row(desk, head, None);
        }
    }

    /// Draws the `nth` row, or the heading once more.
    fn row(&self, desk: &mut Desk<'_, '_>, row: Row, nth: Option<usize>) {
        let head = self.head.is_some() && nth.is_none_or(|nth| nth == 0);
        let Row { cells, height } = row;
        let (mut x, y) = (self.x, desk.y);
        self.ground(desk, height, head);
        let columns = self.sides.iter().zip(&self.widths);
        for ((column, cell), (side, width)) in cells.into_iter().enumerate().zip(columns) {
            let role = self.role(nth, column, head);
            // Headings stand in the middle of their row.
            let down = if head { (height - cell.height) / 2 } else { self.inset.1 };
            let at = Point { x: x + self.inset.0, y: y + down };
            cell.draw(&mut desk.page, at, *side, width - self.inset.0 * 2, role);
            x += width;
        }
        desk.y += height;
    }

    /// What is behind and below the cells of a row.
    fn ground(&self, desk: &mut Desk<'_, '_>, height: Length, head: bool) {
        let width: Length = self.widths.iter().sum();
        let (x, y) = (self.x, desk.y);
        if let Some(tint) = self.tint.filter(|_| head) {
            desk.page.fill(Point { x, y }, Size { width, height }, tint);
        }
        if self.ruled && !(head && self.tint == Some(ACCENT)) {
            let rule = Size { width, height: tenths(5) };
            desk.page.fill(Point { x, y: y + height }, rule, RULE);
        }
    }

    const fn role(&self, row: Option<usize>, column: usize, head: bool) -> Role {
        match row {
            None => Role::Artifact,
            Some(row) if head => Role::Head { table: self.number, row, column },
            Some(row) => Role::Cell { table: self.number, row, column },
        }
    }
}
