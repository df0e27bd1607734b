//! Every event there is, for generators and for checks.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use schemars::Schema;

use crate::{Event, Topic};
use crate::{admin, cart, email, invoice, ops, order, payment, product, rating, user, vendor};

/// One event of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// Name and version.
    pub name: &'static str,
    /// Where it is said.
    pub topic: &'static Topic,
    /// Its JSON Schema.
    pub schema: Schema,
    /// Its golden sample.
    pub sample: serde_json::Value,
    /// Reads a published sample with today's type.
    pub decode: fn(&str) -> Result<(), serde_json::Error>,
}

fn entry<E: Event>() -> Entry {
    Entry {
        name: E::NAME,
        topic: E::TOPIC,
        schema: schemars::schema_for!(E),
        sample: serde_json::to_value(E::sample()).unwrap_or_default(),
        decode: |text| serde_json::from_str::<E>(text).map(drop),
    }
}

/// Every event and command, by speaker.
#[must_use]
pub fn catalogue() -> Vec<Entry> {
    vec![
        entry::<user::AccountUpdated>(),
        entry::<user::ContactUpdated>(),
        entry::<user::KeyPublished>(),
        entry::<user::SessionRevoked>(),
        entry::<user::SendOtp>(),
        entry::<vendor::VendorChanged>(),
        entry::<vendor::KycSubmitted>(),
        entry::<vendor::VendorApproved>(),
        entry::<vendor::VendorRejected>(),
        entry::<vendor::VendorSuspended>(),
        entry::<admin::VendorDecided>(),
        entry::<admin::ProductModerated>(),
        entry::<admin::ReviewModerated>(),
        entry::<product::ProductUpserted>(),
        entry::<product::StockLevelChanged>(),
        entry::<product::Reserve>(),
        entry::<product::StockReserved>(),
        entry::<product::StockRejected>(),
        entry::<product::StockCommitted>(),
        entry::<product::CommitFailed>(),
        entry::<product::StockReleased>(),
        entry::<product::ReservationExpired>(),
        entry::<cart::CheckoutRequested>(),
        entry::<cart::ItemAdded>(),
        entry::<cart::ItemRemoved>(),
        entry::<order::OrderPlaced>(),
        entry::<order::OrderConfirmed>(),
        entry::<order::OrderRejected>(),
        entry::<order::OrderCancelled>(),
        entry::<order::SellerOrderAccepted>(),
        entry::<order::SellerOrderPacked>(),
        entry::<order::SellerOrderShipped>(),
        entry::<order::SellerOrderDelivered>(),
        entry::<payment::CreatePayment>(),
        entry::<payment::CancelPayment>(),
        entry::<payment::PaymentCreated>(),
        entry::<payment::PaymentFailed>(),
        entry::<payment::PaymentCaptured>(),
        entry::<payment::PaymentCancelled>(),
        entry::<payment::CodAccepted>(),
        entry::<payment::CodRefused>(),
        entry::<payment::CodCollected>(),
        entry::<payment::PaymentMismatch>(),
        entry::<invoice::InvoiceIssued>(),
        entry::<rating::ReviewSubmitted>(),
        entry::<rating::ReviewPublished>(),
        entry::<rating::ReviewRemoved>(),
        entry::<rating::RatingSummary>(),
        entry::<email::EmailSent>(),
        entry::<email::EmailBounced>(),
        entry::<ops::DeadLettered>(),
        entry::<ops::Redriven>(),
    ]
}

/// Whether `name` is an event of the catalogue.
#[must_use]
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
    fn every_sample_is_read_back_by_its_own_type() {
        for entry in catalogue() {
            (entry.decode)(&entry.sample.to_string())
                .unwrap_or_else(|e| panic!("{}: {e}", entry.name));
        }
    }

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
