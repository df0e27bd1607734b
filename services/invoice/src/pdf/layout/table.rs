//! Tables: columns take the width their cells need, one takes the rest, and the heading comes again on every page.

use super::{
    ACCENT, Desk, Faces, INK, LEFT, Length, Point, QUIET, RULE, Role, Sheet, Side, Size, Stack,
    Style, TINT, WHITE, WIDTH, plain, strong, tenths,
};

/// What stands in one cell: a text, and another one under it.
pub struct Cell {
    text: String,
    style: Style,
    under: Option<String>,
}

impl Cell {
    fn new(text: &str, style: Style) -> Self {
        Self { text: text.to_owned(), style, under: None }
    }

    fn over(self, under: &str) -> Self {
        Self { under: Some(under.to_owned()), ..self }
    }

    fn stack(&self, faces: &Faces<'_>, most: Length) -> Stack {
        let stack = Stack::new().add(faces, &self.text, self.style, 0, most);
        match &self.under {
            Some(under) => stack.add(faces, under, plain(65, QUIET), tenths(35), most),
            None => stack,
        }
    }
}

/// How wide a column is and to which side its cells stand.
pub struct Column {
    side: Side,
    /// How much of what is left over it takes; none: as much as its cells need.
    share: Length,
}

/// The cells of one row, as high as the highest of them.
struct Row {
    cells: Vec<Stack>,
    height: Length,
}

/// Rows of cells; the first is the heading, where there is one.
pub struct Table {
    number: u8,
    sides: Vec<Side>,
    widths: Vec<Length>,
    rows: Vec<Row>,
    headed: bool,
    tint: Option<[u8; 3]>,
    ruled: bool,
    inset: (Length, Length),
    x: Length,
}

/// The narrowest a column is made that others leave little room.
const NARROWEST: Length = tenths(700);

impl Table {
    /// The positions of the document.
    pub fn of_lines(faces: &Faces<'_>, sheet: &Sheet) -> Self {
        let taxes = !sheet.tax_heads.is_empty();
        let mut heads =
            vec![("#", Side::Left), ("Description", Side::Left), ("HSN/SAC", Side::Left)];
        heads.extend([("Qty", Side::Right), ("Unit price", Side::Right)]);
        heads.extend(sheet.discounted.then_some(("Discount", Side::Right)));
        heads.extend(taxes.then_some(("Taxable value", Side::Right)));
        heads.extend(sheet.tax_heads.iter().map(|head| (*head, Side::Right)));
        heads.push(("Total", Side::Right));
        let columns = heads
            .iter()
            .map(|(head, side)| Column { side: *side, share: (*head == "Description").into() })
            .collect();
        let small = plain(75, INK);
        let mut rows: Vec<Vec<Cell>> =
            vec![heads.iter().map(|(head, _)| Cell::new(head, strong(70, WHITE))).collect()];
        for line in &sheet.lines {
            let mut row = vec![
                Cell::new(&line.position, plain(75, QUIET)),
                Cell::new(&line.description, small).over(&line.detail),
                Cell::new(&line.hsn, small),
                Cell::new(&line.quantity, small).over(line.unit),
                Cell::new(&line.unit_price, small),
            ];
            row.extend(sheet.discounted.then(|| Cell::new(&line.discount, small)));
            row.extend(taxes.then(|| Cell::new(&line.taxable, small)));
            let rated = line.taxes.iter();
            row.extend(rated.map(|tax| Cell::new(&tax.amount, small).over(&tax.rate)));
            row.push(Cell::new(&line.total, strong(75, INK)));
            rows.push(row);
        }
        let table = Self {
            headed: true,
            tint: Some(ACCENT),
            ruled: true,
            inset: (tenths(45), tenths(55)),
            ..Self::empty(1)
        };
        table.filled(faces, columns, WIDTH, &rows)
    }

