//! Order-service, through both of its doors, over a real database, and once over a real broker.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod cancelling;
mod checkouts;
mod disputed;
mod facts;
mod fulfilment;
mod inputs;
mod late_or_lost;
mod live;
mod orders;
mod parcels;
mod paying;
mod placing;
mod projections;
mod reductions;
mod refunded;
mod reminders;
mod returns;
mod rights;
mod sold;
mod staff;
mod suspended;
mod taking_back;
mod tax_facts;
mod world;
