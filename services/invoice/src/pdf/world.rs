//! The closed world a document is set in: one template, three fonts, two pieces of data.

use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use super::RenderError;

const TEMPLATE: &str = include_str!("template.typ");
const FONTS: [&[u8]; 3] = [
    include_bytes!("../../fonts/Inter-Regular.otf"),
    include_bytes!("../../fonts/Inter-SemiBold.otf"),
    include_bytes!("../../fonts/NotoSansDevanagari-Regular.ttf"),
];

/// What all documents share, read once.
#[derive(Debug)]
pub struct Stock {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    sheet: FileId,
    code: FileId,
}

impl Stock {
    /// Reads the fonts and the template out of the program itself.
    pub fn load() -> Result<Self, RenderError> {
        let fonts: Vec<_> =
            FONTS.into_iter().flat_map(|font| Font::iter(Bytes::new(font))).collect();
        if fonts.len() != FONTS.len() {
            return Err(RenderError::Fonts);
        }
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(name("/template.typ")?, TEMPLATE.to_owned()),
            sheet: name("/sheet.json")?,
            code: name("/code.svg")?,
        })
    }
}

fn name(path: &str) -> Result<FileId, RenderError> {
    let path = VirtualPath::new(path).map_err(|_| RenderError::Template(path.to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The stock together with the data of one document.
#[derive(Debug)]
pub struct Desk<'a> {
    stock: &'a Stock,
    sheet: Bytes,
    code: Bytes,
}

impl<'a> Desk<'a> {
    /// Lays `sheet` (JSON) and `code` (SVG) beside the template.
    pub fn new(stock: &'a Stock, sheet: Vec<u8>, code: String) -> Self {
        Self { stock, sheet: Bytes::new(sheet), code: Bytes::new(code.into_bytes()) }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.stock.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.stock.book
    }

    fn main(&self) -> FileId {
        self.stock.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.stock.template.id() {
            Ok(self.stock.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.stock.sheet {
            Ok(self.sheet.clone())
        } else if id == self.stock.code {
            Ok(self.code.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.stock.fonts.get(index).cloned()
    }

    // A document knows its own date only, or it would differ from one day to the next.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use typst::syntax::package::PackageSpec;

    use super::*;

    #[test]
    fn there_is_nothing_to_read_but_the_template_and_its_data() {
        let stock = Stock::load().unwrap();
        let desk = Desk::new(&stock, b"{}".to_vec(), "<svg/>".to_owned());
        let package: PackageSpec = "@preview/example:1.0.0".parse().unwrap();
        let elsewhere = RootedPath::new(
            VirtualRoot::Package(package),
            VirtualPath::new("/sheet.json").unwrap(),
        );

        for id in [name("/etc/passwd").unwrap(), name("/other.typ").unwrap(), elsewhere.intern()] {
            assert!(desk.file(id).is_err(), "{id:?} can be read");
            assert!(desk.source(id).is_err(), "{id:?} can be read");
        }
        assert!(desk.source(name("/sheet.json").unwrap()).is_err());
        assert_eq!(desk.file(name("/sheet.json").unwrap()).unwrap().as_slice(), b"{}");
    }
}
