//! An event, as generators and checks see it.

use schemars::Schema;
use serde_json::Value;

use crate::{Event, Topic};

/// One event of the catalogue.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Name and version.
    pub name: &'static str,
    /// Where it is said.
    pub topic: &'static Topic,
    /// Its JSON Schema.
    pub schema: Schema,
    /// Reads a published sample with today's type, and says it again.
    pub repeat: fn(&str) -> serde_json::Result<Value>,
}

/// The entry of an event, for the list in its speaker's file.
pub fn entry<E: Event>() -> Entry {
    Entry {
        name: E::NAME,
        topic: E::TOPIC,
        schema: schemars::schema_for!(E),
        repeat: |text| serde_json::to_value(serde_json::from_str::<E>(text)?),
    }
}

/// What a speaker says, a row for each: its type, its name, its topic, and the member whose order matters, which is the
/// record's key.
macro_rules! events {
    ($($event:ident = $name:literal on $topic:ident by $($key:ident).+;)+) => {
        $(
            impl $crate::Event for $event {
                const NAME: &'static str = $name;
                const TOPIC: &'static $crate::Topic = &$crate::topics::$topic;

                fn key(&self) -> String {
                    self.$($key).+.to_string()
                }
            }
        )+

        pub(crate) fn events() -> Vec<$crate::Entry> {
            vec![$($crate::entry::entry::<$event>()),+]
        }
    };
}

pub(crate) use events;
