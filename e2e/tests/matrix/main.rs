//! Every operation of the published documents, asked through the gateway by everybody who may not have it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops")]

mod answer;
mod callers;
mod documents;
mod played;
mod signer;
mod table;
mod walk;
