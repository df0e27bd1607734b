//! The journey through a running mall, and what can be seen of it from outside.
#![cfg(test)]

mod borders;
mod journey;
mod messages;
mod operation;
