//! The operator's command, and the journey of a buyer through the mall as its users see it: over HTTP only.

pub mod catalogue;
pub mod client;
pub mod journey;
pub mod live;
pub mod mailbox;
pub mod onboarding;
pub mod operator;
pub mod person;
pub mod registry;
pub mod reporter;
pub mod seed;
pub mod settings;
pub mod verify;
