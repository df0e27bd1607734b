//! Pages as they are filled, and how they become a tagged PDF.

use std::num::NonZeroU16;

use krilla::color::rgb;
use krilla::geom::{self, Path, PathBuilder, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagTree,
};
use krilla::{Document, SerializeSettings};

use crate::line::{Length, Style, TextLine, float};

/// A4, in points.
const PAPER: (f32, f32) = (595.276, 841.89);

/// A place on a page, from its upper left corner.
#[derive(Debug, Clone, Copy, Default)]
pub struct Point {
    pub x: Length,
    pub y: Length,
}

/// How wide something is, and how high.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub width: Length,
    pub height: Length,
}

/// What a mark is to somebody who does not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Decoration, or what stands on every page.
    Artifact,
    Title,
    Text,
    Head {
        table: u8,
        row: usize,
        column: usize,
    },
    Cell {
        table: u8,
        row: usize,
        column: usize,
    },
    Code,
}

enum What {
    Line { line: TextLine, style: Style },
    Filled { path: Path, color: [u8; 3] },
}

struct Mark {
    role: Role,
    at: Point,
    what: What,
}

/// A page that is being filled.
#[derive(Default)]
pub struct Page {
    marks: Vec<Mark>,
}

impl Page {
    /// Writes a line with its foot at the height of `at`.
    pub fn write(&mut self, at: Point, line: TextLine, style: Style, role: Role) {
        if !line.runs.is_empty() {
            self.marks.push(Mark { role, at, what: What::Line { line, style } });
        }
    }

    /// Fills a rectangle.
    pub fn fill(&mut self, at: Point, size: Size, color: [u8; 3]) {
        let (width, height) = (float(size.width), float(size.height));
        let rect = Rect::from_xywh(float(at.x), float(at.y), width, height);
        let path = rect.and_then(|rect| {
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            path.finish()
        });
        self.draw(path, color, Role::Artifact);
    }

    /// Fills the squares of a code, each `cell` wide, that `dark` names by column and row.
    pub fn squares(
        &mut self,
        at: Point,
        cell: Length,
        dark: impl Iterator<Item = (Length, Length)>,
        color: [u8; 3],
    ) {
        let mut path = PathBuilder::new();
        for (column, row) in dark {
            let (left, top) = (float(at.x + column * cell), float(at.y + row * cell));
            if let Some(rect) = Rect::from_xywh(left, top, float(cell), float(cell)) {
                path.push_rect(rect);
            }
        }
        self.draw(path.finish(), color, Role::Code);
    }

    fn draw(&mut self, path: Option<Path>, color: [u8; 3], role: Role) {
        let what = path.map(|path| What::Filled { path, color });
        self.marks.extend(what.map(|what| Mark { role, at: Point::default(), what }));
    }
}

/// Writes `pages` into a file without its properties.
pub fn bind(pages: Vec<Page>, code_says: &str) -> Option<Document> {
    let settings = SerializeSettings { enable_tagging: true, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let mut told: Vec<(Role, Vec<Identifier>)> = vec![];
    let (width, height) = PAPER;
    for marks in pages {
        let mut page = document.start_page_with(PageSettings::from_wh(width, height)?);
        let mut surface = page.surface();
        // 32nds of a point.
        surface.push_transform(&Transform::from_scale(0.03125, 0.03125));
        for mark in marks.marks {
            let id = put(&mut surface, &mark);
            if mark.role == Role::Artifact {
                continue;
            }
            match told.last_mut() {
                Some((role, ids)) if *role == mark.role => ids.push(id),
                _ => told.push((mark.role, vec![id])),
            }
        }
        surface.pop();
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tree(told, code_says));
    Some(document)
}

fn put(surface: &mut Surface<'_>, mark: &Mark) -> Identifier {
    let artifact = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other));
    let artifact = (mark.role == Role::Artifact).then_some(artifact);
    match &mark.what {
        What::Line { line, style } => {
            let id = surface.start_tagged(artifact.unwrap_or(ContentTag::Span(SpanTag::empty())));
            surface.set_fill(Some(paint(style.color)));
            let mut x = mark.at.x;
            for run in &line.runs {
                let start = geom::Point::from_xy(float(x), float(mark.at.y));
                let font = run.font.clone();
                surface.draw_glyphs(start, &run.glyphs, font, &run.text, float(style.size), false);
                x += run.width;
            }
            surface.end_tagged();
            id
        }
        What::Filled { path, color } => {
            let id = surface.start_tagged(artifact.unwrap_or(ContentTag::Other));
            surface.set_fill(Some(paint(*color)));
            surface.draw_path(path);
            surface.end_tagged();
            id
        }
    }
}

fn paint([red, green, blue]: [u8; 3]) -> Fill {
    let paint = rgb::Color::new(red, green, blue).into();
    Fill { paint, opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn tree(told: Vec<(Role, Vec<Identifier>)>, code_says: &str) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("en-IN".to_owned()));
    let mut open: Option<Table> = None;
    for (role, ids) in told {
        let (Role::Head { table, row, .. } | Role::Cell { table, row, .. }) = role else {
            close(&mut tree, open.take());
            let mut group = match role {
                Role::Title => TagGroup::new(Tag::Hn(NonZeroU16::MIN, None)),
                Role::Code => TagGroup::new(Tag::Figure(Some(code_says.to_owned()))),
                Role::Artifact | Role::Text | Role::Head { .. } | Role::Cell { .. } => {
                    TagGroup::new(Tag::P)
                }
            };
            for id in ids {
                group.push(id);
            }
            tree.push(group);
            continue;
        };
        if open.as_ref().is_some_and(|open| open.table != table) {
            close(&mut tree, open.take());
        }
        let open = open.get_or_insert_with(|| Table { table, rows: vec![] });
        if open.rows.last().is_none_or(|(nth, _)| *nth != row) {
            open.rows.push((row, TagGroup::new(Tag::TR)));
        }
        let head = matches!(role, Role::Head { .. });
        let mut cell = if head {
            TagGroup::new(Tag::TH(TableHeaderScope::Column))
        } else {
            TagGroup::new(Tag::TD)
        };
        for id in ids {
            cell.push(id);
        }
        if let Some((_, row)) = open.rows.last_mut() {
            row.push(cell);
        }
    }
    close(&mut tree, open);
    tree
}

struct Table {
    table: u8,
    rows: Vec<(usize, TagGroup)>,
}

fn close(tree: &mut TagTree, table: Option<Table>) {
    if let Some(table) = table {
        let mut group = TagGroup::new(Tag::Table);
        for (_, row) in table.rows {
            group.push(row);
        }
        tree.push(group);
    }
}
