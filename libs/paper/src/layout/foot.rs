//! Below the table: sums, words, the code and for whom it was issued.

use super::stack::Stack;
use super::table::Table;
use super::{ACCENT, Desk, INK, LABEL, LEFT, QUIET, RULE, WHITE, WIDTH, plain, strong};
use crate::code::Cells;
use crate::line::{Length, tenths};
use crate::page::{Point, Role, Size};
use crate::sheet::{Side, Signature};

impl Desk<'_, '_> {
    /// The foot stays together: a total alone on its page would be read as another document.
    pub(super) fn foot(&mut self, code: Option<&Cells>) {
        let right = tenths(1928);
        let left = WIDTH - right - tenths(140);
        let words = self.words(left);
        let summary = self.sheet.summary.as_ref();
        let summary =
            summary.map(|(label, table)| (label, Table::summary(self.faces, table, left)));
        let sums = Table::of_sums(self.faces, &self.sheet.sums, LEFT + WIDTH - right, right);
        let summary_height = summary.as_ref().map_or(0, |(_, table)| table.height() + tenths(200));
        let upper = (words.height + summary_height).max(sums.height() + tenths(250));
        self.make_room(upper + tenths(780));

        let top = self.y;
        let at = self.at(LEFT);
        words.draw(&mut self.page, at, Side::Left, left, Role::Text);
        if let Some((label, summary)) = summary {
            self.y = top + upper.min(summary_height) - summary.height();
            self.y = self.y.max(top + tenths(300));
            self.summary(label, summary, left);
        }
        let end = self.y;
        self.y = top;
        sums.draw(self);
        self.total(LEFT + WIDTH - right, right);
        self.y = self.y.max(end).max(top + upper) + tenths(80);
        self.page.fill(self.at(LEFT), Size { width: WIDTH, height: tenths(5) }, RULE);
        self.y += tenths(80);
        self.imprint(code);
    }

    fn words(&self, most: Length) -> Stack {
        let Some(words) = &self.sheet.words else { return Stack::new() };
        let (faces, style) = (self.faces, strong(85, INK));
        self.stack(&words.label, LABEL, most).add(faces, &words.text, style, tenths(50), most)
    }

    fn summary(&mut self, label: &str, table: Table<'_>, most: Length) {
        let label = self.stack(label, LABEL, most);
        let at = Point { x: LEFT, y: self.y - tenths(30) - LABEL.capital() };
        label.draw(&mut self.page, at, Side::Left, most, Role::Text);
        table.draw(self);
    }

    fn total(&mut self, x: Length, width: Length) {
        let (height, inset) = (tenths(220), tenths(80));
        self.page.fill(self.at(x), Size { width, height }, ACCENT);
        let label = self.stack(&self.sheet.total_label, strong(90, WHITE), width);
        let at = Point { x: x + inset, y: self.y + tenths(76) };
        label.draw(&mut self.page, at, Side::Left, 0, Role::Text);
        let total = self.stack(&self.sheet.total, strong(110, WHITE), width);
        let at = Point { x: x + inset, y: self.y + tenths(70) };
        total.draw(&mut self.page, at, Side::Right, width - inset * 2, Role::Text);
        self.y += height;
    }

    /// The code, the small print and for whom it was issued.
    fn imprint(&mut self, code: Option<&Cells>) {
        let beside = if code.is_some() { tenths(567) + tenths(120) } else { 0 };
        if let Some(code) = code {
            self.squares(code);
        }
        let column = (WIDTH - beside - tenths(120)) / 2;
        let mut notes = Stack::new();
        for note in &self.sheet.notes {
            notes = notes.add(self.faces, note, plain(70, QUIET), tenths(50), column);
        }
        let at = self.at(LEFT + beside);
        notes.draw(&mut self.page, at, Side::Left, column, Role::Text);
        let Some(Signature { on_behalf, by, at: when }) = &self.sheet.signature else { return };
        let (gap, at) = (tenths(50), self.at(LEFT + beside + column + tenths(120)));
        self.stack(on_behalf, strong(75, INK), column)
            .add(self.faces, by, strong(75, ACCENT), gap, column)
            .add(self.faces, when, plain(70, QUIET), gap, column)
            .draw(&mut self.page, at, Side::Right, column, Role::Text);
    }

    fn squares(&mut self, code: &Cells) {
        let side = Length::try_from(code.side).unwrap_or(1).max(1);
        let cell = tenths(539) / side;
        let dark = code.cells.iter().zip(0..).filter(|(dark, _)| **dark);
        let dark = dark.map(|(_, nth): (_, Length)| (nth % side, nth / side));
        self.page.squares(self.at(LEFT), cell, dark, INK);
    }
}
