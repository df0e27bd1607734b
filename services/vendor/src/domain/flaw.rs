//! What is wrong with a value, and where it stands.

/// One wrong field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    pub pointer: String,
    pub why: &'static str,
}

impl Flaw {
    /// `why` the value at `pointer` cannot be.
    pub fn at(pointer: impl Into<String>, why: &'static str) -> Self {
        Self { pointer: pointer.into(), why }
    }
}
