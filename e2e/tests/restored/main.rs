//! A database or a topic is restored from an older copy while everything else goes on: the pages under `docs/runbooks`
//! are followed word by word, and what they promise is so.

mod database;
mod topic;
mod trade;
