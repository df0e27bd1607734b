//! What product-service does, seen from its doors.
#![expect(clippy::expect_used, reason = "a test that cannot go on says why and stops")]

mod attacks;
mod catalogue;
mod credits;
mod document;
mod live;
mod moderation;
mod orders;
mod parcels;
mod prices;
mod races;
mod rates;
mod refusals;
mod reservations;
mod shelf;
mod stage;
mod stock;
