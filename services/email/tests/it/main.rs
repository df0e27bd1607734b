//! The email service, through its doors.
#![cfg(test)]

mod arrivals;
mod bad_input;
mod codes;
mod confirmation;
mod disputes;
mod letters;
mod live;
mod money;
mod notes;
mod payouts;
mod rates;
mod returns;
mod ruled;
mod scene;
mod server;
mod sink;
mod staff;