    /// The taxes by rate, or nothing where there are none.
    pub fn of_taxes(faces: &Faces<'_>, sheet: &Sheet, width: Length) -> Option<Self> {
        if sheet.tax_heads.is_empty() {
            return None;
        }
        let mut heads = vec!["GST rate", "Taxable value"];
        heads.extend(sheet.tax_heads);
        heads.push("Total tax");
        let columns = (0..heads.len())
            .map(|nth| Column {
                side: if nth == 0 { Side::Left } else { Side::Right },
                share: (nth > 0).into(),
            })
            .collect();
        let style = plain(70, INK);
        let mut rows: Vec<Vec<Cell>> =
            vec![heads.iter().map(|head| Cell::new(head, style)).collect()];
        for rate in &sheet.summary {
            let mut row = vec![Cell::new(&rate.rate, style), Cell::new(&rate.taxable, style)];
            row.extend(rate.taxes.iter().map(|tax| Cell::new(tax, style)));
            row.push(Cell::new(&rate.tax, style));
            rows.push(row);
        }
        let table = Self {
            headed: true,
            tint: Some(TINT),
            ruled: true,
            inset: (tenths(40), tenths(40)),
            ..Self::empty(2)
        };
        Some(table.filled(faces, columns, width, &rows))
    }

    /// What adds up to the total.
    pub fn of_sums(faces: &Faces<'_>, sheet: &Sheet, x: Length, width: Length) -> Self {
        let columns =
            vec![Column { side: Side::Left, share: 1 }, Column { side: Side::Right, share: 0 }];
        let row = |(key, value): &(&str, String)| {
            vec![Cell::new(key, plain(85, QUIET)), Cell::new(value, plain(85, INK))]
        };
        let rows: Vec<_> = sheet.totals.iter().map(row).collect();
        let table = Self { inset: (tenths(80), tenths(35)), x, ..Self::empty(3) };
        table.filled(faces, columns, width, &rows)
    }

    fn empty(number: u8) -> Self {
        Self {
            number,
            sides: vec![],
            widths: vec![],
            rows: vec![],
            headed: false,
            tint: None,
            ruled: false,
            inset: (0, 0),
            x: LEFT,
        }
    }

    fn filled(
        mut self,
        faces: &Faces<'_>,
        columns: Vec<Column>,
        width: Length,
        rows: &[Vec<Cell>],
    ) -> Self {
        let (across, down) = self.inset;
        let mut widths: Vec<Length> = columns
            .iter()
            .enumerate()
            .map(|(nth, column)| {
                let cells = rows.iter().filter_map(|row| row.get(nth));
                let widest = cells.map(|cell| cell.stack(faces, Length::MAX).width).max();
                if column.share > 0 { 0 } else { widest.unwrap_or(0) + across * 2 }
            })
            .collect();
        let shares: Length = columns.iter().map(|column| column.share).sum();
        // Where amounts are so long that nothing is left, the widest of them gives way.
        while width - widths.iter().sum::<Length>() < shares.min(1) * NARROWEST {
            let Some(widest) = widths.iter_mut().max() else { break };
            *widest -= tenths(20);
        }
        let left = width - widths.iter().sum::<Length>();
        for (column, width) in columns.iter().zip(&mut widths) {
            *width += left * column.share / shares.max(1);
        }
        self.rows = rows
            .iter()
            .map(|row| {
                let cells = row.iter().zip(&widths);
                let cells: Vec<_> =
                    cells.map(|(cell, width)| cell.stack(faces, width - across * 2)).collect();
                let height = cells.iter().map(|cell| cell.height).max().unwrap_or(0) + down * 2;
                Row { cells, height }
            })
            .collect();
        self.sides = columns.into_iter().map(|column| column.side).collect();
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
            if desk.make_room(row.height) && self.headed {
                self.head_again(desk);
            }
            self.row(desk, row, Some(nth));
        }
    }

    /// The heading of the table of lines, whose words are the same on every page.
    fn head_again(&self, desk: &mut Desk<'_>) {
        let table = Self::of_lines(desk.faces, desk.sheet);
        if let Some(head) = table.rows.into_iter().next() {
            self.row(desk, head, None);
        }
    }

    /// Draws the `nth` row, or the heading once more.
    fn row(&self, desk: &mut Desk<'_>, row: Row, nth: Option<usize>) {
        let head = self.headed && nth.is_none_or(|nth| nth == 0);
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
