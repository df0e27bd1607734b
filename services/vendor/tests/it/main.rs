//! The vendor service, through its doors, over real `PostgreSQL`, object storage and Kafka.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod applying;
mod attacks;
mod decisions;
mod documents;
mod examined;
mod live;
mod opening;
mod payout_account;
mod profile;
mod public_page;
mod scene;
mod submitting;
mod tax_identities;
