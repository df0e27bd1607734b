//! What the services of Mall say to each other: every event and command, and the topics they travel on.
//!
//! One file per speaking service. Types are facts in the past tense (or requests to one receiver), versioned by
//! name and changed only by adding optional fields. See `contracts/` in the repository for the generated schemas.

pub mod admin;
pub mod cart;
mod catalogue;
pub mod email;
mod entry;
pub mod invoice;
pub mod ops;
pub mod order;
pub mod payment;
pub mod product;
pub mod rating;
pub mod topics;
pub mod user;
pub mod vendor;

use std::fmt::Debug;

pub use catalogue::{catalogue, knows};
pub use entry::Entry;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
pub use topics::{Cleanup, Topic};

/// A fact that one service tells the others, or a request to one of them.
///
/// The value on the topic is the JSON of the type; everything else travels in `CloudEvents` headers.
pub trait Event:
    Serialize + DeserializeOwned + JsonSchema + Clone + Debug + Send + Sync + 'static
{
    /// Name and version, for example `order.placed.v1`. A new meaning is a new name.
    const NAME: &'static str;
    /// Where it is said.
    const TOPIC: &'static Topic;

    /// The id whose order matters: the record's key.
    fn key(&self) -> String;
}
