//! The life of a review.

use kernel::Invalid;

/// Where a review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Waits for moderation.
    Submitted,
    /// Public, and counts.
    Published,
    /// Turned down.
    Rejected,
    /// Was public once, or was taken back by its author.
    Removed,
}

/// What a decision changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It becomes public and counts from now on.
    Publish,
    /// It was public and does not count any more.
    Withdraw,
    /// It was not public and never will be.
    TurnDown(Status),
    /// Nothing: known already, or overtaken.
    Same,
}

impl Status {
    /// Staff approve.
    #[must_use]
    pub fn approve(self) -> Step {
        match self {
            Self::Submitted | Self::Rejected | Self::Removed => Step::Publish,
            Self::Published => Step::Same,
        }
    }

    /// Staff turn it down.
    #[must_use]
    pub fn reject(self) -> Step {
        match self {
            Self::Submitted => Step::TurnDown(Self::Rejected),
            Self::Published => Step::Withdraw,
            Self::Rejected | Self::Removed => Step::Same,
        }
    }

    /// Staff or the author take it off the page.
    #[must_use]
    pub fn remove(self) -> Step {
        match self {
            Self::Submitted | Self::Rejected => Step::TurnDown(Self::Removed),
            Self::Published => Step::Withdraw,
            Self::Removed => Step::Same,
        }
    }
}

/// Text that people wrote: plain, no control characters but line breaks, at most `longest` characters.
pub fn plain(what: &'static str, text: &str, longest: usize) -> Result<String, Invalid> {
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(Invalid { what, why: "is too long" });
    }
    if text.chars().any(|c| (c.is_control() && c != '\n') || is_bidi_override(c)) {
        return Err(Invalid { what, why: "must be plain text" });
    }
    Ok(text.to_owned())
}

/// Characters that make text read in another order than it is written.
fn is_bidi_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{Status, Step, plain};

    #[test]
    fn a_review_counts_once_however_often_it_is_approved() {
        assert_eq!(Status::Submitted.approve(), Step::Publish);
        assert_eq!(Status::Published.approve(), Step::Same);
    }

    #[test]
    fn only_a_public_review_can_be_withdrawn() {
        assert_eq!(Status::Published.remove(), Step::Withdraw);
        assert_eq!(Status::Submitted.remove(), Step::TurnDown(Status::Removed));
        assert_eq!(Status::Removed.remove(), Step::Same);
        assert_eq!(Status::Rejected.reject(), Step::Same);
    }

    #[test]
    fn markup_is_just_text_and_control_characters_are_refused() {
        assert_eq!(
            plain("text", " <script>alert(1)</script> ", 100).unwrap(),
            "<script>alert(1)</script>"
        );
        assert!(plain("text", "a\0b", 100).is_err());
        assert!(plain("text", "a\u{202e}b", 100).is_err());
        assert!(plain("text", "abc", 2).is_err());
        assert_eq!(plain("text", "one\ntwo", 100).unwrap(), "one\ntwo");
    }
}
