//! Why there is no document.

/// Why a document could not be set.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RenderError {
    /// A font in the program cannot be read.
    #[error("a font cannot be read")]
    Fonts,
    /// The square code cannot hold the facts.
    #[error("the code cannot be drawn: {0}")]
    Code(String),
    /// The file cannot be written.
    #[error("the file cannot be written: {0}")]
    File(String),
    /// The setting broke off, because it panicked or the service is stopping.
    #[error("the setting broke off")]
    BrokeOff,
}
