//! The audit trail: a chain in which every entry carries the hash of the one before.

use kernel::{SessionId, UserId};

use super::{AuditEntry, Broken, Uuid, verify};

fn chain() -> Vec<(AuditEntry, String)> {
    let mut chain: Vec<(AuditEntry, String)> = Vec::new();
    for seq in 1..=4 {
        let previous_hash = chain.last().map(|(_, hash)| hash.clone()).unwrap_or_default();
        let entry = AuditEntry {
            seq,
            at: "2026-11-22T12:00:00Z".parse().unwrap(),
            staff_id: UserId::from_uuid(Uuid::from_u128(1)),
            session_id: SessionId::from_uuid(Uuid::from_u128(2)),
            act: "vendor.approve".into(),
            subject_kind: "vendor".into(),
            subject_id: Uuid::from_u128(u128::try_from(seq).unwrap()),
            before: "{}".into(),
            after: "{}".into(),
            reason: "documents match".into(),
            previous_hash,
        };
        let hash = entry.hash();
        chain.push((entry, hash));
    }
    chain
}

#[test]
fn an_untouched_chain_holds() {
    assert_eq!(verify(&chain()), Ok(()));
}

#[test]
fn an_alteration_a_deletion_and_a_reordering_are_each_found() {
    let mut altered = chain();
    altered[1].0.reason = "a favour".into();
    assert_eq!(verify(&altered), Err(Broken::Altered(2)));

    let mut shortened = chain();
    shortened.remove(1);
    assert_eq!(verify(&shortened), Err(Broken::Missing(3)));

    let mut swapped = chain();
    swapped.swap(1, 2);
    (swapped[1].0.seq, swapped[2].0.seq) = (2, 3);
    for place in [1, 2] {
        swapped[place].1 = swapped[place].0.hash();
    }
    assert_eq!(verify(&swapped), Err(Broken::Reordered(2)));
}

#[test]
fn an_entry_altered_together_with_its_hash_breaks_the_next_one() {
    let mut forged = chain();
    forged[1].0.reason = "a favour".into();
    forged[1].1 = forged[1].0.hash();
    assert_eq!(verify(&forged), Err(Broken::Reordered(3)));
}
