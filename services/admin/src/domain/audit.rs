//! The audit trail: a chain in which every entry carries the hash of the one before.

use jiff::{SignedDuration, Timestamp};
use kernel::{SessionId, UserId};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Who did what to what, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub staff_id: UserId,
    /// In which session.
    pub session_id: SessionId,
    /// What, for example `vendor.approve`.
    pub act: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which thing.
    pub subject_id: Uuid,
    /// What it was, as JSON.
    pub before: String,
    /// What it is to be, as JSON.
    pub after: String,
    /// Why.
    pub reason: String,
    /// The hash of the entry before; empty for the first.
    pub previous_hash: String,
}

impl AuditEntry {
    /// The entry as the table keeps it, whose times have microseconds: a hash over less could never be found again.
    #[must_use]
    pub fn as_kept(self) -> Self {
        let finer = SignedDuration::from_nanos(i64::from(self.at.subsec_nanosecond() % 1_000));
        Self { at: self.at - finer, ..self }
    }

    /// SHA-256 over the entry's fields in their order, hex.
    pub fn hash(&self) -> String {
        let canonical = serde_json::to_vec(self).unwrap_or_default();
        hex::encode(Sha256::digest(canonical))
    }
}

/// Where a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is missing before this one.
    #[error("an entry is missing before {0}")]
    Missing(i64),
    /// This entry was altered.
    #[error("entry {0} was altered")]
    Altered(i64),
    /// This entry does not follow the one before.
    #[error("entry {0} does not follow the one before")]
    Reordered(i64),
}

/// Checks a whole chain, from its first entry, each with the hash kept beside it.
pub fn verify(chain: &[(AuditEntry, String)]) -> Result<(), Broken> {
    let (mut seq, mut previous) = (0, "");
    for (entry, hash) in chain {
        if entry.seq != seq + 1 {
            return Err(Broken::Missing(entry.seq));
        }
        if entry.hash() != *hash {
            return Err(Broken::Altered(entry.seq));
        }
        if entry.previous_hash != previous {
            return Err(Broken::Reordered(entry.seq));
        }
        (seq, previous) = (entry.seq, hash);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
