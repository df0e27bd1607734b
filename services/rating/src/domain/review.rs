//! The life of a review.

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

#[cfg(test)]
mod tests {
    use super::{Status, Step};

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
}
