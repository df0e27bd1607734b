//! Reads a finished PDF the way other programs do, with the poppler and zbar tools.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use invoice::{domain::invoice::Invoice, pdf::Press};

/// Where Debian's package fonts-noto-cjk puts the typeface for Chinese.
pub const CJK: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

static PRESS: LazyLock<Press> = LazyLock::new(|| Press::open(1, CJK.into()).unwrap());
static SHEETS: AtomicU32 = AtomicU32::new(0);

/// A PDF on disk, removed when the test is done with it.
pub struct Paper {
    path: PathBuf,
    pub bytes: Vec<u8>,
}

impl Paper {
    pub fn of(invoice: &Invoice) -> Self {
        Self::from(PRESS.render(invoice).unwrap())
    }

    pub fn from(bytes: Vec<u8>) -> Self {
        let sheet = SHEETS.fetch_add(1, Ordering::Relaxed);
        let name = format!("paper-{}-{sheet}.pdf", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, &bytes).unwrap();
        Self { path, bytes }
    }

    /// The text in reading order, its white space reduced to single spaces and without the marks
    /// that let long words break.
    pub fn text(&self) -> String {
        let text = self.ask("pdftotext", &["-layout"], &["-"]).replace('\u{200b}', "");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of each page.
    pub fn pages(&self) -> Vec<String> {
        let text = self.ask("pdftotext", &["-layout"], &["-"]);
        text.split('\u{c}').filter(|page| !page.trim().is_empty()).map(str::to_owned).collect()
    }

    /// Every word with the left and right edge of its box, in points.
    pub fn words(&self) -> Vec<(String, f64, f64)> {
        let edge = |tag: &str, name: &str| {
            let (_, rest) = tag.split_once(&format!("{name}=\""))?;
            rest.split_once('"')?.0.parse().ok()
        };
        self.ask("pdftotext", &["-bbox"], &["-"])
            .lines()
            .filter_map(|line| {
                let (tag, rest) = line.trim().strip_prefix("<word ")?.split_once('>')?;
                let word = rest.strip_suffix("</word>")?;
                Some((word.to_owned(), edge(tag, "xMin")?, edge(tag, "xMax")?))
            })
            .collect()
    }

    /// The value of one property of the file.
    pub fn property(&self, name: &str) -> String {
        let properties = self.ask("pdfinfo", &["-isodates"], &[]);
        let line = properties.lines().find_map(|line| line.strip_prefix(&format!("{name}:")));
        line.unwrap_or_default().trim().to_owned()
    }

    /// The fonts, one line each.
    pub fn fonts(&self) -> Vec<String> {
        self.ask("pdffonts", &[], &[]).lines().skip(2).map(str::to_owned).collect()
    }

    /// What a scanner reads off the printed page.
    pub fn scanned(&self) -> String {
        let picture = self.path.with_extension("");
        let target = picture.to_str().unwrap();
        self.ask("pdftoppm", &["-r", "150", "-gray", "-singlefile"], &[target]);
        let picture = picture.with_extension("pgm");
        let read = Command::new("zbarimg").args(["-q", "--raw"]).arg(&picture).output().unwrap();
        fs::remove_file(picture).unwrap();
        String::from_utf8(read.stdout).unwrap().trim().to_owned()
    }

    fn ask(&self, program: &str, before: &[&str], after: &[&str]) -> String {
        let output =
            Command::new(program).args(before).arg(&self.path).args(after).output().unwrap();
        assert!(output.status.success(), "{program} refused the file");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Paper {
    fn drop(&mut self) {
        // A file that is left behind does no harm to the next test.
        fs::remove_file(&self.path).ok();
    }
}
