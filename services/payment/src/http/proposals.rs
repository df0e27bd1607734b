//! What one member of staff says and another one decides, as staff see it.

use jiff::Timestamp;
use kernel::UserId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::proposal::{ProposalStatus, Said};

/// Who said it, and who decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalView {
    /// `proposed` waits for a second member of staff.
    status: ProposalStatus,
    proposed_by: UserId,
    proposed_at: Timestamp,
    /// Who agreed, or did not; `null` where it came to nothing by itself.
    #[schema(required)]
    decided_by: Option<UserId>,
    #[schema(required)]
    decided_at: Option<Timestamp>,
}

impl From<Said> for ProposalView {
    fn from(said: Said) -> Self {
        let Said { status, proposed_by, proposed_at, decided_by, decided_at } = said;
        Self { status, proposed_by, proposed_at, decided_by, decided_at }
    }
}
