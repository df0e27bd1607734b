//! The user service from outside: both doors, real servers, and once the broker.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod addresses;
mod admin;
mod bad_input;
mod codes;
mod cookies;
mod doors;
mod keys;
mod limits;
mod live;
mod memberships;
mod profile;
mod refresh;
mod second_factor;
mod sessions;
mod sign_in;
mod stage;
