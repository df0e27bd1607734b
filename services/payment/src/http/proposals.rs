//! What one member of staff says and another one decides, as staff see it.

use jiff::Timestamp;
use kernel::UserId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::hands::{Proposal, ProposalStatus};

/// Who said it, and who decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalView {
    /// `proposed` waits for a second member of staff.
    status: ProposalStatus,
    proposed_by: UserId,
    proposed_at: Timestamp,
    /// Who agreed, or did not.
    #[schema(required)]
    decided_by: Option<UserId>,
    #[schema(required)]
    decided_at: Option<Timestamp>,
}

impl From<Proposal> for ProposalView {
    fn from(said: Proposal) -> Self {
        let (decided_by, decided_at) = said.decided.unzip();
        Self {
            status: said.status,
            proposed_by: said.proposed_by,
            proposed_at: said.proposed_at,
            decided_by,
            decided_at,
        }
    }
}
