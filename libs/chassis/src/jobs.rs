#![doc = include_str!("jobs/README.md")]

pub mod failed;
pub mod janitor;
pub mod runner;
mod schedule;
pub mod timers;
