//! The verbs of administration: decisions, each with its entry in the audit trail. A status is read as it was heard and
//! not locked: the owner of the thing has the last word.

use chassis::Tx;
use chassis::auth::Caller;
use contracts::admin::{Decision, ProductModerated, ReviewModerated, VendorDecided};
use contracts::ops::StaffActed;
use contracts::vendor::Correction;
use kernel::EventId;
use serde_json::{Value, json};

use crate::domain::audit::AuditEntry;
use crate::domain::decide::Subject;
use crate::error::Error;
use crate::store::{audit, queues};

/// What was decided, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub decision: Decision,
    pub reason: String,
    /// What a seller that is rejected is asked to correct.
    pub corrections: Vec<Correction>,
}

impl Verdict {
    fn name(&self) -> &'static str {
        match self.decision {
            Decision::Approve => "approve",
            Decision::Reject => "reject",
            Decision::Suspend => "suspend",
            Decision::Unknown => "unknown",
        }
    }

    /// As the audit trail has it.
    fn said(&self) -> Value {
        let mut said = json!({ "decision": self.name() });
        if !self.corrections.is_empty() {
            said["corrections"] = json!(self.corrections);
        }
        said
    }
}

/// Decides about a seller, a product or a review, if it stands where that can be decided.
pub async fn decide(
    tx: &mut Tx,
    caller: &Caller,
    about: Subject,
    verdict: Verdict,
) -> Result<(), Error> {
    let status = queues::find_status(tx.conn(), about).await?.ok_or(Error::NotFound)?;
    refuse_own_seller(tx, caller, about).await?;
    if !about.takes(verdict.decision, &status) {
        return Err(Error::NotDecidable(status));
    }
    record(tx, caller, about, &status, &verdict).await?;
    let Verdict { decision, reason, corrections } = verdict;
    let (decided_by, decided_at) = (caller.user_id, tx.now());
    match about {
        Subject::Vendor(vendor_id) => {
            tx.emit(&VendorDecided {
                vendor_id,
                decision,
                reason,
                corrections,
                decided_by,
                decided_at,
            });
        }
        Subject::Product(product_id) => {
            tx.emit(&ProductModerated { product_id, decision, reason, decided_by, decided_at });
        }
        Subject::Review(review_id) => {
            tx.emit(&ReviewModerated { review_id, decision, reason, decided_by, decided_at });
        }
    }
    Ok(())
}

/// Refuses whoever acts for the seller that it is about. A token does not know yet what its holder applied for a moment
/// ago, and the seller's own word may not have been heard yet: either of them is enough.
async fn refuse_own_seller(tx: &mut Tx, caller: &Caller, about: Subject) -> Result<(), Error> {
    let seller = queues::find_seller(tx.conn(), about).await?;
    let is_own = |seller: &queues::Behind| {
        seller.members.contains(&caller.user_id) || caller.vendors.contains(&seller.vendor_id)
    };
    if seller.as_ref().is_some_and(is_own) { Err(Error::OwnSeller) } else { Ok(()) }
}

/// Appends a decision to the audit trail, in its transaction.
async fn record(
    tx: &mut Tx,
    caller: &Caller,
    about: Subject,
    status: &str,
    verdict: &Verdict,
) -> Result<(), Error> {
    let at = tx.now();
    append(tx, |seq, previous_hash| AuditEntry {
        seq,
        at,
        staff_id: caller.user_id,
        session_id: caller.session_id,
        act: format!("{}.{}", about.kind(), verdict.name()),
        subject_kind: about.kind().to_owned(),
        subject_id: about.id(),
        before: json!({ "status": status }).to_string(),
        after: verdict.said().to_string(),
        reason: verdict.reason.clone(),
        previous_hash,
    })
    .await
}

/// Appends what staff did in another service, as that service tells it; `act_id` stands for it where it is about no one thing.
pub async fn record_act(tx: &mut Tx, act_id: EventId, acted: StaffActed) -> Result<(), Error> {
    let said: Value = serde_json::from_str(&acted.said).unwrap_or_default();
    let subject = acted.subject_id.and_then(|id| id.parse().ok());
    let reason = ["reason", "words", "why"].iter().find_map(|name| said.get(name)?.as_str());
    append(tx, |seq, previous_hash| AuditEntry {
        seq,
        at: acted.at,
        staff_id: acted.staff_id,
        session_id: acted.session_id,
        subject_kind: acted.act.split('.').next().unwrap_or_default().to_owned(),
        subject_id: subject.unwrap_or(act_id.as_uuid()),
        act: acted.act,
        reason: reason.unwrap_or_default().to_owned(),
        before: Value::Null.to_string(),
        after: said.to_string(),
        previous_hash,
    })
    .await
}

/// Makes an entry the last one of the chain.
async fn append(tx: &mut Tx, entry: impl FnOnce(i64, String) -> AuditEntry) -> Result<(), Error> {
    // Acts of all staff take turns from here to the commit: an entry holds the hash of the one before.
    let (last, previous_hash) = audit::lock_head(tx.conn()).await?;
    Ok(audit::append(tx.conn(), &entry(last + 1, previous_hash).as_kept()).await?)
}
