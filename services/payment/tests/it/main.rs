//! The payment service from outside: both doors, a real database, a provider that can be told to misbehave.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod access;
mod accounts;
mod cancel;
mod captures;
mod cod;
mod create;
mod credits;
mod disputes;
mod foreign;
mod four_eyes;
mod held_refunds;
mod inputs;
mod last_look;
mod ledger;
mod live;
mod once;
mod payouts;
mod poll;
mod provider;
mod race;
mod reconciliations;
mod refunder;
mod refunds;
mod release;
mod remittances;
mod retry;
mod reviews;
mod second_look;
mod stage;
mod tax_books;
mod unclaimed;
mod vendor_payouts;
mod webhooks;
mod year;
