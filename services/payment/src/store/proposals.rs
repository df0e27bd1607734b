//! What one member of staff says and another one decides, as tables have it.

use chassis::row;
use jiff::Timestamp;
use kernel::UserId;

use crate::domain::hands::Proposal;

/// The columns of it.
#[derive(Debug)]
pub struct Columns<'a> {
    pub status: &'a str,
    pub proposed_by: UserId,
    pub proposed_at: Timestamp,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<jiff_sqlx::Timestamp>,
}

/// The proposal that a row has, whose status stands in this `column`.
pub fn read(column: &'static str, row: &Columns<'_>) -> sqlx::Result<Proposal> {
    let decided_at = row.decided_at.map(jiff_sqlx::Timestamp::to_jiff);
    Ok(Proposal {
        status: row::parse(column, row.status)?,
        proposed_by: row.proposed_by,
        proposed_at: row.proposed_at,
        decided: row.decided_by.zip(decided_at),
    })
}
