#![doc = include_str!("events/README.md")]

pub mod apply;
pub mod consumer;
pub mod dead_letters;
pub mod feed;
mod handle;
mod hears;
mod inbox;
pub mod kafka;
pub mod outbox;
pub mod reader;
pub mod record;
pub mod subscriptions;
pub mod tx;
