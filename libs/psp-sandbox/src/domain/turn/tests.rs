//! One act of the provider: what it changes, and what it tells the merchant.

use super::*;

#[test]
fn a_pretence_keeps_nothing_of_its_own() {
    let mut ids = Ids::seeded(1);
    let mut turn = Turn::begin(Timestamp::UNIX_EPOCH, &mut ids);
    let real = JournalEntry::Settled { event_id: "evt_real".into(), deliveries: 1 };
    let false_one = JournalEntry::Settled { event_id: "evt_false".into(), deliveries: 1 };
    turn.keep(real.clone());
    turn.pretend(|turn| {
        turn.keep(false_one);
        Ok(())
    })
    .unwrap();
    assert_eq!(turn.finish(), [real]);
}
