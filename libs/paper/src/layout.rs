//! Lays out one document on A4: the blocks from top to bottom, and where a page ends.

mod stack;
mod table;

use stack::Stack;
use table::Table;

use crate::code::Cells;
use crate::fonts::Faces;
use crate::line::{Length, Style, tenths};
use crate::page::{Page, Point, Role, Size};
use crate::sheet::{Block, Party, Sheet, Side};

mod foot;

const INK: [u8; 3] = [0x12, 0x31, 0x3f];
const ACCENT: [u8; 3] = [0x0f, 0x6b, 0x6b];
const QUIET: [u8; 3] = [0x5b, 0x6b, 0x73];
const RULE: [u8; 3] = [0xcf, 0xd8, 0xdc];
const TINT: [u8; 3] = [0xee, 0xf4, 0xf4];
const WHITE: [u8; 3] = [0xff; 3];

const LEFT: Length = tenths(397);
const WIDTH: Length = tenths(5159);
const TOP: Length = tenths(454);
const BOTTOM: Length = tenths(7880);
const HEADER: Length = tenths(340);
const FOOTER: Length = tenths(7994);
/// Between two blocks.
const GAP: Length = tenths(60);

const fn plain(size: Length, color: [u8; 3]) -> Style {
    Style { size: tenths(size), bold: false, color, tracking: 0 }
}

const fn strong(size: Length, color: [u8; 3]) -> Style {
    Style { bold: true, ..plain(size, color) }
}

const LABEL: Style = Style { tracking: tenths(4), ..strong(65, QUIET) };
const TITLE: Style = Style { tracking: tenths(6), ..strong(170, ACCENT) };

/// A document that is being laid out.
struct Desk<'a, 'f> {
    faces: &'a Faces<'f>,
    sheet: &'a Sheet,
    pages: Vec<Page>,
    page: Page,
    y: Length,
}

/// Sets `sheet` on as many pages as it needs.
pub fn set(faces: &Faces<'_>, sheet: &Sheet, code: Option<&Cells>) -> Vec<Page> {
    let mut desk = Desk { faces, sheet, pages: vec![], page: Page::default(), y: TOP };
    desk.head();
    desk.facts();
    desk.blocks();
    if !sheet.table.columns.is_empty() {
        Table::main(faces, &sheet.table).draw(&mut desk);
    }
    desk.y += tenths(60) + GAP;
    desk.foot(code);
    desk.finish()
}

impl Desk<'_, '_> {
    /// Where the desk is, `x` from the left.
    fn at(&self, x: Length) -> Point {
        Point { x, y: self.y }
    }

    fn stack(&self, text: &str, style: Style, most: Length) -> Stack {
        Stack::new().add(self.faces, text, style, 0, most)
    }

    fn party(&self, stack: Stack, party: &Party, size: Length, most: Length) -> Stack {
        let faces = self.faces;
        let mut stack = stack.add(faces, &party.name, strong(size, INK), tenths(50), most);
        stack.height += tenths(15);
        for line in &party.lines {
            stack = stack.add(faces, line, plain(85, QUIET), tenths(50), most);
        }
        for (key, value) in &party.marks {
            let mark = format!("{key} {value}");
            stack = stack.add(faces, &mark, strong(85, INK), tenths(50), most);
        }
        stack
    }

    /// Whose paper it is, and what it is.
    fn head(&mut self) {
        let title = self.stack(&self.sheet.title.to_uppercase(), TITLE, WIDTH);
        let title = title.add(self.faces, &self.sheet.copy, plain(75, QUIET), tenths(50), WIDTH);
        let room = WIDTH - title.width - tenths(180);
        let issuer = self.party(Stack::new(), &self.sheet.issuer, 130, room);
        let (height, wide) = (issuer.height.max(title.height), title.width);
        let at = self.at(LEFT);
        issuer.draw(&mut self.page, at, Side::Left, room, Role::Text);
        let at = self.at(LEFT + WIDTH - wide);
        title.draw(&mut self.page, at, Side::Right, wide, Role::Title);
        self.y += height + GAP;
        self.notice();
        self.y += tenths(30);
        self.page.fill(self.at(LEFT), Size { width: WIDTH, height: tenths(14) }, ACCENT);
        self.y += tenths(30) + GAP;
    }

