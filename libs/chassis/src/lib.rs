//! The run loop and everything a service needs to say, hear and do things exactly once.
//!
//! A service is an implementation of [`Service`]; its binary is [`run()`]. Inside, [`Db::begin`] opens a unit of work,
//! [`Tx::emit`] says a fact if and only if it commits, [`EventHandler`] takes facts in exactly once, [`JobHandler`]
//! touches the world outside, [`TimerHandler`] acts when time has passed, and every no is a [`Problem`].

// What all four folders stand on.
pub mod config;
mod db;
pub mod fail;
pub mod health;
pub mod problem;
pub mod row;
pub mod s3;
pub mod seal;
pub mod telemetry;

// `runtime` knows the other three, `http` and `jobs` know `events`.
mod events;
mod http;
mod jobs;
mod runtime;

// What services are written with.
pub use db::{Db, Loan, violated};
pub use events::consumer::Consumer;
pub use events::record::Meta;
pub use events::subscriptions::{
    BatchHandler, EventHandler, InMemoryProjection, LockingHandler, Subscriptions,
};
pub use events::tx::Tx;
pub use http::extract::{Json, Path, Query};
pub use http::idempotency::{Claim, Idempotent, NoBody};
pub use http::page::{Page, PageQuery, Paging};
pub use http::{auth, etag, idempotency, page};
pub use jobs::runner::{Job, JobHandler, Jobs};
pub use jobs::timers::{BatchTimerHandler, Timer, TimerHandler, Timers};
pub use problem::{Explain, FieldError, Problem};
pub use runtime::run::run;
pub use runtime::service::{Dependencies, Service};
pub use seal::Sealer;

// What the operator's command, the generators and tests look into.
pub use events::{apply, dead_letters, kafka, outbox, reader, record, subscriptions};
pub use http::{layers, openapi};
pub use jobs::{failed as failed_jobs, janitor, runner};
pub use runtime::{ops, run};
