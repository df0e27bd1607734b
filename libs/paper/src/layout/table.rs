//! Tables: columns take the width their cells need, one takes the rest, and the heading comes again on every page.

use super::{
    ACCENT, Desk, INK, LEFT, Point, QUIET, RULE, Role, Size, Stack, TINT, WHITE, WIDTH, plain,
    strong,
};
use crate::fonts::Faces;
use crate::line::{Length, Style, tenths};
use crate::sheet::{self, Cell, Column, Look, Side};

/// A text, another one under it, and how the first looks.
struct Styled<'a> {
    text: &'a str,
    under: Option<&'a str>,
    style: Style,
}

impl<'a> Styled<'a> {
    fn new(text: &'a str, style: Style) -> Self {
        Self { text, under: None, style }
    }

    fn of(cell: &'a Cell, style: Style) -> Self {
        Self { under: cell.under.as_deref(), ..Self::new(&cell.text, style) }
    }

    fn stack(&self, faces: &Faces<'_>, most: Length) -> Stack {
        let stack = Stack::new().add(faces, self.text, self.style, 0, most);
        match self.under {
            Some(under) => stack.add(faces, under, plain(65, QUIET), tenths(35), most),
            None => stack,
        }
    }
}

/// The cells of one row, as high as the highest of them.
struct Row {
    cells: Vec<Stack>,
    height: Length,
}

impl Row {
    fn of(
        faces: &Faces<'_>,
        cells: &[Styled<'_>],
        widths: &[Length],
        (across, down): (Length, Length),
    ) -> Self {
        let cells = cells.iter().zip(widths);
        let cells: Vec<_> =
            cells.map(|(cell, width)| cell.stack(faces, width - across * 2)).collect();
        let height = cells.iter().map(|cell| cell.height).max().unwrap_or(0) + down * 2;
        Self { cells, height }
    }
}

fn heading(columns: &[Column], style: Style) -> Vec<Styled<'_>> {
    columns.iter().map(|column| Styled::new(&column.head, style)).collect()
}

/// To which side the columns stand, and how much of what is left over each takes.
fn shape(columns: &[Column]) -> Vec<(Side, Length)> {
    columns.iter().map(|column| (column.side, column.wide.into())).collect()
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
        let style = |look| match look {
            Look::Plain => plain(75, INK),
            Look::Quiet => plain(75, QUIET),
            Look::Strong => strong(75, INK),
        };
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
        let (across, _) = self.inset;
        let mut widths: Vec<Length> = columns
            .iter()
            .enumerate()
            .map(|(nth, (_, share))| {
                let cells = rows.iter().filter_map(|row| row.get(nth));
                let widest = cells.map(|cell| cell.stack(faces, Length::MAX).width).max();
                if *share > 0 { 0 } else { widest.unwrap_or(0) + across * 2 }
            })
            .collect();
        let shares: Length = columns.iter().map(|(_, share)| share).sum();
        // Where amounts are so long that nothing is left, the widest of them gives way.
        while width - widths.iter().sum::<Length>() < shares.min(1) * NARROWEST {
            let Some(widest) = widths.iter_mut().max() else { break };
            *widest -= tenths(20);
        }
        let left = width - widths.iter().sum::<Length>();
        for ((_, share), width) in columns.iter().zip(&mut widths) {
            *width += left * share / shares.max(1);
        }
        self.rows = rows.iter().map(|row| Row::of(faces, row, &widths, self.inset)).collect();
        self.sides = columns.iter().map(|(side, _)| *side).collect();
        self.widths = widths;
        self
    }

    pub fn height(&self) -> Length {
        self.rows.iter().map(|row| row.height).sum()
    }

    /// Draws the table where the desk is, over as many pages as it takes.
    pub fn draw(mut self, desk: &mut Desk<'_>) {
        let rows = std::mem::take(&mut self.rows);
        for (nth, row) in rows.into_iter().enumerate() {
            if desk.make_room(row.height) {
                self.head_again(desk);
            }
            self.row(desk, row, Some(nth));
        }
    }

    /// The heading once more, on a new page.
    fn head_again(&self, desk: &mut Desk<'_>) {
        if let Some((columns, style)) = self.head {
            let head = Row::of(desk.faces, &heading(columns, style), &self.widths, self.inset);
            self.row(desk, head, None);
        }
    }

    /// Draws the `nth` row, or the heading once more.
    fn row(&self, desk: &mut Desk<'_>, row: Row, nth: Option<usize>) {
        let head = self.head.is_some() && nth.is_none_or(|nth| nth == 0);
        let Row { cells, height } = row;
        let width: Length = self.widths.iter().sum();
        let (mut x, y) = (self.x, desk.y);
        if let Some(tint) = self.tint.filter(|_| head) {
            desk.page.fill(Point { x, y }, Size { width, height }, tint);
        }
        if self.ruled && !(head && self.tint == Some(ACCENT)) {
            let rule = Size { width, height: tenths(5) };
            desk.page.fill(Point { x, y: y + height }, rule, RULE);
        }
        let columns = self.sides.iter().zip(&self.widths);
        for ((column, cell), (side, width)) in cells.into_iter().enumerate().zip(columns) {
            let role = match nth {
                None => Role::Artifact,
                Some(row) if head => Role::Head { table: self.number, row, column },
                Some(row) => Role::Cell { table: self.number, row, column },
            };
            // Headings stand in the middle of their row.
            let down = if head { (height - cell.height) / 2 } else { self.inset.1 };
            let at = Point { x: x + self.inset.0, y: y + down };
            cell.draw(&mut desk.page, at, *side, width - self.inset.0 * 2, role);
            x += width;
        }
        desk.y += height;
    }
}