    fn notice(&mut self) {
        let Some(notice) = &self.sheet.notice else { return };
        let notice = self.stack(notice, plain(75, INK), WIDTH - tenths(160));
        let height = notice.height + tenths(120);
        self.page.fill(self.at(LEFT), Size { width: WIDTH, height }, TINT);
        let at = Point { x: LEFT + tenths(80), y: self.y + tenths(60) };
        notice.draw(&mut self.page, at, Side::Left, 0, Role::Text);
        self.y += height + GAP;
    }

    /// The particulars, three to a row.
    fn facts(&mut self) {
        let width = (WIDTH - tenths(240)) / 3;
        for row in self.sheet.facts.chunks(3) {
            let mut x = LEFT;
            let mut height = 0;
            for (key, value) in row {
                let fact = self.stack(&key.to_uppercase(), LABEL, width);
                let fact = fact.add(self.faces, value, strong(90, INK), tenths(50), width);
                height = height.max(fact.height);
                let at = self.at(x);
                fact.draw(&mut self.page, at, Side::Left, width, Role::Text);
                x += width + tenths(120);
            }
            self.y += height + tenths(90);
        }
        self.y += tenths(20);
    }

    /// Whom it is about, two to a row.
    fn blocks(&mut self) {
        let width = (WIDTH - tenths(100)) / 2;
        let (inset, room) = (tenths(90), width - tenths(180));
        let sheet = self.sheet;
        for row in sheet.blocks.chunks(2) {
            let stack = |block: &Block| {
                self.party(self.stack(&block.label, LABEL, room), &block.party, 95, room)
            };
            let stacks: Vec<Stack> = row.iter().map(stack).collect();
            let height = stacks.iter().map(|stack| stack.height).max().unwrap_or(0) + inset * 2;
            let mut x = LEFT;
            for stack in stacks {
                self.page.fill(self.at(x), Size { width, height }, TINT);
                let at = Point { x: x + inset, y: self.y + inset };
                stack.draw(&mut self.page, at, Side::Left, room, Role::Text);
                x += width + tenths(100);
            }
            self.y += height + tenths(50) + GAP;
        }
    }

    /// Turns the page if less than `height` is left of it.
    fn make_room(&mut self, height: Length) -> bool {
        let full = self.y + height > BOTTOM && self.y > TOP;
        if full {
            self.pages.push(std::mem::take(&mut self.page));
            self.y = TOP;
        }
        full
    }

    fn finish(mut self) -> Vec<Page> {
        let mut pages = std::mem::take(&mut self.pages);
        pages.push(std::mem::take(&mut self.page));
        let count = pages.len();
        let (style, role) = (plain(70, QUIET), Role::Artifact);
        for (leaf, nth) in pages.iter_mut().zip(1..) {
            let stroke = Size { width: WIDTH, height: tenths(5) };
            leaf.fill(Point { x: LEFT, y: FOOTER }, stroke, RULE);
            let number = self.stack(&format!("Page {nth} of {count}"), style, WIDTH);
            let room = WIDTH - number.width - tenths(120);
            let at = Point { x: LEFT, y: FOOTER + tenths(50) };
            number.draw(leaf, at, Side::Right, WIDTH, role);
            let footer = self.stack(&self.sheet.footer, style, room);
            footer.draw(leaf, at, Side::Left, room, role);
            if nth > 1 {
                self.head_again(leaf);
            }
        }
        pages
    }

    /// What the document is, on the pages after the first.
    fn head_again(&self, leaf: &mut Page) {
        let about = format!("{} {}", self.sheet.title, self.sheet.number);
        let about = self.stack(&about, strong(70, QUIET), WIDTH);
        let room = WIDTH - about.width - tenths(120);
        let issuer = self.stack(&self.sheet.issuer.name, plain(70, QUIET), room);
        let at = Point { x: LEFT, y: HEADER - issuer.height };
        about.draw(leaf, at, Side::Right, WIDTH, Role::Artifact);
        issuer.draw(leaf, at, Side::Left, room, Role::Artifact);
    }
}
