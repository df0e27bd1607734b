//! What tests share: a service under test, clients of every role, the bus, and waiting for a thing itself.
//!
//! The servers are real and are named by `DATABASE_URL` and `MALL_TEST_*`; `make test` starts them and sets both.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on says why and stops"
)]

pub mod app;
pub mod bus;
pub mod client;
pub mod hostile;
pub mod live;
pub mod samples;
pub mod servers;
pub mod wait;
pub mod words;

pub use app::TestApp;
pub use bus::Bus;
pub use client::{Answer, Client};
pub use hostile::{refuses_hostile_bodies, refuses_unseen_texts};
pub use live::Live;
pub use samples::sample;
pub use wait::eventually;
pub use words::keeps_words;
