//! Every event there is, for generators and for checks.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::entry::Entry;
use crate::{admin, cart, email, invoice, ops, order, payment, product, rating, user, vendor};

/// Every event and command, by speaker.
pub fn catalogue() -> Vec<Entry> {
    [
        user::events(),
        vendor::events(),
        admin::events(),
        product::events(),
        cart::events(),
        order::events(),
        payment::events(),
        invoice::events(),
        rating::events(),
        email::events(),
        ops::events(),
    ]
    .concat()
}

/// Whether `name` is an event of the catalogue.
pub fn knows(name: &str) -> bool {
    static NAMES: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| catalogue().iter().map(|e| e.name).collect()).contains(name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::catalogue;
    use crate::topics;

    #[test]
    fn names_are_unique_and_versioned() {
        let names: Vec<_> = catalogue().iter().map(|e| e.name).collect();
        let distinct: BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        assert!(
            names.iter().all(|n| n
                .rsplit_once(".v")
                .is_some_and(|(_, version)| version.parse::<u32>().is_ok())),
            "{names:?}"
        );
    }

    #[test]
    fn every_topic_carries_an_event_and_every_event_has_a_listed_topic() {
        let used: BTreeSet<_> = catalogue().iter().map(|e| e.topic.name).collect();
        let listed: BTreeSet<_> = topics::ALL.iter().map(|t| t.name).collect();
        assert_eq!(used, listed);
    }
}
