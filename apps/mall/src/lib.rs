//! The operator's command, and the journey of a buyer through the mall as its users see it: over HTTP only.
#![expect(missing_docs, reason = "public for e2e and xtask only; names say what they hold")]

pub mod catalogue;
pub mod client;
pub mod clock;
pub mod demo;
pub mod journey;
pub mod live;
pub mod mailbox;
pub mod onboarding;
pub mod operator;
pub mod person;
pub mod registry;
pub mod reporter;
pub mod scenarios;
pub mod seed;
pub mod settings;
pub mod supervisor;
pub mod verify;
