//! Pages as they are filled, and how they become a tagged PDF.

use krilla::color::rgb;
use krilla::geom::{self, Path, PathBuilder, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::{Document, SerializeSettings};

use crate::line::{Length, Style, TextLine, float};

mod tags;
use tags::{tell, tree};

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
            tell(&mut told, mark.role, id);
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
            write(surface, mark.at, line, *style);
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

fn write(surface: &mut Surface<'_>, at: Point, line: &TextLine, style: Style) {
    surface.set_fill(Some(paint(style.color)));
    let mut x = at.x;
    for run in &line.runs {
        let start = geom::Point::from_xy(float(x), float(at.y));
        let font = run.font.clone();
        surface.draw_glyphs(start, &run.glyphs, font, &run.text, float(style.size), false);
        x += run.width;
    }
}

fn paint([red, green, blue]: [u8; 3]) -> Fill {
    let paint = rgb::Color::new(red, green, blue).into();
    Fill { paint, opacity: NormalizedF32::ONE, ..Fill::default() }
}
