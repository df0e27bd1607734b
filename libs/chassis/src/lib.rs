//! The run loop and everything a service needs to say, hear and do things exactly once.
//!
//! A service is an implementation of [`Service`]; its binary is [`run`]. Inside, [`Db::begin`] opens a unit of work,
//! [`Tx::emit`] says a fact if and only if it commits, [`Hear`] takes facts in exactly once, [`Work`] touches the world
//! outside, [`Tick`] acts when time has passed, and every no is a [`Problem`].

pub mod apply;
pub mod auth;
pub mod config;
pub mod consumer;
pub mod db;
pub mod dead_letters;
pub mod etag;
pub mod extract;
pub mod fail;
mod feed;
pub mod health;
pub mod http;
pub mod idempotency;
mod inbox;
pub mod janitor;
pub mod jobs;
pub mod kafka;
pub mod openapi;
pub mod ops;
pub mod outbox;
pub mod page;
pub mod problem;
pub mod record;
pub mod run;
pub mod s3;
pub mod seal;
pub mod service;
mod shape;
pub mod subscriptions;
pub mod telemetry;
pub mod timers;
pub mod tx;
pub mod wake;

pub use db::{Db, violated};
pub use extract::{Json, Path, Query};
pub use idempotency::{Claim, Idempotent, NoBody};
pub use jobs::{Job, JobHandler, Jobs};
pub use page::{Page, PageQuery};
pub use problem::{Explain, FieldError, Problem};
pub use record::Meta;
pub use run::run;
pub use seal::Sealer;
pub use service::{Dependencies, Service};
pub use subscriptions::{
    BatchHandler, EventHandler, InMemoryProjection, LockingHandler, Subscriptions,
};
pub use timers::{BatchTimerHandler, Timer, TimerHandler, Timers};
pub use tx::Tx;
