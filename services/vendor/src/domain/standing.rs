//! Where a seller stands, and how decisions move it.

use jiff::Timestamp;
use strum::{IntoStaticStr, VariantNames};

#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum SellerStatus {
    /// Filling in the application.
    Draft,
    Submitted,
    Approved,
    /// Was refused; may correct and submit again.
    Rejected {
        /// In staff's words.
        reason: String,
    },
    /// May not sell for now.
    Suspended {
        /// In staff's words.
        reason: String,
    },
}

/// The wish does not fit where the seller stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a seller that is {0} cannot be changed in this way")]
pub struct NotEditable(pub &'static str);

impl SellerStatus {
    /// Staff's words, where there are any.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Rejected { reason } | Self::Suspended { reason } => Some(reason),
            Self::Draft | Self::Submitted | Self::Approved => None,
        }
    }

    /// Documents may be handed in, and the application too, and what documents and taxes hang on may be corrected.
    pub fn takes_documents(&self) -> Result<(), NotEditable> {
        match self {
            Self::Draft | Self::Rejected { .. } => Ok(()),
            Self::Submitted | Self::Approved | Self::Suspended { .. } => {
                Err(NotEditable(self.into_str()))
            }
        }
    }

    /// Name and address may be edited: not under the eyes of staff who decide about them.
    pub fn takes_edits(&self) -> Result<(), NotEditable> {
        match self {
            Self::Draft | Self::Rejected { .. } | Self::Approved => Ok(()),
            Self::Submitted | Self::Suspended { .. } => Err(NotEditable(self.into_str())),
        }
    }

    /// Where the ruling leads from here; nowhere when it does not apply.
    fn rule(&self, ruling: Ruling) -> Option<Self> {
        match (self, ruling) {
            (Self::Submitted | Self::Suspended { .. }, Ruling::Approve) => Some(Self::Approved),
            (Self::Submitted, Ruling::Reject { reason }) => Some(Self::Rejected { reason }),
            (Self::Approved, Ruling::Suspend { reason }) => Some(Self::Suspended { reason }),
            (Self::Draft | Self::Approved | Self::Rejected { .. }, Ruling::Approve)
            | (
                Self::Draft | Self::Approved | Self::Rejected { .. } | Self::Suspended { .. },
                Ruling::Reject { .. },
            )
            | (
                Self::Draft | Self::Submitted | Self::Rejected { .. } | Self::Suspended { .. },
                Ruling::Suspend { .. },
            ) => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    Approve,
    /// May not.
    Reject {
        reason: String,
    },
    /// May not for now.
    Suspend {
        reason: String,
    },
}

/// What came of a decision. A fact cannot be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SellerStep {
    /// The seller stands elsewhere now.
    Moved,
    /// It was known, came too late, or does not apply here.
    Unmoved,
}

/// A status together with the latest decision that was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub status: SellerStatus,
    /// When the latest decision was made that was heard.
    pub decided_at: Option<Timestamp>,
}

impl Standing {
    /// Of somebody who has just applied.
    pub fn new() -> Self {
        Self { status: SellerStatus::Draft, decided_at: None }
    }

    pub fn submit(&mut self) -> Result<(), NotEditable> {
        self.status.takes_documents()?;
        self.status = SellerStatus::Submitted;
        Ok(())
    }

    /// Hears a decision of `at`. One that is not later than the latest changes nothing: it is the same one again,
    /// or was overtaken.
    pub fn apply(&mut self, ruling: Ruling, at: Timestamp) -> SellerStep {
        if self.decided_at.is_some_and(|latest| at <= latest) {
            return SellerStep::Unmoved;
        }
        self.decided_at = Some(at);
        match self.status.rule(ruling) {
            Some(next) => {
                self.status = next;
                SellerStep::Moved
            }
            None => SellerStep::Unmoved,
        }
    }
}

#[cfg(test)]
mod tests;
