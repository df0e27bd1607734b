//! Prints sheets, a few at a time.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use krilla::metadata::Metadata;
use tokio::{sync::Semaphore, task};

use crate::error::RenderError;
use crate::fonts::{Case, Faces};
use crate::sheet::Sheet;
use crate::text::printable;
use crate::{code, date, layout, page};

/// Prints sheets, a few at a time: setting one keeps a core busy.
#[derive(Clone)]
pub struct Press {
    case: Arc<Case>,
    turns: Arc<Semaphore>,
}

impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Press").field("turns", &self.turns).finish_non_exhaustive()
    }
}

impl Press {
    /// Opens the faces that every document needs. At most `at_once` documents are printed at a time; `east_asian` is
    /// the file with the face for Chinese, Japanese and Korean, which is read when a document needs it.
    pub fn open(at_once: usize, east_asian: PathBuf) -> Result<Self, RenderError> {
        let case = Arc::new(Case::open(east_asian)?);
        Ok(Self { case, turns: Arc::new(Semaphore::new(at_once)) })
    }

    /// Waits for its turn, has `sheet` written out and renders it on a thread that may block.
    pub async fn print<S>(&self, sheet: S) -> Result<Vec<u8>, RenderError>
    where
        S: FnOnce() -> Sheet + Send + 'static,
    {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| RenderError::BrokeOff)?;
        let press = self.clone();
        let printing = task::spawn_blocking(move || {
            // Moved in here, so that a caller who stops waiting does not let another one start.
            let _turn = turn;
            press.render(&sheet())
        });
        printing.await.map_err(|_| RenderError::BrokeOff)?
    }

    /// Renders `sheet` on the thread of the caller.
    pub fn render(&self, sheet: &Sheet) -> Result<Vec<u8>, RenderError> {
        let faces = Faces::of(&self.case);
        let drawn = sheet.code.as_ref().map(|code| code::draw(&code.text)).transpose()?;
        let pages = layout::set(&faces, sheet, drawn.as_ref());
        let says = sheet.code.as_ref().map_or("", |code| code.says.as_str());
        let mut file =
            page::bind(pages, says).ok_or_else(|| RenderError::File("page size".to_owned()))?;
        file.set_metadata(properties(sheet));
        file.finish().map_err(|error| RenderError::File(format!("{error:?}")))
    }
}

fn properties(sheet: &Sheet) -> Metadata {
    let properties = Metadata::new()
        .title(format!("{} {}", sheet.title, sheet.number))
        .authors(vec![printable(&sheet.issuer.name)])
        .creator("Mall".to_owned())
        .language("en-IN".to_owned())
        .document_id(format!("{} {}", sheet.issuer.name, sheet.number));
    match sheet.made_at.and_then(date::of_file) {
        Some(at) => properties.creation_date(at),
        None => properties,
    }
}

#[cfg(test)]
mod tests;
