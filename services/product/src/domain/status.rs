//! Where a product stands, and the arrows between.

use strum::IntoStaticStr;

/// Where a product stands.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ListingStatus {
    /// Being written by its seller.
    Draft,
    /// Waiting for moderation.
    Proposed,
    /// On the shelf.
    Published,
    /// Turned down by moderation, or its rate of tax has ended; may be proposed again.
    Rejected {
        /// Why, in staff's words or ours.
        reason: String,
    },
    /// Taken off the shelf by moderation.
    Unlisted {
        /// Why, in staff's words.
        reason: String,
    },
}

/// What moderation decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Put it on the shelf.
    Approve,
    /// Turn it down.
    Reject { reason: String },
    /// Take it off the shelf.
    Suspend { reason: String },
}

/// What came of a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListingStep {
    /// The product moves on.
    Moved(ListingStatus),
    /// Nothing to do: known already, or overtaken.
    Same,
}

/// The product is neither a draft nor rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only a draft or a rejected product can be proposed")]
pub struct NotProposable;

impl ListingStatus {
    /// The seller asks for moderation.
    pub fn propose(&self) -> Result<Self, NotProposable> {
        match self {
            Self::Draft | Self::Rejected { .. } => Ok(Self::Proposed),
            Self::Proposed | Self::Published | Self::Unlisted { .. } => Err(NotProposable),
        }
    }

    /// Moderation has decided.
    pub fn moderate(&self, verdict: Verdict) -> ListingStep {
        match (self, verdict) {
            (Self::Proposed, Verdict::Approve) => ListingStep::Moved(Self::Published),
            (Self::Proposed, Verdict::Reject { reason }) => {
                ListingStep::Moved(Self::Rejected { reason })
            }
            // Of a proposed product too: a suspension that overtakes its approval must win.
            (Self::Proposed | Self::Published, Verdict::Suspend { reason }) => {
                ListingStep::Moved(Self::Unlisted { reason })
            }
            (Self::Published, Verdict::Approve | Verdict::Reject { .. })
            | (
                Self::Draft | Self::Rejected { .. } | Self::Unlisted { .. },
                Verdict::Approve | Verdict::Reject { .. } | Verdict::Suspend { .. },
            ) => ListingStep::Same,
        }
    }

    /// It cannot be sold as it is any more. Its seller mends that and proposes it again.
    pub fn withdraw(&self, reason: &str) -> ListingStep {
        match self {
            Self::Published => ListingStep::Moved(Self::Rejected { reason: reason.to_owned() }),
            Self::Draft | Self::Proposed | Self::Rejected { .. } | Self::Unlisted { .. } => {
                ListingStep::Same
            }
        }
    }

    /// Why moderation said no, if it did.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Rejected { reason } | Self::Unlisted { reason } => Some(reason),
            Self::Draft | Self::Proposed | Self::Published => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected() -> ListingStatus {
        ListingStatus::Rejected { reason: "no picture".into() }
    }

    fn unlisted() -> ListingStatus {
        ListingStatus::Unlisted { reason: "counterfeit".into() }
    }

    #[test]
    fn drafts_and_rejected_products_can_be_proposed() {
        assert_eq!(ListingStatus::Draft.propose(), Ok(ListingStatus::Proposed));
        assert_eq!(rejected().propose(), Ok(ListingStatus::Proposed));
        for other in [ListingStatus::Proposed, ListingStatus::Published, unlisted()] {
            assert_eq!(other.propose(), Err(NotProposable));
        }
    }

    #[test]
    fn only_what_is_proposed_is_approved_or_rejected() {
        assert_eq!(
            ListingStatus::Proposed.moderate(Verdict::Approve),
            ListingStep::Moved(ListingStatus::Published)
        );
        let no = Verdict::Reject { reason: "no picture".into() };
        assert_eq!(ListingStatus::Proposed.moderate(no.clone()), ListingStep::Moved(rejected()));
        for other in [ListingStatus::Draft, ListingStatus::Published, rejected(), unlisted()] {
            assert_eq!(other.moderate(Verdict::Approve), ListingStep::Same);
            assert_eq!(other.moderate(no.clone()), ListingStep::Same);
        }
    }

    #[test]
    fn what_cannot_be_sold_as_it_is_leaves_the_shelf_and_may_be_proposed_again() {
        let withdrawn = ListingStatus::Published.withdraw("no picture");
        assert_eq!(withdrawn, ListingStep::Moved(rejected()));
        for other in [ListingStatus::Draft, ListingStatus::Proposed, rejected(), unlisted()] {
            assert_eq!(other.withdraw("no picture"), ListingStep::Same);
        }
    }

    #[test]
    fn a_suspension_takes_off_the_shelf_and_stays() {
        let off = Verdict::Suspend { reason: "counterfeit".into() };
        for shown in [ListingStatus::Published, ListingStatus::Proposed] {
            assert_eq!(shown.moderate(off.clone()), ListingStep::Moved(unlisted()));
        }
        for other in [ListingStatus::Draft, rejected(), unlisted()] {
            assert_eq!(other.moderate(off.clone()), ListingStep::Same);
        }
    }
}
