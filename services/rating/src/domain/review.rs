//! The life of a review.

use strum::{EnumString, IntoStaticStr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ReviewStatus {
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
pub enum ReviewStep {
    /// It becomes public and counts from now on.
    Publish,
    /// It was public and does not count any more.
    Withdraw,
    /// It was not public and never will be.
    TurnDown(ReviewStatus),
    /// Nothing: known already, or overtaken.
    Same,
}

impl ReviewStatus {
    pub fn approve(self) -> ReviewStep {
        match self {
            Self::Submitted | Self::Rejected | Self::Removed => ReviewStep::Publish,
            Self::Published => ReviewStep::Same,
        }
    }

    /// Staff turn it down.
    pub fn reject(self) -> ReviewStep {
        match self {
            Self::Submitted => ReviewStep::TurnDown(Self::Rejected),
            Self::Published => ReviewStep::Withdraw,
            Self::Rejected | Self::Removed => ReviewStep::Same,
        }
    }

    /// Staff or the author take it off the page.
    pub fn remove(self) -> ReviewStep {
        match self {
            Self::Submitted | Self::Rejected => ReviewStep::TurnDown(Self::Removed),
            Self::Published => ReviewStep::Withdraw,
            Self::Removed => ReviewStep::Same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ReviewStatus, ReviewStep};

    #[test]
    fn a_review_counts_once_however_often_it_is_approved() {
        assert_eq!(ReviewStatus::Submitted.approve(), ReviewStep::Publish);
        assert_eq!(ReviewStatus::Published.approve(), ReviewStep::Same);
    }

    #[test]
    fn only_a_public_review_can_be_withdrawn() {
        assert_eq!(ReviewStatus::Published.remove(), ReviewStep::Withdraw);
        assert_eq!(ReviewStatus::Submitted.remove(), ReviewStep::TurnDown(ReviewStatus::Removed));
        assert_eq!(ReviewStatus::Removed.remove(), ReviewStep::Same);
        assert_eq!(ReviewStatus::Rejected.reject(), ReviewStep::Same);
    }
}
