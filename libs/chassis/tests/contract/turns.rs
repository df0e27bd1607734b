//! Batches whose handler locks before it hears.

use chassis::record::Record;
use chassis::subscriptions::{Kind, LockingHandler};
use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::Event;
use contracts::vendor::{VendorApproved, VendorRejected, VendorSuspended};

#[derive(Clone)]
struct Ears;

impl<E: Event> EventHandler<E> for Ears {
    async fn handle(&self, _: E, _: &Meta, _: &mut Tx) -> sqlx::Result<()> {
        Ok(())
    }
}

impl LockingHandler<VendorSuspended> for Ears {
    async fn lock(&self, _: &[VendorSuspended], _: &mut Tx) -> sqlx::Result<()> {
        Ok(())
    }
}

fn record(name: &str) -> Record {
    Record {
        topic: "vendors".into(),
        partition: 0,
        offset: 0,
        key: String::new(),
        payload: None,
        headers: [("ce_type".to_owned(), name.to_owned())].into(),
        timestamp_ms: 0,
    }
}

#[test]
fn a_batch_of_a_handler_that_locks_holds_one_kind_of_fact() {
    let subscriptions = Subscriptions::default()
        .handle_locking::<VendorSuspended>()
        .handle::<VendorApproved>()
        .handle::<VendorRejected>();
    let subscribed = subscriptions.of(&Ears);
    let handlers = subscribed.handlers(Kind::Effect);
    let (locked, a, b) = (VendorSuspended::NAME, VendorApproved::NAME, VendorRejected::NAME);
    for (names, end) in [
        (vec![locked, locked, "others.hear.it", locked], 4),
        (vec![locked, locked, a], 2),
        (vec![a, b, a, "others.hear.it", locked], 4),
        (vec![a, b], 2),
    ] {
        let records: Vec<Record> = names.iter().map(|name| record(name)).collect();
        assert_eq!(handlers.end_of_batch(&records), end, "{names:?}");
    }
}
